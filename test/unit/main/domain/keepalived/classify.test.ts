import { describe, expect, it } from 'vitest'
import { classify } from '../../../../../main/domain/keepalived/classify'
import { capture } from '../captures'

const I = '7a1f3c5294c44d6e9a1b0c5d3e7f8a10'

describe('classify', () => {
  it.each([
    ['(I) Entering MASTER STATE', { meaning: 'enterMaster', state: 'MASTER' }],
    ['VRRP_Instance(I) Entering MASTER STATE', { meaning: 'enterMaster', state: 'MASTER' }],
    ['VRRP_Instance(I): Entering BACKUP STATE', { meaning: 'enterBackup', state: 'BACKUP' }],
    ['(I) Entering BACKUP STATE (init)', { meaning: 'enterBackup', state: 'BACKUP' }],
    ['VRRP_Instance(I) Now in FAULT state', { meaning: 'enterFault', state: 'FAULT' }],
    ['(I) Entering FAULT STATE', { meaning: 'enterFault', state: 'FAULT' }],
    [
      '(I): entering FAULT state due to script check_script',
      { meaning: 'enterFault', state: 'FAULT', script: 'check_script' },
    ],
    [
      '(I): entering FAULT state (interface eth1 down)',
      { meaning: 'enterFault', state: 'FAULT', interface: 'eth1' },
    ],
    [
      '(I) entering FAULT state (no IPv4 address for interface)',
      { meaning: 'enterFault', state: 'FAULT' },
    ],
    ['VRRP_Instance(I) Transition to MASTER STATE', { meaning: 'other' }],
    [
      '(I) Master received advert from 10.0.0.1 with higher priority 100, ours 90',
      { meaning: 'higherPriority', peer: '10.0.0.1', priority: 100, ownPriority: 90 },
    ],
    [
      '(I) Master received advert from 10.0.0.1 with same priority 100 but higher IP address than ours',
      { meaning: 'higherPriority', peer: '10.0.0.1' },
    ],
    [
      'VRRP_Instance(I) Received higher prio advert 100',
      { meaning: 'higherPriority', priority: 100 },
    ],
    [
      'VRRP_Instance(I) Master received advert with higher priority 100, ours 90',
      { meaning: 'higherPriority', priority: 100, ownPriority: 90 },
    ],
    [
      '(I) Received advert from fe80::1 with lower priority 90, ours 100, forcing new election',
      { meaning: 'lowerPriority', peer: 'fe80::1', priority: 90, ownPriority: 100 },
    ],
    [
      '(I) received lower priority (90) advert from 10.0.0.2 - discarding',
      { meaning: 'lowerPriority', peer: '10.0.0.2', priority: 90 },
    ],
    [
      'VRRP_Instance(I) Received lower prio advert, forcing new election',
      { meaning: 'lowerPriority' },
    ],
    ['(I) Backup received priority 0 advertisement', { meaning: 'priorityZero' }],
    ['(I) Master received priority 0 or lower priority advert', { meaning: 'priorityZero' }],
    ['VRRP_Instance(I) sent 0 priority', { meaning: 'priorityZero' }],
    ['(I) setting VIPs.', { meaning: 'vipSet' }],
    ['VRRP_Instance(I) removing protocol E-VIPs.', { meaning: 'vipRemoved' }],
    ['(I) setting Virtual Routes', { meaning: 'other' }],
    [
      '(I) Sending/queueing gratuitous ARPs on eth1 for 10.0.0.9',
      { meaning: 'gratuitousArp', interface: 'eth1', address: '10.0.0.9' },
    ],
    ['(I) received an invalid passwd!', { meaning: 'mismatch' }],
    ['(I) received an invalid passwd from 10.0.0.2!', { meaning: 'mismatch', peer: '10.0.0.2' }],
    ['VRRP_Instance(I): received an invalid passwd!', { meaning: 'mismatch' }],
    [
      '(I) ip address associated with VRID 1 not present in MASTER advert : 10.0.0.9',
      { meaning: 'mismatch', address: '10.0.0.9' },
    ],
    [
      '(I) ip address associated with VRID 1 not present in advert from 10.0.0.2: 10.0.0.9',
      { meaning: 'mismatch', peer: '10.0.0.2', address: '10.0.0.9' },
    ],
    ["(I) advertisement interval mismatch mine=3 sec rcv'd=1 sec", { meaning: 'mismatch' }],
    [
      "(I) advertisement interval mismatch with 10.0.0.2 mine=3 sec rcv'd=1 sec",
      { meaning: 'mismatch', peer: '10.0.0.2' },
    ],
    [
      '(I) unicast source address 10.0.0.7 not a unicast peer',
      { meaning: 'mismatch', peer: '10.0.0.7' },
    ],
    [
      '(I) Warning - nopreempt will not work with initial state MASTER - clearing',
      { meaning: 'other' },
    ],
  ])('understands %j of an instance', (message, expected) => {
    expect(classify(message)).toEqual({ instance: 'I', ...expected })
  })

  it.each([
    [
      'VRRP_Script(check_script) failed (exited with status 1)',
      { meaning: 'scriptFailed', script: 'check_script', exitStatus: 1 },
    ],
    [
      'VRRP_Script(check_script) failed (due to signal 9)',
      { meaning: 'scriptFailed', script: 'check_script', signal: 9 },
    ],
    ['VRRP_Script(check_script) failed', { meaning: 'scriptFailed', script: 'check_script' }],
    ['VRRP_Script(check_script) timed_out', { meaning: 'scriptFailed', script: 'check_script' }],
    [
      'VRRP_Script(check_script) considered unsuccessful on reload',
      { meaning: 'scriptFailed', script: 'check_script' },
    ],
    ['VRRP_Script(check_script) succeeded', { meaning: 'scriptSucceeded', script: 'check_script' }],
    [
      'Script `check_script` now returning 1',
      { meaning: 'scriptChanged', script: 'check_script', exitStatus: 1 },
    ],
    ['Netlink reports eth1 down', { meaning: 'linkDown', interface: 'eth1' }],
    ['Kernel is reporting: interface eth1 UP', { meaning: 'linkUp', interface: 'eth1' }],
    ['bogus VRRP packet received on eth1 !!!', { meaning: 'mismatch', interface: 'eth1' }],
    [
      'Unknown VRID(7) received on interface(eth1) from 10.0.0.2. ignoring...',
      { meaning: 'mismatch', interface: 'eth1', peer: '10.0.0.2' },
    ],
    ['A thread timer expired 5.655203 seconds ago', { meaning: 'starved', lateSeconds: 5.655203 }],
    ['VRRP child process(508) died: Respawning', { meaning: 'died', pid: 508 }],
    [
      'pid 508 exited due to signal 9 (Killed) - has rlimit_rttime been exceeded?',
      { meaning: 'died', pid: 508, signal: 9 },
    ],
    ['pid 5 exited with permanent error CONFIG. Terminating', { meaning: 'died', pid: 5 }],
    [
      "(/var/lib/octavia/vrrp/octavia-keepalived.conf: Line 14) Unknown keyword 'acceptt'",
      { meaning: 'configProblem', configLine: 14 },
    ],
    ['Starting Keepalived v2.2.7 (01/16,2022)', { meaning: 'starting', version: '2.2.7' }],
    ['Stopping', { meaning: 'stopping' }],
    ['Stopped', { meaning: 'stopped' }],
    ['Stopped - used 0.1/0.2 user time, 0/0 system time', { meaning: 'stopped' }],
    ['Stopped Keepalived v2.2.7 (01/16,2022)', { meaning: 'stopped', version: '2.2.7' }],
    ['Reloading ...', { meaning: 'reloading' }],
    [
      'Stopping octavia-keepalived.service - Keepalive Daemon (LVS and VRRP)...',
      { meaning: 'stopping', unit: 'octavia-keepalived.service' },
    ],
    [
      'Stopping Keepalive Daemon (LVS and VRRP)...',
      { meaning: 'stopping', unit: 'Keepalive Daemon (LVS and VRRP)' },
    ],
    [
      'Started octavia-keepalived.service - Keepalive Daemon (LVS and VRRP).',
      { meaning: 'starting', unit: 'octavia-keepalived.service' },
    ],
    [
      'octavia-keepalived.service: Main process exited, code=killed, status=9/KILL',
      { meaning: 'died', unit: 'octavia-keepalived.service', signal: 9 },
    ],
    [
      'octavia-keepalived.service: main process exited, code=exited, status=2/INVALIDARGUMENT',
      { meaning: 'died', unit: 'octavia-keepalived.service', exitStatus: 2 },
    ],
    [
      'octavia-keepalived.service: Succeeded.',
      { meaning: 'stopped', unit: 'octavia-keepalived.service' },
    ],
    ["Script user 'keepalived_script' does not exist", { meaning: 'noise' }],
    ['something new in keepalived 3', { meaning: 'other' }],
    ['', { meaning: 'other' }],
  ])('understands %j of a process', (message, expected) => {
    expect(classify(message)).toEqual(expected)
  })

  it('has a meaning for every line keepalived 2.2.7 was seen to write', () => {
    const seen = capture('pair/keepalived-2.2.7-messages.txt')
      .split('\n')
      .flatMap(
        (line) => /^(?:Keepalived\S*|systemd) +prio=\d x\d+ {2,4}(.*)$/.exec(line)?.[1] ?? [],
      )
    const unknown = seen
      .map((message) =>
        message
          .replaceAll('<INSTANCE>', I)
          .replaceAll(/<(?:N|PID)>/g, '90')
          .replaceAll('<S>', '2.5')
          .replaceAll('<IP>', '10.0.0.1'),
      )
      .filter((message) => classify(message).meaning === 'other')
    expect(unknown).toEqual([
      'Restart of VRRP process delayed 0 seconds to limit respawn rate',
      `(${I}) Warning - nopreempt will not work with initial state MASTER - clearing`,
      'Netlink: error: No such process(90), type=RTM_DELROUTE(25), seq=90, pid=90',
      'octavia-keepalived.service: Unit process 90 (keepalived) remains running after unit stopped.',
    ])
  })
})
