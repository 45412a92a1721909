import type { Client, ClientCallback, ClientChannel } from 'ssh2'
import { AppError, type Values } from '../../../preload/contract/error'
import { either } from '../../base/either'
import type { CommandResult, RunOptions, StreamEnd } from '../ssh'
import { cancelled } from './errors'
import type { Link } from './link'

const TIMEOUT_MS = 15_000
const STDOUT_BYTES = 4 * 1024 * 1024
const STDERR_BYTES = 64 * 1024
/** What a stream keeps of stderr: the end of it. */
const STDERR_TAIL_BYTES = 4096
/** What a stream hands on at once. Up to 2 MiB may have come, and whoever reads those in one go holds up everybody. */
const PIECE_BYTES = 256 * 1024

/** Runs one line to its end. @throws as `SshHost.run` */
export async function runLine(
  link: Link,
  line: string,
  { signal, timeoutMs = TIMEOUT_MS, maxBytes = STDOUT_BYTES, input }: RunOptions,
): Promise<CommandResult> {
  const startedAt = Date.now()
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), timeoutMs)
  const ended = either(signal, limit.signal)
  try {
    const { stdout, stderr, end } = await openChannel(
      link,
      executing(line),
      ended.signal,
      (channel) => {
        channel.end(input)
        return {
          stdout: collect(channel, maxBytes),
          stderr: collect(channel.stderr, STDERR_BYTES),
          end: endOf(channel, ended.signal),
        }
      },
    )
    const { exit, signal: endedBy } = await end.settled(link)
    return {
      exit,
      signal: endedBy,
      stdout: stdout.text(),
      stderr: stderr.text(),
      startedAt,
      endedAt: Date.now(),
      truncated: stdout.truncated() || stderr.truncated(),
    }
  } catch (error) {
    if (!signal.aborted && limit.signal.aborted && isCancelled(error))
      throw AppError.because('ssh.timeout', 'The command did not end in time.', {
        values: { ...link.values, seconds: timeoutMs / 1000 },
      })
    throw error
  } finally {
    clearTimeout(timer)
    ended.letGo()
  }
}

/** Reads one line's output as it comes. @throws as `SshHost.follow` */
export async function* followLine(
  link: Link,
  line: string,
  signal: AbortSignal,
  input?: AsyncIterable<string>,
): AsyncGenerator<Buffer, StreamEnd> {
  let stderr: Buffer = Buffer.alloc(0)
  const answer = (end: Omit<StreamEnd, 'stderr'>): StreamEnd => ({
    ...end,
    stderr: stderr.toString('utf8'),
  })
  let wake = () => {}
  const stir = () => wake()
  const state = { over: false }
  let opened
  try {
    opened = await openChannel(link, executing(line), signal, (channel) => {
      channel.stderr.on('data', (chunk: Buffer) => {
        stderr = Buffer.concat([stderr, chunk]).subarray(-STDERR_TAIL_BYTES)
      })
      channel.on('readable', stir)
      const end = endOf(channel, signal)
      void end.over.then(() => {
        state.over = true
        wake()
      })
      return { channel, end }
    })
  } catch (error) {
    if (signal.aborted) return answer({ exit: undefined, signal: undefined })
    throw error
  }
  const { channel, end } = opened
  try {
    // Left open without: it is by its end that a command learns that we have hung up.
    if (input) void write(input, channel)
    // The loop pulls: what is not asked for stays in the window, and the window holds the remote command back.
    while (!signal.aborted) {
      const chunk = channel.read(Math.min(channel.readableLength, PIECE_BYTES)) as Buffer | null
      if (chunk) yield chunk
      else if (state.over) return answer(await end.settled(link))
      else await new Promise<void>((resolve) => (wake = resolve))
    }
    return answer({ exit: undefined, signal: undefined })
  } finally {
    channel.off('readable', stir)
    hangUp(channel)
  }
}

/** Writes until there is no more, or nobody who reads it. */
async function write(input: AsyncIterable<string>, channel: ClientChannel): Promise<void> {
  for await (const text of input) {
    if (!channel.writable) return
    channel.write(text)
  }
  channel.end()
}

/** Asks a server for a channel of some kind. */
export type Begin = (client: Client, opened: ClientCallback) => void

const executing =
  (line: string): Begin =>
  (client, opened) =>
    client.exec(line, opened)

/**
 * `use` sees the channel before anything can happen on it: a short command's end may be in the octets that opened it.
 * @throws AppError `ssh.commandFailed` when the server gives none, `ssh.lost`, `cancelled`
 */
export function openChannel<T>(
  link: Link,
  begin: Begin,
  signal: AbortSignal,
  use: (channel: ClientChannel) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled())
      return
    }
    const abandon = () => reject(cancelled())
    const lose = () => reject(link.lost())
    const settle = () => {
      signal.removeEventListener('abort', abandon)
      link.gone.removeEventListener('abort', lose)
    }
    if (link.gone.aborted) {
      lose()
      return
    }
    signal.addEventListener('abort', abandon, { once: true })
    link.gone.addEventListener('abort', lose, { once: true })
    try {
      begin(link.client, (error, channel) => {
        settle()
        // The callback's types promise a channel; with an error there is none.
        if (error) {
          reject(link.gone.aborted ? link.lost(error) : noSession(error, link.values))
          return
        }
        resolve(use(channel))
        if (signal.aborted) hangUp(channel)
      })
    } catch (error) {
      settle()
      reject(link.lost(error))
    }
  })
}

/** The server keeps the connection but gives no session: MaxSessions is reached, or commands are not allowed. */
const noSession = (cause: Error, values: Values): AppError =>
  AppError.because('ssh.commandFailed', cause.message, { cause, values })

/** How what runs on a channel comes to its end. */
export interface End {
  /** Resolves when nothing more will come. */
  over: Promise<void>
  /** How the command ended. @throws AppError `cancelled`, `ssh.lost` */
  settled(link: Link): Promise<Omit<StreamEnd, 'stderr'>>
}

/** Watches for the end of a channel, and hangs up with the signal. */
export function endOf(channel: ClientChannel, signal: AbortSignal): End {
  let end: Omit<StreamEnd, 'stderr'> | undefined
  channel.on('exit', (code: number | null, endedBy?: string) => {
    end = { exit: code ?? undefined, signal: endedBy }
  })
  const over = new Promise<void>((resolve) => {
    channel.on('close', () => resolve())
    const leave = () => {
      hangUp(channel)
      resolve()
    }
    signal.addEventListener('abort', leave, { once: true })
    channel.on('close', () => signal.removeEventListener('abort', leave))
    if (signal.aborted) leave()
  })
  return {
    over,
    settled: async (link) => {
      await over
      if (end) return end
      if (signal.aborted) throw cancelled()
      // ssh2 ends the channel the same way when the command ends and when the network does.
      throw link.lost()
    },
  }
}

/** Ends the command as far as the server allows: a signal reaches it unless sudo runs it, the end of its input if it looks for that. */
export function hangUp(channel: ClientChannel): void {
  try {
    channel.signal('TERM')
    channel.close()
    // Octets that still arrive are let go, so that they do not hold the connection's window.
    channel.resume()
    channel.stderr.resume()
  } catch {
    // The connection is gone, and the command with it.
  }
}

function collect(stream: NodeJS.ReadableStream, limit: number) {
  const chunks: Buffer[] = []
  let size = 0
  let truncated = false
  stream.on('data', (chunk: Buffer) => {
    const room = limit - size
    if (chunk.length > room) truncated = true
    if (room <= 0) return
    chunks.push(chunk.subarray(0, room))
    size += Math.min(chunk.length, room)
  })
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    truncated: () => truncated,
  }
}

const isCancelled = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'cancelled'
