import type { Fact } from '../../../preload/contract/common'
import type { PairEvent } from '../../../preload/contract/pair'
import { delay } from '../../base/delay'
import { splitLines } from '../../base/splitLines'
import { canonicalAddress, parseAddresses, parseMonitorLine } from '../../domain/ip'
import type { StreamEnd } from '../../platform/ssh'
import { commands } from '../commands'
import { proven, type Answer, type Ask } from './ask'
import type { SideClock } from './clockWatch'
import { notKnown } from '../../domain/fact'
import { together } from './together'
import { Trigger } from './trigger'

const MONITOR = commands.monitorAddresses()
/** How `timeout` ends the stream after its hour. */
const HOUR_OVER = 124

/** Milliseconds between two readings that make sure that the stream missed nothing. */
const REREAD_MS = 10_000
/** A stream that has just started may still be starting when the first reading is done. */
const SETTLE_MS = 1000
/** How long the stream may lag behind a reading before the difference is an event of its own. */
const LAG_MS = 500
const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 30_000

type Moved = Extract<PairEvent, { kind: 'vipGained' | 'vipLost' }>

/** What is known of an amphora's addresses across connections. */
export interface HeldVips {
  addresses: ReadonlySet<string>
  /** When the kernel last confirmed it, by our clock. */
  confirmedAt: number
}

export interface AddressSink {
  vips(fact: Fact<readonly string[]>): void
  event(event: Moved): void
  /** Where the side stands, as the first word since it is watched. */
  standing(event: Moved): void
}

/**
 * Watches which of the pair's VIPs the kernel of one amphora holds. The stream of changes is started first
 * and the present state is read after it, so that no change falls between the two. When the stream ends,
 * the fact is unknown at once.
 */
export class AddressWatch {
  private readonly rereading = new Trigger()
  private streaming = false
  private changes = 0
  private readings = 0
  private introduced = false

  /** `held`: what the last connection knew; a difference to it is an event within the time nobody watched. */
  constructor(
    private readonly ask: Ask,
    private readonly amphoraId: string,
    private readonly vips: () => readonly string[],
    private readonly clock: SideClock,
    private readonly sink: AddressSink,
    public held: HeldVips | undefined,
  ) {}

  /** @throws AppError `ssh.lost`, `ssh.timeout`, `cancelled` */
  run(signal: AbortSignal): Promise<void> {
    return together(signal, [(inner) => this.stream(inner), (inner) => this.confirm(inner)])
  }

  /** This side was silent: what the kernel says next is told as where it stands. */
  introduceAgain(): void {
    this.introduced = false
    this.reread()
  }

  /** Asks the kernel now. */
  reread(): void {
    this.rereading.poke()
  }

  private async stream(signal: AbortSignal): Promise<void> {
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(LAST_RETRY_MS, wait * 2)) {
      const startedAt = Date.now()
      const end = await this.readStream(startedAt, signal)
      if (signal.aborted) return
      const endedAt = Date.now()
      const { exit, stderr } = end
      // Started again at once; the reading that follows finds what came in between.
      if (exit === HOUR_OVER) continue
      const evidence = this.ask.note(MONITOR, {
        startedAt,
        endedAt,
        exit,
        stdout: '',
        stderr,
      })
      this.sink.vips(notKnown(this.ask.reasonOf(MONITOR, end), endedAt, evidence))
      if (endedAt - startedAt > LAST_RETRY_MS) wait = FIRST_RETRY_MS
      await delay(wait, signal)
    }
  }

  private async readStream(startedAt: number, signal: AbortSignal): Promise<StreamEnd> {
    let end: StreamEnd = { exit: undefined, signal: undefined, stderr: '' }
    const chunks = withEnd(this.ask.host.follow(MONITOR, signal), (value) => (end = value))
    const lines = splitLines(chunks)
    try {
      // Asking for the first line starts the command; only then the present state is read.
      let next = lines.next()
      this.streaming = true
      this.readings = 0
      this.introduceAgain()
      for (let item = await next; !item.done; item = await next) {
        this.take(item.value, startedAt)
        next = lines.next()
      }
      return end
    } finally {
      this.streaming = false
      await lines.return()
    }
  }

  private take(line: string, startedAt: number): void {
    const change = parseMonitorLine(line, this.clock.zoneOffsetMinutes)
    const address = change && vipOf(change.address, this.vips())
    if (!address) return
    this.changes += 1
    const endedAt = Date.now()
    const stdout = `${line}\n`
    const evidence = this.ask.note(MONITOR, {
      startedAt,
      endedAt,
      stdout,
      stderr: '',
    })

    const removed = change.deleted
    const before = this.held?.addresses
    if (before?.has(address) !== !removed) {
      const { amphoraId } = this
      const { at, errorMs } = this.clock.correct(change.at, endedAt)
      const kind = removed ? 'vipLost' : 'vipGained'
      this.sink.event({ kind, amphoraId, address, at, errorMs, evidence })
    }
    if (!before) {
      this.reread()
      return
    }
    const present = new Set(before)
    if (removed) present.delete(address)
    else present.add(address)
    this.held = { addresses: present, confirmedAt: endedAt }
    this.show(present, { at: endedAt, evidence })
  }

  private async confirm(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.rereading.wait(this.readings < 2 ? SETTLE_MS : REREAD_MS, signal)
      if (signal.aborted) return
      const changes = this.changes
      const answer = await this.ask.run(commands.addresses(), signal)
      this.readings += 1
      // A change that came while the answer was under way is newer than the answer.
      if (changes !== this.changes) this.reread()
      else await this.compare(answer, signal)
    }
  }

  private async compare(answer: Answer, signal: AbortSignal): Promise<void> {
    if (answer.failure) {
      this.sink.vips(notKnown(answer.failure, answer.at, answer.evidence))
      return
    }
    const present = vipsIn(answer.stdout, this.vips())
    const before = this.held
    if (!this.introduced) {
      this.introduced = true
      this.show(present, answer)
      this.introduce(present, answer)
    } else if (before && !same(before.addresses, present)) {
      this.show(present, answer)
      const changes = this.changes
      await delay(LAG_MS, signal)
      if (changes !== this.changes) {
        this.reread()
        return
      }
      this.tellUnseen(before, present, answer)
    }
    this.held = { addresses: present, confirmedAt: answer.at }
    this.show(present, answer)
  }

  /** The first word of a side since it is watched: where it stands, whatever happened before. */
  private introduce(
    present: ReadonlySet<string>,
    { startedAt, at: endedAt, evidence }: Answer,
  ): void {
    const errorMs = endedAt - startedAt + (this.clock.offset?.errorMs ?? 0)
    // Dated as early as it may be: a change right after it must never look like the older word of the two.
    const at = startedAt - (this.clock.offset?.errorMs ?? 0)
    for (const address of this.vips()) {
      const kind = present.has(address) ? 'vipGained' : 'vipLost'
      const { amphoraId } = this
      this.sink.standing({ kind, amphoraId, address, at, errorMs, evidence, standing: true })
    }
  }

  /** Something changed while nobody watched: between the last confirmation and now, more is not known. */
  private tellUnseen(before: HeldVips, present: ReadonlySet<string>, answer: Answer): void {
    const at = (before.confirmedAt + answer.at) / 2
    const errorMs = (answer.at - before.confirmedAt) / 2
    for (const address of this.vips()) {
      if (before.addresses.has(address) === present.has(address)) continue
      const kind = present.has(address) ? 'vipGained' : 'vipLost'
      const { amphoraId } = this
      this.sink.event({ kind, amphoraId, address, at, errorMs, evidence: answer.evidence })
    }
  }

  private show(present: ReadonlySet<string>, proof: Pick<Answer, 'at' | 'evidence'>): void {
    if (this.streaming) this.sink.vips(proven([...present], proof))
  }
}

/** Which VIPs an answer of `ip -j address` names, in the API's spelling. */
export function vipsIn(answer: string, vips: readonly string[]): ReadonlySet<string> {
  const addresses = parseAddresses(answer).flatMap((link) => link.addresses)
  return new Set(addresses.flatMap(({ address }) => vipOf(address, vips) ?? []))
}

/** The VIP that an address is, in the API's spelling. */
function vipOf(address: string, vips: readonly string[]): string | undefined {
  const canonical = canonicalAddress(address)
  return vips.find((vip) => canonicalAddress(vip) === canonical)
}

const same = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((item) => b.has(item))

/** Passes chunks on and tells how the command ended. */
async function* withEnd(
  chunks: AsyncGenerator<Buffer, StreamEnd>,
  onEnd: (end: StreamEnd) => void,
): AsyncGenerator<Buffer, void> {
  onEnd(yield* chunks)
}
