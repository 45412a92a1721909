import type { Episode, PairEvent, ProbeSample } from '../../../preload/contract/pair'
import { clueOf, LOOK_BACK_MS, type Clue } from './clues'
import { describe, type Change, type Work } from './episodeView'
import { allHeard, applyToSides, ownersOf, type Sides } from './owners'
import { isFelt, isOutage, observe, type Outage, type Service } from './service'

/** How long nothing may change until a pair counts as steady. A master that comes back sooner belongs to the same episode. */
const SETTLE_MS = 1000
/** A probe that is silent for this long was stopped; its last failures say nothing more. */
const PROBE_SILENCE_MS = 15_000
const MOST_CLUES = 64
const MOST_CHANGES = 32
/** Episodes that ended, kept until a late event can no longer change them. */
const MOST_RECENT = 8

/** A time by our clock, and its error. */
interface Mark {
  at: number
  errorMs: number
}

/** Everything that has been learned from inputs in the order of their times. */
export interface Core {
  now: number
  sides: Sides
  lastOwner?: string
  /** Since when two, or none, of the sides that can all be heard hold the VIP. */
  two?: Mark
  none?: Mark
  service: Service
  clues: readonly Clue[]
  opened: number
  work?: Work
  recent: readonly Episode[]
}

/** An input in the order of its time. */
export type Timed = { at: number } & ({ event: PairEvent } | { sample: ProbeSample })

/** Takes one input in. */
export function reduce(before: Core, input: Timed, session: string): Core {
  const core = advance(before, input.at, session)
  return 'event' in input ? reduceEvent(core, input.event) : reduceProbe(core, input.sample)
}

/** Lets time pass: an episode ends when nothing has happened for long enough. */
export function advance(core: Core, now: number, session: string): Core {
  if (now <= core.now) return core
  const { work, ...rest } = { ...core, now }
  if (!work) return rest
  const { stretch, lastAt = -Infinity } = core.service
  const failing = stretch !== undefined && now - lastAt < PROBE_SILENCE_MS
  const [owner, ...others] = ownersOf(core.sides)
  const quiet = now - work.disturbedAt >= SETTLE_MS
  if (!quiet || failing || owner === undefined || others.length) return { ...rest, work }
  const endedAt = Math.max(work.disturbedAt, work.outage?.firstGoodAt ?? -Infinity)
  const ended = describe({ ...work, endedAt }, core, session)
  return {
    ...rest,
    lastOwner: owner,
    clues: core.clues.filter(({ at }) => at > endedAt),
    recent: [...core.recent, ended].slice(-MOST_RECENT),
  }
}

function reduceEvent(before: Core, event: PairEvent): Core {
  const core = withClue(before, clueOf(event))
  const change = applyToSides(core.sides, event)
  if (!change) return core

  const { sides } = change
  const mark: Mark = { at: event.at, errorMs: event.errorMs }
  const owners = ownersOf(sides)
  const heard = allHeard(sides)
  const two = owners.length > 1 ? (core.two ?? mark) : undefined
  const none = heard && !owners.length ? (core.none ?? mark) : undefined
  const { two: wasTwo, none: wasNone, work: open, ...rest } = core
  const next: Core = {
    ...rest,
    sides,
    ...(two && { two }),
    ...(none && { none }),
  }

  const [owner] = owners
  const elsewhere =
    !open &&
    heard &&
    owners.length === 1 &&
    core.lastOwner !== undefined &&
    core.lastOwner !== owner
  const begins = (two !== undefined && !wasTwo) || (none !== undefined && !wasNone)
  const disturbed = change.moved || begins || elsewhere
  const needed = disturbed || open !== undefined
  if (!needed) return { ...next, ...(heard && owner !== undefined && { lastOwner: owner }) }

  const begun = open ?? begin(core, event.at)
  const silenced = event.kind === 'watch'
  let work: Work = {
    ...begun,
    unheard: begun.unheard || !heard || (elsewhere && !change.moved),
    ...(disturbed && { disturbedAt: Math.max(begun.disturbedAt, event.at) }),
  }
  // A side that fell silent may have lost the VIP long before: what looked like two owners proves nothing.
  if (wasTwo && !two && !silenced) work = { ...work, two: add(work.two, wasTwo, mark) }
  if (wasNone && !none && !silenced) work = { ...work, none: add(work.none, wasNone, mark) }
  if (change.moved && (event.kind === 'vipGained' || event.kind === 'vipLost')) {
    const { kind, amphoraId } = event
    const entry: Change = { ...mark, kind, amphoraId }
    work = { ...work, changes: [...work.changes, entry].slice(0, MOST_CHANGES) }
  }
  return open ? { ...next, work } : { ...next, work, opened: core.opened + 1 }
}

function reduceProbe(core: Core, sample: ProbeSample): Core {
  const service = observe(core.service, sample)
  const next: Core = { ...core, service }
  const { stretch } = service
  if (!core.work) {
    if (!stretch || !isOutage(stretch)) return next
    const work = begin(next, stretch.firstFailedAt)
    return { ...next, work, opened: core.opened + 1 }
  }
  if (!sample.ok) return { ...next, work: { ...core.work, failed: core.work.failed + 1 } }
  const ended = core.service.stretch && !stretch && service.outage
  if (!ended) return next
  if (
    !isFelt(
      ended,
      core.work.changes.map(({ at }) => at),
    )
  )
    return next
  const work = { ...core.work, outage: longer(core.work.outage, ended) }
  return { ...next, work: isOutage(ended) ? { ...work, disturbedAt: sample.at } : work }
}

/** Opens an episode; failures of the probe right before belong to it. */
function begin(core: Core, at: number): Work {
  const { stretch, outage } = core.service
  const isRecent = outage && at - outage.firstGoodAt <= SETTLE_MS && isFelt(outage, [at])
  const recent = isRecent ? outage : undefined
  const unheard = !allHeard(core.sides)
  return {
    number: core.opened + 1,
    openedAt: Math.min(at, stretch?.firstFailedAt ?? at),
    disturbedAt: at,
    changes: [],
    clues: core.clues,
    failed: (stretch?.failed ?? 0) + (recent?.failed ?? 0),
    unheard,
    ...(core.lastOwner !== undefined && { from: core.lastOwner }),
    ...(recent && { outage: recent }),
  }
}

function withClue(core: Core, clue: Clue | undefined): Core {
  if (!clue) return core
  const fresh = core.clues.filter(({ at }) => at >= core.now - 2 * LOOK_BACK_MS)
  const clues = [...fresh, clue].slice(-MOST_CLUES)
  const { work } = core
  if (!work || work.clues.length >= 2 * MOST_CLUES) return { ...core, clues }
  return { ...core, clues, work: { ...work, clues: [...work.clues, clue] } }
}

const add = (sum: Work['two'], from: Mark, to: Mark): NonNullable<Work['two']> => ({
  ms: (sum?.ms ?? 0) + Math.max(0, to.at - from.at),
  errorMs: (sum?.errorMs ?? 0) + from.errorMs + to.errorMs,
})

const length = ({ lastGoodAt, firstFailedAt, firstGoodAt }: Outage): number =>
  firstGoodAt - (lastGoodAt ?? firstFailedAt)

const longer = (one: Outage | undefined, other: Outage): Outage =>
  one && length(one) >= length(other) ? one : other
