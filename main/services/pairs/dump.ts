import type { Reason } from '../../../preload/contract/error'
import { delay } from '../../base/delay'
import { mergeDumps, parseDump, type VrrpInstance } from '../../domain/keepalived/dump'
import { commands, type DUMP_FILES } from '../commands'
import type { Answer, Ask } from './ask'

type Kind = keyof typeof DUMP_FILES

/** Pauses between two looks at whether keepalived has written, in milliseconds; two seconds in all. */
const PAUSES_MS = [20, 40, 80, 160, 300, 600, 800]

/** What keepalived says of itself, or why it does not. */
export type DumpReading = { at: number; evidence: string } & (
  { instance: VrrpInstance; failure?: undefined } | { failure: Reason }
)

/**
 * Asks the keepalived of one amphora for its state: sends a signal, waits until the dump has changed, and reads it.
 * The passwords in it are taken out on the way into the evidence and are never part of the reading.
 */
export class DumpReader {
  private last: Promise<unknown> = Promise.resolve()
  private signals: readonly (readonly ['USR1' | 'USR2' | number, Kind])[] | undefined

  /** `instanceName`: the load balancer's id without dashes. */
  constructor(
    private readonly ask: Ask,
    private readonly instanceName: string,
  ) {}

  /** Readings wait for each other: they share the files. @throws AppError `ssh.lost`, `ssh.timeout`, `cancelled` */
  read(signal: AbortSignal): Promise<DumpReading> {
    const turn = this.last.then(() => this.readNow(signal))
    this.last = turn.catch(() => undefined)
    return turn
  }

  private async readNow(signal: AbortSignal): Promise<DumpReading> {
    this.signals ??= await this.findSignals(signal)
    const kinds = this.signals.map(([, kind]) => kind)
    const before = await this.ask.run(commands.dumpStatus(kinds), signal)
    for (const [number] of this.signals) {
      const sent = await this.ask.run(commands.keepalivedDump(number), signal)
      if (sent.failure) return failed(sent.failure, sent)
    }
    const after = await this.waitForChange(kinds, before, signal)
    if (after.failure) return failed(after.failure, after)

    const answers: Answer[] = []
    for (const kind of kinds) {
      const answer = await this.ask.run(commands.readDump(kind), signal)
      if (answer.failure) return failed(answer.failure, answer)
      answers.push(answer)
    }
    return this.parse(answers)
  }

  /** JSON tells all at once, but its signal ends a keepalived that was built without it: so ask first. */
  private async findSignals(signal: AbortSignal) {
    const json = await this.ask.run(commands.keepalivedJsonSignal(), signal)
    const number = /^\d{2}$/.exec(json.stdout.trim())?.[0]
    const both = [
      ['USR1', 'data'],
      ['USR2', 'stats'],
    ] as const
    return number && !json.failure ? ([[Number(number), 'json']] as const) : both
  }

  private async waitForChange(kinds: readonly Kind[], before: Answer, signal: AbortSignal) {
    const old = new Set(before.stdout.split('\n'))
    let now = before
    for (const pause of PAUSES_MS) {
      await delay(pause, signal)
      now = await this.ask.run(commands.dumpStatus(kinds), signal)
      const fresh = now.stdout.split('\n').filter((line) => line && !old.has(line))
      if (fresh.length === kinds.length) return now
    }
    return { ...now, failure: now.failure ?? ('ssh.commandFailed' as const) }
  }

  private parse(answers: readonly Answer[]): DumpReading {
    const [first, ...rest] = answers
    const last = rest.at(-1) ?? first
    if (!first || !last) throw new Error('A dump has at least one file.')
    try {
      const { instances } = mergeDumps(...answers.map(({ stdout }) => parseDump(stdout)))
      const instance = instances.find(({ name }) => name === this.instanceName)
      if (instance) return { instance, at: last.at, evidence: first.evidence }
    } catch {
      // Cut while keepalived was still writing: the next reading will be whole.
    }
    return failed('answer.malformed', first)
  }
}

const failed = (failure: Reason, { at, evidence }: Answer): DumpReading => ({
  failure,
  at,
  evidence,
})
