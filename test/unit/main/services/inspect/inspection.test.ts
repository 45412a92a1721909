import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { CommandResult, SshHost } from '../../../../../main/platform/ssh'
import { shellLine } from '../../../../../main/platform/ssh/shellLine'
import { EvidenceStore } from '../../../../../main/services/evidence'
import { Inspection } from '../../../../../main/services/inspect/inspection'
import { AppError, type Reason } from '../../../../../preload/contract/error'
import { INSPECTION_PARTS } from '../../../../../preload/contract/inspect'
import type { Amphora } from '../../../../../preload/contract/loadBalancer'
import { capture } from '../../domain/captures'

const LB = '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10'
const HAPROXY = capture('amphora/haproxy.txt')
const CONFIG = '/etc/octavia/amphora-agent.conf'

type Answer = Partial<CommandResult> | Reason | undefined

/** An amphora that answers as the test says; everything else is not there. */
function bench(answer: (line: string, input?: string) => Answer) {
  const lines: string[] = []
  let running = 0
  let most = 0
  const host: Omit<SshHost, 'shell'> = {
    label: 'scripted',
    run: async (command, { input }) => {
      const line = shellLine(command)
      lines.push(line)
      running += 1
      most = Math.max(most, running)
      await new Promise((wake) => setTimeout(wake, 1))
      running -= 1
      const given = line.startsWith('date +%s') ? { stdout: '1795345414.5\n' } : answer(line, input)
      if (typeof given === 'string') throw AppError.because(given, 'scripted')
      const now = Date.now()
      const missing = { exit: 127, stderr: 'bash: line 1: x: command not found\n' }
      return {
        ...{ exit: 0, signal: undefined, stdout: '', stderr: '', truncated: false },
        ...(given ?? missing),
        ...{ startedAt: now - 1, endedAt: now },
      }
    },
    follow: () => {
      throw new Error('not here')
    },
    dial: () => Promise.resolve(new Duplex()),
  }
  let refusal: Reason | undefined
  const evidence = new EvidenceStore()
  const inspection = new Inspection({
    evidence,
    source: {
      amphorae: () => Promise.resolve([{ id: 'a', managementAddress: '10.0.0.1' } as Amphora]),
    },
    hosts: {
      connect: () =>
        refusal
          ? Promise.reject(AppError.because(refusal, 'no'))
          : Promise.resolve(host as SshHost),
      jump: () => Promise.resolve(undefined),
    },
  })
  const read = (...parts: Parameters<Inspection['read']>[3]) =>
    inspection.read('c', LB, 'a', parts, new AbortController().signal)
  return {
    ...{ inspection, evidence, lines, read },
    most: () => most,
    refuse: (reason: Reason) => (refusal = reason),
  }
}

const PASSWORD = { exit: 1, stderr: 'sudo: a password is required\n' }
const listing = (...files: [string, string][]) => ({
  exit: 1,
  stderr: 'find: ‘/etc/init’: No such file or directory\n',
  stdout: files
    .map(([path, mode], index) => `65:${String(index)} ${mode} 1795336527.5 10 ${path}\n`)
    .join(''),
})

describe('an inspection', () => {
  it('reads only what was asked for, and says of the rest that nobody asked', async () => {
    const { read, lines } = bench((line) =>
      line.startsWith('uname') ? { stdout: 'amphora-a 6.1\n' } : undefined,
    )
    const facts = await read('system')
    expect(facts.system.hostname).toMatchObject({
      value: 'amphora-a',
      evidence: expect.any(String) as string,
    })
    expect(facts.system.disks).toMatchObject({ unknown: 'ssh.commandMissing' })
    expect(facts.services).toEqual({ unknown: 'notYet' })
    expect(lines.some((line) => line.includes('systemctl list-units'))).toBe(false)
  })

  it('runs five commands at a time, however many readings there are', async () => {
    const { read, most } = bench(() => undefined)
    await Promise.all([read(...INSPECTION_PARTS), read(...INSPECTION_PARTS)])
    expect(most()).toBe(5)
  })

  it('goes on without sudo where that is enough, and names what it needs sudo for', async () => {
    const haproxy = `/var/lib/octavia/${LB}/haproxy.cfg`
    const { read } = bench((line) => {
      if (line.startsWith('sudo')) return PASSWORD
      if (line.startsWith('find /var/lib/octavia /etc'))
        return listing([CONFIG, '644'], [haproxy, '600'])
      if (line.startsWith('head --verbose --bytes'))
        return {
          exit: 1,
          stdout: `==> ${CONFIG} <==\n[a]\nheartbeat_key = deep\n`,
          stderr: `head: cannot open '${haproxy}' for reading: Permission denied\n`,
        }
      return undefined
    })
    const facts = await read('files', 'namespace')
    expect(facts.files).toMatchObject({
      value: [
        {
          path: CONFIG,
          digest: expect.stringMatching(/^[0-9a-f]{8}:[0-9a-f]{64}$/) as string,
          text: '[a]\nheartbeat_key = ‹removed›\n',
          redacted: ['heartbeat_key'],
        },
      ],
    })
    expect(facts.unreadFiles).toEqual([{ path: haproxy, reason: 'ssh.sudo' }])
    expect(facts.namespace.interfaces).toMatchObject({ unknown: 'ssh.sudo' })
    expect(facts.namespace.outerInterfaces).toMatchObject({ unknown: 'ssh.commandMissing' })
  })

  it('never asks for a file whose name is not one of ours', async () => {
    const { read, lines } = bench((line) =>
      line.includes('find /var/lib/octavia /etc')
        ? listing([CONFIG, '644'], ['/etc/octavia/certs/server.pem', '600'], ['/etc/shadow', '600'])
        : undefined,
    )
    await read('files')
    expect(lines.join('\n')).not.toMatch(/shadow|server\.pem/)
  })

  it('asks haproxy through python where there is no socat, each listener of old releases by itself', async () => {
    const ids = [LB, '4f9c2a6d-3b1e-4c8f-a2d7-6e5b4a392817']
    const asked: (string | undefined)[] = []
    const { read } = bench((line, input) => {
      if (line.startsWith('find'))
        return { stdout: `${ids.map((id) => `${id}.sock`).join('\n')}\nx.sock\n` }
      if (!line.startsWith('python3 -c')) return undefined
      asked.push(input)
      return { stdout: HAPROXY }
    })
    const { haproxy } = await read('haproxy')
    expect(haproxy.stat).toMatchObject({ value: { length: 8 } })
    expect(haproxy.info).toMatchObject({ value: { Name: 'HAProxy' } })
    expect(asked).toEqual(Array(2).fill('show info;show stat;show servers state;show peers\n'))
  })

  it('shows the question beside the command', async () => {
    const { read, evidence } = bench((line) => {
      if (line.startsWith('find')) return { stdout: `${LB}.sock\n` }
      return line.startsWith('socat') ? { stdout: HAPROXY } : undefined
    })
    const { haproxy } = await read('haproxy')
    const { source } = evidence.read(haproxy.stat.evidence!)
    expect(source).toMatchObject({
      command: `socat -t 5 stdio UNIX-CONNECT:/var/lib/octavia/${LB}.sock <<< 'show info;show stat;show servers state;show peers'`,
    })
  })

  it.each([
    [
      'nobody listens',
      { exit: 1, stderr: 'E connect: Connection refused\n' },
      'amphora.haproxyDown',
    ],
    ['there is no answer', { exit: 0, stdout: '' }, 'amphora.haproxySilent'],
    ['it times out', { exit: 1, stderr: 'TimeoutError: timed out\n' }, 'amphora.haproxySilent'],
  ])('says of haproxy that %s', async (_what, answer, reason) => {
    const { read } = bench((line) =>
      line.startsWith('find') ? { stdout: `${LB}.sock\n` } : answer,
    )
    expect((await read('haproxy')).haproxy.stat).toMatchObject({ unknown: reason })
  })

  it('is unknown as a whole without a connection, and asks nothing more when it is lost', async () => {
    const refused = bench(() => undefined)
    refused.refuse('ssh.authentication')
    const none = await refused.read('namespace', 'agent')
    expect(none.clock).toMatchObject({ unknown: 'ssh.authentication' })
    expect(none.agent.settings).toMatchObject({ unknown: 'ssh.authentication' })
    expect(none.system.load).toEqual({ unknown: 'notYet' })

    const lost = bench(() => 'ssh.lost')
    const facts = await lost.read(...INSPECTION_PARTS)
    expect(facts.namespace.nft).toMatchObject({ unknown: 'ssh.lost' })
    expect(lost.lines.length).toBeLessThan(12)
  })

  it('bears one command that hangs', async () => {
    const { read } = bench((line) =>
      line.includes('df -PTB1')
        ? 'ssh.timeout'
        : line.startsWith('uname')
          ? { stdout: 'a b\n' }
          : undefined,
    )
    const { system } = await read('system')
    expect(system.disks).toMatchObject({ unknown: 'ssh.timeout' })
    expect(system.hostname).toMatchObject({ value: 'a' })
  })

  it('calls an answer that was cut no answer', async () => {
    const { read } = bench(() => ({ stdout: '[{"dst":"default"', truncated: true }))
    expect((await read('namespace')).namespace.routes).toMatchObject({
      unknown: 'answer.malformed',
    })
  })

  it('takes heartbeats for so long as every controller needs', async () => {
    const { read, lines } = bench((line) => {
      if (line.includes('cat /etc/octavia'))
        return {
          stdout:
            '[health_manager]\ncontroller_ip_port_list = 10.0.0.1:5555, 10.0.0.2:5556\nheartbeat_interval = 3\n',
        }
      if (line.includes('tcpdump')) return { exit: 124, stderr: 'listening on any, link-type x\n' }
      return undefined
    })
    const { agent } = await read('agent')
    expect(lines.find((line) => line.includes('tcpdump'))).toContain(
      'timeout 9 tcpdump -n -tt -q -l -i any -c 2 udp dst port 5555 or udp dst port 5556',
    )
    expect(agent.heartbeats).toMatchObject({ value: { targets: [] } })
    expect(agent.heartbeatKeyDigest).toMatchObject({ value: '' })
  })

  it('fails for an amphora that is not one of the load balancer', async () => {
    const { inspection } = bench(() => undefined)
    const reading = inspection.read('c', LB, 'other', ['system'], new AbortController().signal)
    await expect(reading).rejects.toMatchObject({ reason: 'amphora.gone' })
  })

  it('lets go of what a live view has shown, but for the last readings', async () => {
    const { inspection, evidence } = bench((line) => {
      if (line.startsWith('find')) return { stdout: `${LB}.sock\n` }
      return line.startsWith('socat') ? { stdout: HAPROXY } : undefined
    })
    const stop = new AbortController()
    const records: string[] = []
    for await (const { haproxy } of inspection.follow('c', LB, 'a', 1, stop.signal)) {
      records.push(haproxy.stat.evidence!)
      if (records.length === 25) stop.abort()
    }
    expect(() => evidence.read(records[0]!)).toThrow(AppError)
    expect(evidence.read(records.at(-1)!).stdout).toBe(HAPROXY)
  })
})
