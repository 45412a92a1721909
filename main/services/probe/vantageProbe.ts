import { AppError } from '../../../preload/contract/error'
import type { ProbeSample } from '../../../preload/contract/pair'
import { delay } from '../../base/delay'
import { splitLines } from '../../base/splitLines'
import { combineOffsets, measureOffset, type MeasuredOffset } from '../../domain/clock'
import type { SshHost } from '../../platform/ssh'
import { commands } from '../commands'
import { isGood, requestOf } from './attempt'
import type { ProbeOrder } from './prober'
import { steadyClock } from './schedule'

/** Milliseconds for the program to say that it runs. */
const GREETING_MS = 10_000
const GREETING = '{"probe": 1}'
/** Questions for the time at the start, and the milliseconds between them; later questions are rarer. */
const FIRST_QUESTIONS = 10
const FIRST_QUESTION_MS = 100
const QUESTION_MS = 5000
/** Questions that may wait for their answers. */
const MOST_QUESTIONS = 64
/** Answers within so many milliseconds belong to a service that is well. */
const QUIET_MS = 100

/** The host cannot run the probe's program: no commands are allowed there, or there is no Python. */
export class NoProgram extends Error {
  override readonly name = 'NoProgram'
}

/**
 * Probes from an SSH host by a program that runs there, so that each time is taken where the connection is made: neither the
 * way to the host nor this machine's load is in it. Otherwise as `probe`; times are of our clock, by the measured offset.
 *
 * @throws NoProgram before anything was asked, AppError `ssh.*` when the way to the host is lost
 */
export async function* vantageProbe(
  host: SshHost,
  { address, settings, firstSequence }: ProbeOrder,
  signal: AbortSignal,
): AsyncGenerator<ProbeSample[], void> {
  const ended = new AbortController()
  const stop = () => ended.abort()
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  const state = { stderr: '', greeted: false }
  const unheard = setTimeout(stop, GREETING_MS)
  const now = steadyClock()
  const clock = new ProbeClock(now)
  const command = commands.probe({
    ...{ address, settings, firstSequence },
    request: requestOf(address, settings),
  })
  const chunks = ending(host.follow(command, ended.signal, clock.questions(ended.signal)), state)
  try {
    for await (const line of splitLines(chunks)) {
      const receivedAt = now()
      if (!state.greeted) {
        if (line !== GREETING) throw new NoProgram(line.slice(0, 200))
        state.greeted = true
        clearTimeout(unheard)
      } else if (line.startsWith('{')) {
        clock.answer(line, receivedAt)
      } else {
        const samples = clock.correct(readSamples(line, settings.kind))
        if (samples.length) yield samples
      }
    }
    if (signal.aborted) return
    if (!state.greeted) throw new NoProgram(state.stderr.slice(0, 200))
    throw AppError.because('ssh.commandFailed', state.stderr || 'The probe ended.')
  } finally {
    signal.removeEventListener('abort', stop)
    clearTimeout(unheard)
    stop()
  }
}

/** Keeps how the stream ended, which a loop over it would throw away. */
async function* ending(
  stream: ReturnType<SshHost['follow']>,
  state: { stderr: string },
): AsyncGenerator<Buffer, void> {
  const { stderr } = yield* stream
  state.stderr = stderr
}

/** The clock of the host that probes, compared to ours by questions that the program answers. */
class ProbeClock {
  private readonly asked = new Map<string, number>()
  private best: MeasuredOffset | undefined
  private used: MeasuredOffset | undefined
  private held: ProbeSample[] = []

  constructor(private readonly now: () => number) {}

  /** What is to be written to the program, until the signal is aborted. */
  async *questions(signal: AbortSignal): AsyncGenerator<string, void> {
    try {
      for (let count = 0; ; count += 1) {
        const question = String(count)
        if (this.asked.size > MOST_QUESTIONS) this.asked.clear()
        this.asked.set(question, this.now())
        yield `${question}\n`
        await delay(count < FIRST_QUESTIONS ? FIRST_QUESTION_MS : QUESTION_MS, signal)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  /** Takes `{"clock": milliseconds, "line": question}`. @throws AppError `answer.malformed` */
  answer(line: string, receivedAt: number): void {
    const { clock: remoteAt, line: question } = parse(line) as { clock?: unknown; line?: unknown }
    if (typeof remoteAt !== 'number' || typeof question !== 'string') throw malformed(line)
    const sentAt = this.asked.get(question)
    this.asked.delete(question)
    const offset = sentAt !== undefined && measureOffset([{ sentAt, receivedAt, remoteAt }])
    if (offset) this.best = combineOffsets(this.best, offset)
  }

  /**
   * Samples by our clock; held back until it is known. A better offset is taken up only while all is well: inside an
   * outage it would change its length.
   */
  correct(samples: readonly ProbeSample[]): ProbeSample[] {
    const all = [...this.held, ...samples]
    const quiet = samples.every(({ ok, durationMs }) => ok && durationMs < QUIET_MS)
    if (quiet || !this.used) this.used = this.best
    const { used } = this
    this.held = used ? [] : all
    return used ? all.map((sample) => ({ ...sample, at: sample.at - used.offsetMs })) : []
  }
}

/**
 * Reads one line of the program: `[[sequence, started, duration, status, body, error], …]`, times in milliseconds by the clock of
 * the host it runs on. @throws AppError `answer.malformed`
 */
export function readSamples(line: string, kind: 'tcp' | 'http'): ProbeSample[] {
  const rows = parse(line)
  if (!Array.isArray(rows)) throw malformed(line)
  return rows.map((row: unknown) => {
    if (!Array.isArray(row)) throw malformed(line)
    const [sequence, at, durationMs, status, body, error] = row as unknown[]
    if (
      !Number.isSafeInteger(sequence) ||
      typeof at !== 'number' ||
      typeof durationMs !== 'number' ||
      !(status === null || Number.isSafeInteger(status)) ||
      !(body === null || typeof body === 'string') ||
      !(error === null || typeof error === 'string')
    )
      throw malformed(line)
    return {
      sequence: sequence as number,
      at,
      durationMs,
      ok: error === null && (kind === 'tcp' || isGood(status as number)),
      ...(status !== null && { status: status as number }),
      ...(body !== null && { body }),
      ...(error !== null && { error }),
    }
  })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw malformed(line)
  }
}

const malformed = (line: string): AppError =>
  AppError.because('answer.malformed', line.slice(0, 200))
