import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { list, signIn, text } from './api'
import type { Follower, Shell } from './shell'
import type { Target } from './target'
import { report, TARGETS } from './targets'

const KEEPALIVED = 'octavia-keepalived.service'
const MONITOR = 'sudo -n timeout 60 ip -n amphora-haproxy -ts -o monitor address'
const JOURNAL = `sudo -n timeout 60 journalctl -f -n 0 -o json -u ${KEEPALIVED}`
/** journald may not know any more to which unit a process belonged that ended with its last words: it is asked by name. */
const WORDS = 'sudo -n timeout 60 journalctl -f -n 0 -o json -t Keepalived -t Keepalived_vrrp'

interface Entry {
  at: number
  who: string
  message: string
}

describe.each(TARGETS)('A failover in the $name', ({ name, open }) => {
  let target: Target
  let vip: string
  let instance: string
  let owner: { shell: Shell; address: string }
  let peer: { shell: Shell; address: string }

  beforeAll(async () => {
    target = await open()
    const admin = await signIn(target, target.admin)
    const found = await admin.octavia('GET', '/v2.0/lbaas/loadbalancers?name=lb1')
    const lb1 = found.body['loadbalancers']![0]!
    vip = text(lb1['vip_address'])
    instance = text(lb1['id']).replaceAll('-', '')
    const amphorae = list(
      (await admin.octavia('GET', `/v2.0/octavia/amphorae?loadbalancer_id=${text(lb1['id'])}`))
        .body['amphorae'],
    )
    const side = async (role: string) => {
      const amphora = amphorae.find((each) => text(each['role']) === role)!
      return {
        shell: await target.connect(text(amphora['lb_network_ip'])),
        address: text(amphora['vrrp_ip']),
      }
    }
    owner = await side('MASTER')
    peer = await side('BACKUP')
  }, 60_000)
  afterAll(async () => {
    owner.shell.close()
    peer.shell.close()
    await target.close()
  })

  test(
    'moves the VIP when keepalived stops on its owner, and back when it starts',
    { timeout: 60_000 },
    async () => {
      const [ownerMonitor, peerMonitor, ownerJournal, ownerWords, peerJournal] = await Promise.all([
        owner.shell.follow(MONITOR),
        peer.shell.follow(MONITOR),
        owner.shell.follow(JOURNAL),
        owner.shell.follow(WORDS),
        peer.shell.follow(JOURNAL),
      ])
      await pause(1500)

      const stopped = await owner.shell.run(`sudo -n systemctl stop ${KEEPALIVED}`)
      const gone = await peerMonitor.until(gained(vip))
      const dead = await owner.shell.run(`systemctl is-active ${KEEPALIVED}`)
      await pause(1500)
      const started = await owner.shell.run(`sudo -n systemctl start ${KEEPALIVED}`)
      const back = await ownerMonitor.until(gained(vip))
      await peerMonitor.until(lost(vip))
      await peerJournal.until(/Entering BACKUP STATE/)
      await ownerWords.until(/Entering MASTER STATE/)
      await pause(500)
      for (const follower of [ownerMonitor, peerMonitor, ownerJournal, ownerWords, peerJournal])
        follower.stop()

      expect(stopped).toEqual({ exit: 0, stdout: '', stderr: '' })
      expect(dead).toEqual({ exit: 3, stdout: 'inactive\n', stderr: '' })
      expect(started).toEqual({ exit: 0, stdout: '', stderr: '' })

      const left = ownerMonitor.lines.find(({ text: line }) => lost(vip).test(line))!
      const gap = stamp(gone.text) - stamp(left.text)
      report(name, 'gap without an owner', gap)
      expect(gap).toBeGreaterThan(600)
      expect(gap).toBeLessThan(900)

      const ownerLines = entries(ownerWords)
      const systemd = of(entries(ownerJournal), 'systemd')
      const peerLines = entries(peerJournal)
      const says = (words: string) => `(${instance}) ${words}`
      const began = ownerLines.find(({ message }) => message === says('Entering BACKUP STATE'))!
      const regained = stamp(back.text) - began.at
      report(name, 'BACKUP to MASTER after the start', regained)
      expect(regained).toBeGreaterThan(3500)
      expect(regained).toBeLessThan(3900)

      expect(of(ownerLines, 'Keepalived')).toEqual([
        'Stopping',
        'Stopped Keepalived v2.2.7 (01/16,2022)',
        'Starting Keepalived v2.2.7 (01/16,2022)',
        expect.stringMatching(/^Running on Linux \S+ /) as string,
        "Command line: '/usr/sbin/keepalived' '--log-facility=1' '-f'",
        "              '/var/lib/octavia/vrrp/octavia-keepalived.conf' '-p'",
        "              '/var/lib/octavia/vrrp/octavia-keepalived.pid'",
        'Configuration file /var/lib/octavia/vrrp/octavia-keepalived.conf',
        'NOTICE: setting config option max_auto_priority should result in better keepalived performance',
        expect.stringMatching(/^Starting VRRP child process, pid=\d+$/) as string,
        'Startup complete',
      ])
      const discarded = says(
        'received lower priority (90) advert from '.concat(peer.address, ' - discarding'),
      )
      expect(of(ownerLines, 'Keepalived_vrrp').filter((message) => message !== discarded)).toEqual([
        'Stopped',
        "Script user 'keepalived_script' does not exist",
        'SECURITY VIOLATION - scripts are being executed but script_security not enabled.',
        says('Warning - nopreempt will not work with initial state MASTER - clearing'),
        'VRRP_Script(check_script) succeeded',
        says('Entering BACKUP STATE'),
        says('Entering MASTER STATE'),
      ])
      const heard = of(ownerLines, 'Keepalived_vrrp').filter(
        (message) => message === discarded,
      ).length
      expect([3, 4]).toContain(heard)
      expect(systemd.filter((message) => !optional(message))).toEqual([
        `Stopping ${KEEPALIVED} - Keepalive Daemon (LVS and VRRP)...`,
        `${KEEPALIVED}: Deactivated successfully.`,
        `Stopped ${KEEPALIVED} - Keepalive Daemon (LVS and VRRP).`,
        `Starting ${KEEPALIVED} - Keepalive Daemon (LVS and VRRP)...`,
        `Started ${KEEPALIVED} - Keepalive Daemon (LVS and VRRP).`,
      ])
      expect(peerLines.map(({ message }) => message)).toEqual([
        says('Entering MASTER STATE'),
        says(`Master received advert from ${owner.address} with higher priority 100, ours 90`),
        says('Entering BACKUP STATE'),
      ])

      const lasted =
        ownerLines.find(({ message }) => message.startsWith('Stopped Keepalived'))!.at -
        ownerLines[0]!.at
      report(name, 'keepalived takes to stop', lasted)
      expect(lasted).toBeGreaterThan(900)
      expect(lasted).toBeLessThan(1500)
    },
  )

  test(
    'writes each move of the VIP as one line with microseconds',
    { timeout: 60_000 },
    async () => {
      const monitor = await peer.shell.follow(MONITOR)
      await pause(1500)
      await owner.shell.run(`sudo -n systemctl restart ${KEEPALIVED}`)
      await monitor.until(lost(vip))
      monitor.stop()

      const moves = monitor.lines.map(({ text: line }) => line).filter((line) => line.includes(vip))
      expect(moves).toEqual([
        expect.stringMatching(
          new RegExp(
            `^\\[[-\\d]{10}T[:\\d]{8}\\.\\d{6}\\] 3: eth1    inet ${vip}/32 scope global eth1\\\\ {7}valid_lft forever preferred_lft forever$`,
          ),
        ) as string,
        expect.stringMatching(
          new RegExp(
            `^\\[[-\\d]{10}T[:\\d]{8}\\.\\d{6}\\] Deleted 3: eth1    inet ${vip}/32 scope global eth1\\\\ {7}valid_lft forever preferred_lft forever$`,
          ),
        ) as string,
      ])
    },
  )
})

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

const gained = (vip: string): RegExp => new RegExp(`^\\[[^\\]]*\\] \\d+: eth1 +inet ${vip}/32`)
const lost = (vip: string): RegExp =>
  new RegExp(`^\\[[^\\]]*\\] Deleted \\d+: eth1 +inet ${vip}/32`)

/** Milliseconds out of `[2026-11-22T11:05:05.267392]`. */
function stamp(line: string): number {
  const [, seconds = '', micros = ''] = /^\[(.{19})\.(\d{6})\]/.exec(line) ?? []
  return Date.parse(`${seconds}Z`) + Number(micros) / 1000
}

const entries = (journal: Follower): Entry[] =>
  journal.lines
    .map(({ text: line }) => {
      const entry = JSON.parse(line) as Record<string, string>
      return {
        at: Number(entry['_SOURCE_REALTIME_TIMESTAMP']) / 1000,
        who: entry['SYSLOG_IDENTIFIER']!,
        message: entry['MESSAGE']!,
      }
    })
    .sort((one, other) => one.at - other.at)

const of = (lines: Entry[], who: string): string[] =>
  lines.filter((entry) => entry.who === who).map(({ message }) => message)

/** Depends on the load and on who is faster; see differences.ts. */
const optional = (message: string): boolean =>
  /Consumed .* CPU time|Can't open PID file/.test(message)
