import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread, MessageChannel, parentPort, Worker, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import ssh2 from 'ssh2'
import type { Bridge, Port, ToMain, ToRenderer } from '../../preload/contract/channel'
import { pair } from '../../preload/contract/pair'
import { serve } from '../../main/ipc/serve'
import { Ssh2 } from '../../main/platform/ssh2'
import { commands, KEEPALIVED_UNIT } from '../../main/services/commands'
import { LogFollower } from '../../main/services/logFollower'
import { follow } from '../../renderer/api/client'
import { LogBook } from '../../renderer/stores/logBook'
import { anOperator, aRoute, aServer } from '../support/sshOperator'
import { sshServer } from '../support/sshServer'
import { capturedJournal } from './capturedJournal'
import { median, perSecond, say, sideBySide } from './sideBySide'

const LINES = 100_000
const ROUNDS = 7
const SAME_ROUNDS = 3
const CHUNK = 32 * 1024
const FIRST_MICROSECOND = 1_795_336_750_279_486
const SUBJECT = {
  cloud: 'alpha',
  loadBalancerId: 'eda5c29b-d69e-497d-a81c-5cdcc5dc3079',
  lines: 0,
}

const BRIEF = new Set([
  ...['__CURSOR', '__REALTIME_TIMESTAMP', '__MONOTONIC_TIMESTAMP', '_BOOT_ID'],
  ...['MESSAGE', 'SYSLOG_IDENTIFIER', 'SYSLOG_PID', '_COMM', '_PID', '_SOURCE_REALTIME_TIMESTAMP'],
])

const { 'pair.follow': declared } = pair

/** What the server's thread tells. */
interface Offer {
  port: number
  /** Octets of the whole journal, and of its lines with the fields that the console asks for. */
  octets: number
  briefOctets: number
}

/** What the page's thread tells: that the log is live, then that its last line is in the book. */
type Seen = 'live' | 'all'

/** What a round asks of main's thread. */
interface Strain {
  /** For how long the event loop was held, at most, in milliseconds. */
  longestMs: number
  /** By how much the heap had grown, at most, in octets. */
  heap: number
}

if (isMainThread) await compare()
else if (workerData === 'page') page()
else await offer()

/**
 * An SSH server in a thread of its own. Asked for history its journal holds one record; asked to follow, that record and
 * then all others, as fast as they are taken.
 */
async function offer(): Promise<void> {
  const captured = capturedJournal().split('\n').slice(0, -1)
  const lines = Array.from({ length: LINES + 1 }, (_, number) =>
    captured[number % captured.length]!.replace(
      /"__CURSOR":"[^"]*"/,
      `"__CURSOR":"s=31408664718e43d398a096288f51c267;i=${number.toString(16)};b=db8c39858176435f9e1ccf021cf44e60;m=6f179d2d;t=660d96940ab99;x=${number.toString(16)}"`,
    )
      // One after the other, as a log is.
      .replaceAll(/(REALTIME_TIMESTAMP":")\d+/g, `$1${String(FIRST_MICROSECOND + number * 100)}`),
  )
  const whole = Buffer.from(`${lines.join('\n')}\n`)
  const brief = Buffer.from(`${lines.map(briefly).join('\n')}\n`)
  const history = Buffer.from(`${lines[0]!}\n`)
  const { port } = await sshServer({
    onCommand: (line, channel) => {
      channel.resume()
      if (!line.includes('--follow')) {
        channel.write(history)
        channel.exit(0)
        channel.end()
        return
      }
      // Whoever asks for fewer fields gets as many lines with fewer octets.
      const journal = line.includes('--output-fields=') ? brief : whole
      let from = 0
      const write = () => {
        while (from < journal.length && channel.writable) {
          const chunk = journal.subarray(from, from + CHUNK)
          from += chunk.length
          if (!channel.write(chunk)) return
        }
      }
      channel.on('drain', write)
      write()
    },
  })
  const offered: Offer = { port, octets: whole.length, briefOctets: brief.length }
  parentPort?.postMessage(offered)
}

/** A line as journalctl of systemd 252 prints it when it is asked for the fields that the console uses. */
function briefly(line: string): string {
  const fields = Object.entries(JSON.parse(line) as Record<string, unknown>)
  return JSON.stringify(Object.fromEntries(fields.filter(([name]) => BRIEF.has(name))))
}

/** The page in a thread of its own, as it is in a process of its own: follows by each port that comes, into a book. */
function page(): void {
  let port: MessagePort | undefined
  const bridge: Bridge = {
    open: (_name, _input, onMessage) => {
      const own = port!
      own.on('message', (message) => onMessage(message as ToRenderer))
      return { post: (message) => own.postMessage(message), close: () => own.close() }
    },
  }
  Object.assign(globalThis, { window: { bridge } })
  const tell = (seen: Seen) => parentPort?.postMessage(seen)
  parentPort?.on('message', (given: MessagePort) => {
    port = given
    void read().then(() => tell('all'))
  })

  async function read(): Promise<void> {
    const book = new LogBook()
    let received = 0
    for await (const item of follow('pair.follow', SUBJECT)) {
      if (item.kind === 'lines') {
        book.add(item.lines)
        received += item.lines.length
      } else if (item.kind === 'log' && item.state === 'live') tell('live')
      if (received >= LINES) break
    }
    const lines = book.snapshot()
    if (received !== LINES || lines.length + book.dropped !== LINES)
      throw new Error(`${received} of ${LINES} lines arrived, ${lines.length} were kept.`)
  }
}

async function compare(): Promise<void> {
  const server = new Worker(new URL(import.meta.url))
  const reader = new Worker(new URL(import.meta.url), { workerData: 'page' })
  const [offered] = (await once(server, 'message')) as [Offer]
  try {
    const strains: Record<'console' | 'bare', Strain[]> = { console: [], bare: [] }
    const { consoleMs, bareMs, ratio } = await sideBySide(
      ROUNDS,
      () => strained(strains.console, () => intoPage(offered.port, reader)),
      () => strained(strains.bare, () => byCounting(offered.port, offered.octets, false)),
    )
    say(
      `following a log over SSH into the page: ${perSecond(LINES, consoleMs)} lines of ${perLine(offered.briefOctets)} octets, a client that only counts the octets of whole entries ${perSecond(LINES, bareMs)} of ${perLine(offered.octets)}; rate ratio ${(1 / ratio).toFixed(2)} (goal 0.8)`,
    )
    const same = await sideBySide(
      SAME_ROUNDS,
      () => intoPage(offered.port, reader),
      () => byCounting(offered.port, offered.briefOctets, true),
    )
    say(
      `  beside a client that counts just the octets that the console asks for: rate ratio ${(1 / same.ratio).toFixed(2)}`,
    )
    const typical = (kind: 'console' | 'bare', of: (strain: Strain) => number) =>
      median(strains[kind].slice(1).map(of)).toFixed(0)
    const longest = ({ longestMs }: Strain) => longestMs
    const heap = ({ heap }: Strain) => heap / 1e6
    say(
      `  main's event loop was held ${typical('console', longest)} ms at most, by the client that only counts ${typical('bare', longest)} ms (goal 20); the heap grew by ${typical('console', heap)} MB`,
    )
  } finally {
    await Promise.all([server.terminate(), reader.terminate()])
  }
}

function perLine(octets: number): number {
  return Math.round(octets / LINES)
}

/** Measures what else it takes. */
async function strained(into: Strain[], measured: () => Promise<number>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  const before = process.memoryUsage().heapUsed
  let heap = 0
  const watch = setInterval(() => (heap = Math.max(heap, process.memoryUsage().heapUsed)), 50)
  delays.enable()
  try {
    return await measured()
  } finally {
    delays.disable()
    clearInterval(watch)
    into.push({ longestMs: delays.max / 1e6, heap: heap - before })
  }
}

/** From the moment that the page knows the log to be live to the moment that it has the last line. */
async function intoPage(port: number, reader: Worker): Promise<number> {
  const ssh = new Ssh2(anOperator())
  const follower = new LogFollower({
    connect: (_cloud, _amphora, signal) => ssh.connect(aRoute(aServer(port)), signal),
    jump: () => Promise.resolve(undefined),
  })
  const { port1, port2 } = new MessageChannel()
  const served = serve(
    { 'pair.follow': declared },
    {
      'pair.follow': (_input, signal) =>
        follower.follow(
          {
            cloud: 'alpha',
            amphora: { amphoraId: 'a1', managementAddress: '127.0.0.1' },
            lines: 0,
            clock: () => ({ offsetMs: 12, errorMs: 3 }),
          },
          signal,
        ),
    },
    { name: 'pair.follow', input: SUBJECT },
    adapted(port2),
    (_name, error) => {
      throw error
    },
  )
  reader.postMessage(port1, [port1])
  try {
    await once(reader, 'message')
    const start = performance.now()
    await once(reader, 'message')
    return performance.now() - start
  } finally {
    ssh.closeAll()
    await served
  }
}

function adapted(port: MessagePort): Port<ToRenderer, ToMain> {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', listener),
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  }
}

/** From the moment that the command is sent to the last octet. */
async function byCounting(port: number, octets: number, brief: boolean): Promise<number> {
  const client = new ssh2.Client()
  const closed = new Promise<void>((resolve) => {
    client.once('close', () => resolve())
  })
  client.connect({ host: '127.0.0.1', port, username: 'ubuntu' })
  await once(client, 'ready')
  // The server's side may hang up first.
  client.on('error', () => undefined)
  const { argv } = commands.journalFollow(KEEPALIVED_UNIT, undefined, false, brief)
  try {
    return await new Promise<number>((resolve, reject) => {
      const start = performance.now()
      client.exec(argv.join(' '), (error, channel) => {
        if (error) {
          reject(error)
          return
        }
        let received = 0
        channel.on('data', (chunk: Buffer) => {
          received += chunk.length
          if (received >= octets) resolve(performance.now() - start)
        })
        channel.on('close', () => reject(new Error(`${received} of ${octets} octets arrived.`)))
      })
    })
  } finally {
    client.destroy()
    await closed
  }
}
