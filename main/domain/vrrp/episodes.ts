/**
 * Finds failover episodes in what is known about a pair.
 *
 * What an episode is
 * - It begins when a VIP is seen to come or go, when two sides hold the VIP or all sides are heard and none does, when at
 *   least three probes in a row fail (two, if they lie a second apart), or when the owner is found to be another one than
 *   before. Nothing else begins one: log lines, stops of a backup, single lost probes and lost connections do not.
 * - It ends when exactly one side holds the VIP, the probe succeeds (or does not run) and nothing has changed for one second;
 *   `endedAt` is the last change. A VIP that comes back within that second belongs to the same episode; later it is a new one.
 *
 * What is said about it
 * - The trigger is the clue that explains most, of the side it concerns: an operator's action, then the death of a process or
 *   unit, a stop, a lost link, a failed check script or FAULT, starvation, a mismatch; for a side that takes the VIP also its
 *   recovery. It may lie up to 15 s back, because the check script needs that long, and half a second after. The episode is
 *   dated back to it. Clues that an ended episode could have used are not used again.
 * - `ownerlessMs` and `twoOwnersMs` add up the times in which all sides were heard; their error is the sum of the errors of the
 *   events at both ends. An overlap below half a second is a hand-over and no `twoOwners`.
 * - `outageMs` runs from the last good answer before the longest stretch without one to the first good answer after, as a
 *   client would count it. Answers that were only late, and not while the VIP moved, are no such stretch. Its error is the time between two probes, at least.
 * - An episode in which a side could not be heard is `unknown` when it ends; what was measured is still told. When a side falls
 *   silent while two seemed to own the VIP, that overlap is not counted: the silent one may have lost it before.
 *
 * Time
 * - Inputs may come late and in any order. All that is younger than the hold-back is reduced again, in order, whenever
 *   something arrives between; what is older counts for good. So an episode is shown at once and corrected afterwards,
 *   and the memory in use is bounded. A word that comes later than the hold-back cannot overrule a newer one of that side.
 * - The clock runs by ticks and probes, or by events while there are neither, as in an offline review. Where it runs, an event
 *   that is more than a second ahead of it comes from a wrong clock, and is dated to now.
 * - The first word of each side is where it stands; it begins nothing by itself. After each `watch` with `live: false` the
 *   next word of that side is again such a first one.
 */
import type { Episode, PairEvent, ProbeSample } from '../../../preload/contract/pair'
import { canonicalAddress } from '../ip'
import { advance, reduce, type Core, type Timed } from './episodeCore'
import { describe } from './episodeView'
import { silent } from './owners'

/** What is fed to `step`. `tick`: time passes, by our clock; about every 250 ms, and at least once per second. */
export type EpisodeInput =
  | { kind: 'event'; event: PairEvent }
  | { kind: 'probe'; sample: ProbeSample }
  | { kind: 'tick'; now: number }

export interface EpisodeSetup {
  /** The amphorae of the pair; events about others are passed over. */
  amphoraIds: readonly string[]
  /** The VIPs; events about other addresses are passed over. Every address counts when it is left out. */
  vips?: readonly string[]
  /** Begins the ids of episodes, so that they stay unique across runs. @default the time of the first input */
  session?: string
  /** How late inputs may come, in milliseconds: more than a probe may take. @default 2000 */
  holdBackMs?: number
}

/** Opaque, immutable. */
export interface EpisodeState {
  readonly setup: EpisodeSetup
  readonly session: string
  readonly now: number
  /** Whether a clock of ours has been heard. */
  readonly timed: boolean
  readonly settled: Core
  readonly preview: Core
  /** Younger than the hold-back, in the order of their times, each with what was known after it. */
  readonly pending: readonly { readonly input: Timed; readonly after: Core }[]
  /** The episodes as they were told last. */
  readonly told: ReadonlyMap<string, Episode>
}

const HOLD_BACK_MS = 2000
/** Our clock stands still between two ticks; what is further ahead cannot be true. */
const FUTURE_MS = 1000
/** A flood cannot fill the memory: the oldest inputs are settled early. */
const MOST_PENDING = 5000

/** The state before anything is known. */
export function initialEpisodes(setup: EpisodeSetup): EpisodeState {
  const core: Core = {
    now: -Infinity,
    sides: Object.fromEntries(setup.amphoraIds.map((amphoraId) => [amphoraId, silent])),
    service: {},
    clues: [],
    opened: 0,
    recent: [],
  }
  return {
    setup,
    session: setup.session ?? '',
    now: -Infinity,
    timed: false,
    settled: core,
    preview: core,
    pending: [],
    told: new Map(),
  }
}

/**
 * Takes one input in. Deterministic, without side effects; the given state stays as it is.
 *
 * @returns the next state, and every episode that began or changed, complete, in the order in which they began
 */
export function step(
  state: EpisodeState,
  input: EpisodeInput,
): { state: EpisodeState; changed: Episode[] } {
  const at = timeOf(input)
  if (!Number.isFinite(at) || !concerns(state, input)) return { state, changed: [] }

  const ours = input.kind !== 'event'
  const timed = state.timed || ours
  const now = ours || !state.timed ? Math.max(state.now, at) : state.now
  const session = state.session || Math.round(at).toString(36)
  const clock = { ...state, now, timed, session }

  const entry = input.kind === 'tick' ? undefined : timedInput(input, now + FUTURE_MS)
  const next = settle(entry ? insert(clock, entry) : clock)
  return tell({ ...next, preview: advance(next.preview, now, session) })
}

/** When it happened or, for a probe, when its result was known. */
function timeOf(input: EpisodeInput): number {
  switch (input.kind) {
    case 'event':
      return input.event.at
    case 'probe':
      return input.sample.at + input.sample.durationMs
    case 'tick':
      return input.now
  }
}

function timedInput(input: Exclude<EpisodeInput, { kind: 'tick' }>, latest: number): Timed {
  if (input.kind === 'probe') return { at: input.sample.at, sample: input.sample }
  const at = Math.min(input.event.at, latest)
  return { at, event: { ...input.event, at } }
}

function concerns({ setup }: EpisodeState, input: EpisodeInput): boolean {
  if (input.kind !== 'event') return true
  const { event } = input
  if ('amphoraId' in event && !setup.amphoraIds.includes(event.amphoraId)) return false
  if (!setup.vips || !('address' in event)) return true
  const address = canonicalAddress(event.address)
  return setup.vips.some((vip) => canonicalAddress(vip) === address)
}

/** Puts the input in its place; only what stands behind it is reduced again. Of equal times the first to come stays first. */
function insert(state: EpisodeState, input: Timed): EpisodeState {
  const { pending, session } = state
  let place = pending.length
  while (place > 0 && (pending[place - 1]?.input.at ?? 0) > input.at) place -= 1
  let after = reduce(pending[place - 1]?.after ?? state.settled, input, session)
  const behind = [{ input, after }]
  for (const { input: later } of pending.slice(place)) {
    after = reduce(after, later, session)
    behind.push({ input: later, after })
  }
  return { ...state, pending: [...pending.slice(0, place), ...behind], preview: after }
}

/** What is older than the hold-back counts for good. */
function settle(state: EpisodeState): EpisodeState {
  const { pending, setup, now } = state
  const horizon = now - (setup.holdBackMs ?? HOLD_BACK_MS)
  let count = Math.max(0, pending.length - MOST_PENDING)
  while (count < pending.length && (pending[count]?.input.at ?? 0) <= horizon) count += 1
  const settled = pending[count - 1]?.after
  return settled ? { ...state, settled, pending: pending.slice(count) } : state
}

/** Compares with what was told last. An episode that a late input has undone is told as ended and unknown. */
function tell(state: EpisodeState): { state: EpisodeState; changed: Episode[] } {
  const { preview, told, session, now } = state
  if (!preview.work && !preview.recent.length && !told.size) return { state, changed: [] }
  const current = preview.work
    ? [...preview.recent, describe(preview.work, preview, session)]
    : preview.recent
  const next = new Map(current.map((episode) => [episode.id, episode]))
  const changed = current.filter((episode) => !isSame(told.get(episode.id), episode))
  for (const [id, episode] of told) {
    if (episode.endedAt !== undefined || next.has(id)) continue
    changed.push({ ...episode, endedAt: Math.max(now, episode.startedAt), outcome: 'unknown' })
  }
  return changed.length || next.size !== told.size
    ? { state: { ...state, told: next }, changed }
    : { state, changed }
}

const isSame = (one: Episode | undefined, other: Episode): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other)
