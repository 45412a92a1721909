import { AppError } from '../../../preload/contract/error'
import type { Unread } from '../../../preload/contract/capture'
import type { SshHost, StreamEnd } from '../../platform/ssh'
import type { AmphoraCommand } from '../commands'
import { failureOf, requireSuccess } from '../requireSuccess'
import { captureCommands, parseLogList } from './commands'
import { inPieces } from './logPieces'

/** Octets of one amphora's logs; what is older than the rest of them is worth less than an end. */
const MOST_OCTETS = 512 * 1024 * 1024
const HOUR_MS = 3_600_000
/** journalctl ends well when it is shown only part of the journal, or none. */
const NOT_ALL = /not seeing messages from other users|insufficient permissions/

/** Takes a piece of a log. */
export type LogSink = (
  log: { name: string; source: 'journal' | 'syslog' },
  text: string,
) => Promise<void>

/**
 * Copies the logs of the last hours: the journal, and where there is none the files of syslog, what rotation made of them
 * included. Pieces of one log come in order.
 *
 * @param amphoraNow the time by the amphora's clock, by which files are dated
 * @returns what could not be read, and why
 * @throws AppError `cancelled`, and what the sink throws
 */
export async function copyLogs(
  host: SshHost,
  { hours, amphoraNow }: { hours: number; amphoraNow: number },
  sink: LogSink,
  signal: AbortSignal,
): Promise<Unread[]> {
  let refusal: AppError | undefined
  for (const sudo of [true, false]) {
    const journal = await copy(host, captureCommands.journalSince(hours, sudo), signal, (piece) =>
      sink({ name: `journal-${piece.number}.json`, source: 'journal' }, piece.text),
    )
    const isPart = journal.pieces > 0
    if (isPart) return journal.failure ? [unread('journal', journal.failure)] : []
    refusal = journal.failure ?? refusal
  }
  for (const sudo of [true, false]) {
    const list = captureCommands.listLogFiles(sudo)
    const answer = await host.run(list, { signal })
    const failure = failureOf(answer, list)
    if (failure) {
      refusal ??= failure
      continue
    }
    const wanted = parseLogList(requireSuccess(answer, list).stdout).filter(
      ({ changedAt }) => changedAt >= amphoraNow - hours * HOUR_MS,
    )
    if (!wanted.length) continue
    const missing: Unread[] = []
    for (const { path } of wanted) {
      const name = path.slice('/var/log/'.length).replace(/[.](?:gz|bz2|xz|zst)$/, '')
      const command = captureCommands.readLogFile(path, sudo)
      const file = await copy(host, command, signal, (piece) =>
        sink(
          { name: `${name.replaceAll('.', '-')}-${piece.number}.log`, source: 'syslog' },
          piece.text,
        ),
      )
      if (file.failure) missing.push(unread(path, file.failure))
    }
    return missing
  }
  return [{ what: 'journal', reason: refusal?.reason ?? 'notSupported' }]
}

const unread = (what: string, failure: AppError): Unread => ({
  what,
  reason: failure.reason ?? 'ssh.commandFailed',
})

/** Copies what one command outputs. Nothing is kept of a command that says nothing. */
async function copy(
  host: SshHost,
  command: AmphoraCommand,
  signal: AbortSignal,
  take: (piece: { text: string; number: string }) => Promise<void>,
): Promise<{ pieces: number; failure?: AppError }> {
  let pieces = 0
  let octets = 0
  const end: { failure: AppError | undefined } = { failure: tooLong() }
  const stream = host.follow(command, signal)
  /** What came before a loss is kept: the text of the last line that is whole or not. */
  const chunks = async function* () {
    try {
      while (octets <= MOST_OCTETS) {
        const { value, done } = await stream.next()
        if (done) {
          end.failure = endFailure(value, command)
          return
        }
        yield value
        octets += value.length
      }
    } catch (error) {
      end.failure = AppError.from(error)
      if (!end.failure.reason) throw error
    }
  }
  try {
    for await (const text of inPieces(chunks())) {
      pieces += 1
      await take({ text, number: String(pieces).padStart(4, '0') })
    }
  } finally {
    await stream.return({ exit: undefined, signal: undefined, stderr: '' })
  }
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.')
  return end.failure ? { pieces, failure: end.failure } : { pieces }
}

const endFailure = (end: StreamEnd, command: AmphoraCommand): AppError | undefined =>
  failureOf(NOT_ALL.test(end.stderr) && end.exit === 0 ? { ...end, exit: 1 } : end, command)

const tooLong = (): AppError =>
  AppError.because('answer.malformed', `More than ${String(MOST_OCTETS)} octets.`)
