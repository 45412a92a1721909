import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import ssh2 from 'ssh2'
import { Ssh2 } from '../../main/platform/ssh2'
import { commands, KEEPALIVED_UNIT } from '../../main/services/commands'
import { LogFollower } from '../../main/services/logFollower'
import { anOperator, aRoute, aServer } from '../support/sshOperator'
import { sshServer } from '../support/sshServer'
import { capturedJournal } from './capturedJournal'
import { perSecond, say, sideBySide } from './sideBySide'

const LINES = 200_000
const CHUNK = 32 * 1024

/** What the server's thread tells. */
interface Offer {
  port: number
  /** Octets of the whole journal. */
  octets: number
}

if (isMainThread) await compare()
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
      `"__CURSOR":"s=444f;i=${number.toString(16)};b=426e;m=1;t=1;x=${number.toString(16)}"`,
    ),
  )
  const journal = Buffer.from(`${lines.join('\n')}\n`)
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
  const offered: Offer = { port, octets: journal.length }
  parentPort?.postMessage(offered)
}

async function compare(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url))
  const [offered] = (await once(worker, 'message')) as [Offer]
  try {
    const { consoleMs, bareMs, ratio } = await sideBySide(
      3,
      () => byFollower(offered.port),
      () => byCounting(offered),
    )
    say(
      `following a log over SSH: ${perSecond(LINES, consoleMs)} lines of ${Math.round(offered.octets / LINES)} octets, a client that only counts octets ${perSecond(LINES, bareMs)}; rate ratio ${(1 / ratio).toFixed(2)} (goal 0.8)`,
    )
  } finally {
    await worker.terminate()
  }
}

/** From the moment that the log is live to its last line. */
async function byFollower(port: number): Promise<number> {
  const ssh = new Ssh2(anOperator())
  const abort = new AbortController()
  const follower = new LogFollower({
    connect: (_cloud, _amphora, signal) => ssh.connect(aRoute(aServer(port)), signal),
    jump: () => Promise.resolve(undefined),
  })
  const subject = {
    cloud: 'alpha',
    amphora: { amphoraId: 'a1', managementAddress: '127.0.0.1' },
    lines: 0,
    clock: () => undefined,
  }
  let start: number | undefined
  let received = 0
  try {
    for await (const item of follower.follow(subject, abort.signal)) {
      if (item.kind === 'lines') received += item.lines.length
      else if (item.state === 'live') start = performance.now()
      else if (item.failure) throw new Error(`${item.state}: ${item.failure.message}`)
      if (received >= LINES) break
    }
    if (received !== LINES || start === undefined)
      throw new Error(`${received} of ${LINES} lines arrived.`)
    return performance.now() - start
  } finally {
    abort.abort()
    ssh.closeAll()
  }
}

/** From the moment that the command is sent to the last octet. */
async function byCounting({ port, octets }: Offer): Promise<number> {
  const client = new ssh2.Client()
  const closed = new Promise<void>((resolve) => {
    client.once('close', () => resolve())
  })
  client.connect({ host: '127.0.0.1', port, username: 'ubuntu' })
  await once(client, 'ready')
  // The server's side may hang up first.
  client.on('error', () => undefined)
  const { argv } = commands.journalFollow(KEEPALIVED_UNIT, undefined)
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
