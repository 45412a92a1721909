import { describe, expect, it } from 'vitest'
import { shellLine } from '../../../../../main/platform/ssh/shellLine'
import { display } from '../../../../../main/services/commands'
import { CONFIG_PATH } from '../../../../../main/services/inspect/configPaths'
import {
  haproxyQuestion,
  inspectionCommands as commands,
} from '../../../../../main/services/inspect/commands'
import type { Command } from '../../../../../main/platform/ssh'
import { AppError } from '../../../../../preload/contract/error'
import { HOSTILE, received } from '../../../../support/hostile'

const ID = '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10'
const CONFIG = '/var/lib/octavia/vrrp/octavia-keepalived.conf'

/** What looks right at its beginning, and is not. */
const NEARLY = [
  ...[`${ID}.sock`, `${ID}/../x`, `${ID}\n${ID}`, `${ID.toUpperCase()} `, `../${ID}`],
  ...['eth1 ', 'eth1;reboot', 'eth1\nlo', '-i', 'eth$(x)', 'an-interface-name-too-long', 'eth/1'],
  ...[
    `${CONFIG}.bak`,
    `${CONFIG} /etc/shadow`,
    `/x${CONFIG}`,
    `${CONFIG}\n`,
    '/etc/octavia/octavia.conf',
  ],
  ...[
    '/var/lib/octavia/certs/x/y.pem',
    '/etc/octavia/certs/server.pem',
    '/etc/octavia/interfaces/../../shadow',
  ],
  ...['/etc/octavia/certs/../../shadow', '/etc/octavia/certs/a/b.pem', '/etc/octavia/certs/-x'],
  ...['/etc/octavia/certs/a.pem\n', '/etc/octavia/certs/a b.pem', 'server.pem'],
  ...[
    'octavia-keepalived.service;x',
    '--all',
    'inet6 ',
    'inet;x',
    'socat ',
    'python3;x',
    'show sess',
  ],
]

const text = (value: string) => value as never

/** Every command with a parameter, each of its parameters in turn. */
const BUILDERS: Record<string, (value: string) => Command> = {
  rules: (value) => commands.rules(text(value)),
  serviceStates: (value) => commands.serviceStates([value]),
  contents: (value) => commands.contents([value]),
  'contents without sudo': (value) => commands.contents([CONFIG, value], false),
  'tool of haproxySocket': (value) => commands.haproxySocket(text(value), ID),
  'haproxySocket by socat': (value) => commands.haproxySocket('socat', value),
  'haproxySocket by python3': (value) => commands.haproxySocket('python3', value),
  certificate: (value) => commands.certificate(value),
  agentLog: (value) => commands.agentLog(text(value)),
  'heartbeats for so long': (value) =>
    commands.heartbeats({ seconds: text(value), packets: 1, ports: [] }),
  'so many heartbeats': (value) =>
    commands.heartbeats({ seconds: 5, packets: text(value), ports: [] }),
  'heartbeats to a port': (value) =>
    commands.heartbeats({ seconds: 5, packets: 1, ports: [text(value)] }),
  vrrpCapture: (value) => commands.vrrpCapture(value),
}

describe('hostile names, ids, paths and interfaces', () => {
  it('come in more than 200 kinds', () => {
    expect(new Set([...HOSTILE, ...NEARLY]).size).toBeGreaterThan(240)
  })

  it.each(Object.entries(BUILDERS))(
    'are one word of %s as they are, or are refused',
    (_name, build) => {
      for (const value of [...HOSTILE, ...NEARLY]) {
        let command
        try {
          command = build(value)
          shellLine(command)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect(error).toMatchObject({ code: 'invalidInput' })
          continue
        }
        expect(command.argv.some((word) => word.includes(value))).toBe(true)
        expect(received(command)).toEqual(command.argv)
      }
    },
  )

  it('are no questions to haproxy', () => {
    for (const value of [...HOSTILE, ...NEARLY])
      expect(() => haproxyQuestion(text(value))).toThrow(AppError)
  })
})

describe('the table of the inspection', () => {
  const whole = {
    ...commands,
    rules: () => commands.rules('inet6'),
    serviceStates: () => commands.serviceStates([`haproxy-${ID}.service`]),
    contents: () => commands.contents([CONFIG]),
    haproxySocket: () => commands.haproxySocket('python3', ID),
    certificate: () => commands.certificate('/etc/octavia/certs/server.pem'),
    agentLog: () => commands.agentLog(500),
    heartbeats: () => commands.heartbeats({ seconds: 25, packets: 20, ports: [5555, 5556] }),
    vrrpCapture: () => commands.vrrpCapture('eth1'),
  }

  it.each(Object.entries(whole))('%s only looks, and is one line to a shell', (_name, make) => {
    const command = make()
    expect(command.access).toBe('reads')
    expect(received(command)).toEqual(command.argv)
  })

  it('shows what it runs', () => {
    expect([whole.heartbeats(), whole.certificate(), commands.conntrack()].map(display)).toEqual([
      'sudo -n timeout 25 tcpdump -n -tt -q -l -i any -c 20 udp dst port 5555 or udp dst port 5556',
      'sudo -n openssl x509 -noout -subject -issuer -serial -dates -text -certopt no_version,no_serial,no_signame,no_validity,no_subject -certopt no_issuer,no_pubkey,no_sigdump,no_aux -in /etc/octavia/certs/server.pem',
      'sudo -n ip netns exec amphora-haproxy cat /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max',
    ])
    expect(commands.haproxySocket('socat', ID).argv.at(-1)).toBe(
      `UNIX-CONNECT:/var/lib/octavia/${ID}.sock`,
    )
  })

  it.each([
    ['a capture of 26 seconds', { seconds: 26, packets: 1, ports: [] }],
    ['21 packets', { seconds: 5, packets: 21, ports: [] }],
    ['port 0', { seconds: 5, packets: 1, ports: [0] }],
    ['port 65536', { seconds: 5, packets: 1, ports: [65_536] }],
    ['half a second', { seconds: 0.5, packets: 1, ports: [] }],
  ])('refuses %s', (_what, order) => {
    expect(() => commands.heartbeats(order)).toThrow(AppError)
  })

  it.each([
    `/var/lib/octavia/${ID}/haproxy.cfg`,
    `/var/lib/octavia/${ID}/haproxy.cfg.new-failed`,
    CONFIG,
    '/var/lib/octavia/vrrp/check_scripts/haproxy_check_script.sh',
    `/var/lib/octavia/lvs/octavia-keepalivedlvs-${ID}.conf`,
    '/etc/octavia/amphora-agent.conf',
    '/etc/octavia/interfaces/eth1.json',
    '/etc/netns/amphora-haproxy/network/interfaces.d/eth1.cfg',
    '/etc/sysconfig/network-scripts/rule6-eth1',
    '/lib/systemd/system/octavia-keepalived.service',
    `/usr/lib/systemd/system/haproxy-${ID}.service`,
    '/etc/init/octavia-keepalived.conf',
  ])('reads %s', (path) => {
    expect(CONFIG_PATH.test(path)).toBe(true)
    expect(commands.contents([path]).argv.at(-1)).toBe(path)
  })

  it('never reads keys', () => {
    for (const path of [
      ...['/etc/octavia/certs/server.pem', `/var/lib/octavia/certs/${ID}/${'a'.repeat(40)}.pem`],
      ...['/etc/shadow', '/etc/octavia/octavia.conf', '/root/.ssh/id_ed25519'],
    ])
      expect(() => commands.contents([path])).toThrow(AppError)
  })
})
