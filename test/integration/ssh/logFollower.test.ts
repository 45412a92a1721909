import {
  copyFileSync,
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogLine } from '../../../preload/contract/pair'
import { Ssh2 } from '../../../main/platform/ssh2'
import { LogFollower, type LogItem, type LogSubject } from '../../../main/services/logFollower'
import { FakeJournal } from '../../support/fakeJournal'
import { anOperator, aRoute, aServer } from '../../support/sshOperator'
import { inShell, sshServer, type OnCommand, type TestSshServer } from '../../support/sshServer'

let server: TestSshServer
let ssh: Ssh2
let abort: AbortController
let seen: LogLine[]
let states: string[]

beforeEach(() => {
  abort = new AbortController()
  seen = []
  states = []
})
afterEach(async () => {
  abort.abort()
  ssh.closeAll()
  await server.close()
})

async function follower(onCommand: OnCommand): Promise<LogFollower> {
  server = await sshServer({ onCommand })
  ssh = new Ssh2(anOperator())
  const hosts = {
    connect: (_cloud: string, _amphora: unknown, signal: AbortSignal) =>
      ssh.connect(aRoute(aServer(server.port)), signal),
    jump: () => Promise.resolve(undefined),
  }
  return new LogFollower(hosts, { firstPauseMs: 5, longestPauseMs: 20, pollMs: 5 })
}

const aSubject = (wishes: Partial<LogSubject> = {}): LogSubject => ({
  cloud: 'alpha',
  amphora: { amphoraId: 'a1', managementAddress: '127.0.0.1' },
  lines: 1000,
  clock: () => undefined,
  ...wishes,
})

function take(item: LogItem): void {
  if (item.kind === 'lines') seen.push(...item.lines)
  else states.push(item.failure?.reason ? `${item.state} ${item.failure.reason}` : item.state)
}

async function read(onCommand: OnCommand, wishes: Partial<LogSubject> = {}): Promise<void> {
  for await (const item of (await follower(onCommand)).follow(aSubject(wishes), abort.signal))
    take(item)
}

/** Waits for what has to come, however slow the machine is. */
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 20_000, interval: 5 })

const texts = () => seen.map(({ text }) => text)
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)

describe('a journal', () => {
  it('begins with the wanted history, then follows', async () => {
    const journal = new FakeJournal()
    journal.add(10)
    const reading = read(journal.onCommand, { lines: 3 })
    await eventually(texts).toEqual(lines(8, 10))
    journal.add(2)
    await eventually(texts).toEqual(lines(8, 12))
    abort.abort()
    await reading
    expect(states).toEqual(['connecting', 'live'])
  })

  it('begins with nothing where no history is wanted, and misses nothing that comes', async () => {
    const journal = new FakeJournal()
    journal.add(10)
    void read(journal.onCommand, { lines: 0 })
    await eventually(() => states).toEqual(['connecting', 'live'])
    journal.add(2)
    await eventually(texts).toEqual(lines(11, 12))
  })

  it('follows a unit that has never said anything', async () => {
    const journal = new FakeJournal()
    void read(journal.onCommand)
    await eventually(() => states).toEqual(['connecting', 'live'])
    journal.add(1)
    await eventually(texts).toEqual(lines(1, 1))
  })

  it('is read with all its fields where systemd cannot leave any out', async () => {
    const journal = new FakeJournal()
    journal.knowsFields = false
    journal.add(3)
    const commands: string[] = []
    void read((line, channel) => {
      commands.push(line)
      journal.onCommand(line, channel)
    })
    await eventually(() => states).toEqual(['connecting', 'live'])
    journal.add(2)
    await eventually(texts).toEqual(lines(1, 5))
    // It is asked for once, however often the journal is read.
    const brief = commands.map((line) => line.includes('--output-fields='))
    expect(brief).toEqual([true, ...brief.slice(1).map(() => false)])
    expect(brief.length).toBeGreaterThan(2)
  })

  it('stamps lines with the clock offset, and tells what they mean', async () => {
    const journal = new FakeJournal()
    journal.add(1, () => '(lb) Entering MASTER STATE')
    void read(journal.onCommand, { clock: () => ({ offsetMs: 250, errorMs: 4 }) })
    await eventually(() => seen).toHaveLength(1)
    const [line] = seen
    expect(line).toMatchObject({
      amphoraId: 'a1',
      identifier: 'Keepalived_vrrp',
      pid: 134,
      text: '(lb) Entering MASTER STATE',
      meaning: 'enterMaster',
      rawAt: 1_795_336_697_001,
      at: 1_795_336_696_751,
      errorMs: 4,
    })
  })

  it(
    'loses nothing and repeats nothing while the connection dies twenty times',
    { timeout: 120_000 },
    async () => {
      const journal = new FakeJournal()
      const isRead = (state: string) => state === 'live' || state === 'resumed'
      void read(journal.onCommand)
      await eventually(() => states.includes('live')).toBe(true)
      for (let round = 1; round <= 20; round += 1) {
        const before = seen.length
        journal.add(500)
        // Something of this round has arrived over a connection of its own: it dies in the middle of it.
        await eventually(() => server.sessions() >= round && seen.length > before).toBe(true)
        await eventually(() => states.filter(isRead).length).toBe(round)
        journal.add(250)
        server.drop()
        journal.add(250)
      }
      await eventually(() => seen.length).toBe(20_000)
      expect(texts()).toEqual(lines(1, 20_000))
      expect(states.filter((state) => state.startsWith('lost')).length).toBeGreaterThanOrEqual(20)
      expect(states).not.toContain('gap')
      expect(states.at(-1)).toBe('resumed')
    },
  )

  it('says that there is a gap when the journal no longer has what came next', async () => {
    const journal = new FakeJournal()
    journal.add(5)
    void read(journal.onCommand)
    await eventually(texts).toEqual(lines(1, 5))
    await eventually(() => states).toContain('live')
    journal.vacuum(0)
    server.drop()
    journal.add(0)
    await eventually(() => states).toContain('gap')
    journal.add(3)
    await eventually(texts).toEqual([...lines(1, 5), ...lines(6, 8)])
  })

  it('delivers the first line that is left after a gap', async () => {
    const journal = new FakeJournal()
    journal.add(5)
    void read(journal.onCommand)
    await eventually(() => states).toContain('live')
    server.drop()
    journal.add(5)
    journal.vacuum(2)
    await eventually(texts).toEqual([...lines(1, 5), ...lines(9, 10)])
    expect(states).toContain('gap')
  })

  it('is not read faster than it is shown', async () => {
    const journal = new FakeJournal()
    let written = 0
    const counting: OnCommand = (line, channel) => {
      const write = channel.write.bind(channel) as (chunk: string) => boolean
      channel.write = ((chunk: string) => {
        written += 1
        return write(chunk)
      }) as typeof channel.write
      journal.onCommand(line, channel)
    }
    journal.add(100_000)
    const items = (await follower(counting)).follow(aSubject({ lines: 100_000 }), abort.signal)
    let first = await items.next()
    while (!first.done && first.value.kind !== 'lines') first = await items.next()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(written).toBeLessThan(60_000)
    await items.return()
  })

  it('stops, and says why, where only the operator can help', async () => {
    server = await sshServer({ onAuth: (context) => context.reject(['password']) })
    ssh = new Ssh2(anOperator())
    const hosts = {
      connect: (_cloud: string, _amphora: unknown, signal: AbortSignal) =>
        ssh.connect(aRoute(aServer(server.port)), signal),
      jump: () => Promise.resolve(undefined),
    }
    for await (const item of new LogFollower(hosts).follow(aSubject(), abort.signal)) take(item)
    expect(states).toEqual(['connecting', 'failed ssh.authentication'])
  })

  it('says that nothing can be read, and tries again', async () => {
    const journal = new FakeJournal()
    journal.refusal = { exit: 1, stderr: 'sudo: a password is required\n' }
    journal.add(1)
    void read(journal.onCommand)
    await eventually(() => states).toContain('failed ssh.sudo')
    journal.refusal = undefined
    await eventually(texts).toEqual(lines(1, 1))
  })
})

describe('a syslog file, where there is no journal', () => {
  let folder: string
  let file: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'console-log-'))
    file = join(folder, 'syslog')
    writeFileSync(file, '')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** Real tools on a folder that stands in for /var/log; neither sudo nor journalctl. */
  const onCommand: OnCommand = (line, channel) => {
    const words = line.split(' ')
    if (words[0] === 'sudo' || words.includes('journalctl')) inShell('exit 127', channel)
    else
      inShell(
        line.replaceAll('/var/log', folder).replace(/^find .*$/, `$& | sed s,${folder},/var/log,`),
        channel,
      )
  }

  const written = (from: number, to: number) =>
    lines(from, to)
      .map((text) => `Nov 22 08:38:17 amphora-1 Keepalived_vrrp[13596]: ${text}\n`)
      .join('')

  const add = (from: number, to: number) => appendFileSync(file, written(from, to))

  it('is read with its history, and followed', async () => {
    appendFileSync(file, 'Nov 22 08:38:16 amphora-1 sshd[1]: not this\n')
    add(1, 5)
    void read(onCommand, { lines: 3 })
    await eventually(texts).toEqual(lines(3, 5))
    add(6, 7)
    await eventually(texts).toEqual(lines(3, 7))
    expect(seen[0]).toMatchObject({ identifier: 'Keepalived_vrrp', pid: 13596 })
    expect(states).toEqual(['connecting', 'live'])
  })

  it('is recognised again among many short lines', async () => {
    add(1, 2)
    void read(onCommand)
    await eventually(texts).toEqual(lines(1, 2))
    appendFileSync(file, 'x\n'.repeat(50))
    add(3, 3)
    await eventually(texts).toEqual(lines(1, 3))
    appendFileSync(file, `${'x\n'.repeat(50)}${written(4, 4)}${'y\n'.repeat(20)}`)
    await eventually(texts).toEqual(lines(1, 4))
    add(5, 5)
    await eventually(texts).toEqual(lines(1, 5))
    expect(states).toEqual(['connecting', 'live'])
  })

  it('waits for the rest of a line that is half written', async () => {
    add(1, 1)
    void read(onCommand)
    await eventually(texts).toEqual(lines(1, 1))
    const whole = written(2, 2)
    appendFileSync(file, whole.slice(0, 60))
    await new Promise((resolve) => setTimeout(resolve, 100))
    appendFileSync(file, whole.slice(60))
    await eventually(texts).toEqual(lines(1, 2))
  })

  it('is followed across a rotation that renames it, also one that nobody saw', async () => {
    add(1, 3)
    void read(onCommand)
    await eventually(texts).toEqual(lines(1, 3))
    server.drop()
    add(4, 5)
    renameSync(file, `${file}.1`)
    writeFileSync(file, written(6, 7))
    await eventually(texts).toEqual(lines(1, 7))
    expect(states).not.toContain('gap')
  })

  it('reads on in the renamed file while its writer still holds it', async () => {
    add(1, 3)
    void read(onCommand)
    await eventually(texts).toEqual(lines(1, 3))
    renameSync(file, `${file}.1`)
    writeFileSync(file, '')
    appendFileSync(`${file}.1`, written(4, 5))
    await eventually(texts).toEqual(lines(1, 5))
    add(6, 6)
    await eventually(texts).toEqual(lines(1, 6))
    expect(states).not.toContain('gap')
  })

  it('is followed across a rotation that copies and truncates it', async () => {
    add(1, 30)
    void read(onCommand)
    await eventually(texts).toEqual(lines(1, 30))
    server.drop()
    add(31, 33)
    copyFileSync(file, `${file}.1`)
    truncateSync(file)
    add(34, 35)
    await eventually(texts).toEqual(lines(1, 35))
    expect(states).not.toContain('gap')
  })

  it('says that there is a gap when what came next was rotated away', async () => {
    add(1, 3)
    void read(onCommand)
    await eventually(texts).toEqual(lines(1, 3))
    rmSync(file)
    writeFileSync(file, written(90, 91))
    await eventually(texts).toEqual([...lines(1, 3), ...lines(90, 91)])
    expect(states).toContain('gap')
  })
})
