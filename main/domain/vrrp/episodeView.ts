import type { Episode, EpisodePhase } from '../../../preload/contract/pair'
import { bestClue, type Clue } from './clues'
import type { Core } from './episodeCore'
import { ownersOf } from './owners'
import { isFelt, outageErrorMs, outageMs, type Outage } from './service'

/** An overlap this short is how a hand-over looks: the winner takes the VIP before the loser has heard of it. */
const HAND_OVER_MS = 500
/** So long without an owner is no longer a failover on its way. */
const NO_OWNER_MS = 15_000

/** The VIP came to an amphora or left it. */
export interface Change {
  at: number
  errorMs: number
  kind: 'vipGained' | 'vipLost'
  amphoraId: string
}

/** An episode as it is collected. */
export interface Work {
  /** From 1, in the order in which episodes began. */
  number: number
  /** When something changed first. */
  openedAt: number
  /** When something changed last. */
  disturbedAt: number
  endedAt?: number
  from?: string
  changes: readonly Change[]
  clues: readonly Clue[]
  two?: { ms: number; errorMs: number }
  none?: { ms: number; errorMs: number }
  /** The longest one. */
  outage?: Outage
  failed: number
  /** A side could not be heard for part of it. */
  unheard: boolean
}

/** What is shown of an episode, while it lasts and after. */
export function describe(work: Work, core: Core, session: string): Episode {
  const { stretch, lastAt, intervalMs = 0 } = core.service
  const lost = work.changes.find(({ kind }) => kind === 'vipLost')
  const gained = work.changes.find(({ kind }) => kind === 'vipGained')
  const from = work.from ?? lost?.amphoraId
  const owners = ownersOf(core.sides)
  const to = owners.length === 1 ? owners[0] : undefined

  const clue = bestClue(work.clues, {
    from: work.openedAt,
    until: work.changes[0]?.at ?? work.openedAt,
    loser: lost?.amphoraId ?? from,
    winner: gained?.amphoraId,
  })
  const moves = work.changes.map(({ at }) => at)
  const failure = work.outage ?? (stretch && isFelt(stretch, moves) ? stretch : undefined)

  const found: Omit<EpisodePhase, 'sinceStartMs'>[] = []
  const add = (
    name: EpisodePhase['name'],
    at: number,
    errorMs: number,
    details: Pick<EpisodePhase, 'amphoraId' | 'text'> = {},
  ) => found.push({ name, at, errorMs, ...details })
  if (clue) {
    const { amphoraId, text } = clue
    add('trigger', clue.at, clue.errorMs, { text, ...(amphoraId !== undefined && { amphoraId }) })
  }
  for (const { kind, at, errorMs, amphoraId } of work.changes) add(kind, at, errorMs, { amphoraId })
  if (failure) add('firstFailure', failure.firstFailedAt, intervalMs)
  const startedAt = Math.min(work.openedAt, ...found.map(({ at }) => at))
  // The last good answer came before anything happened; the outage counts from it.
  if (failure?.lastGoodAt !== undefined) add('lastSuccess', failure.lastGoodAt, intervalMs)
  if (work.outage) add('firstSuccess', work.outage.firstGoodAt, intervalMs)
  if (work.endedAt !== undefined) add('steady', work.endedAt, errorAt(work, intervalMs))
  found.sort((one, other) => one.at - other.at)
  const phases = found.map((phase) => ({ ...phase, sinceStartMs: micros(phase.at - startedAt) }))

  const outage = work.outage && outageMs(work.outage)
  const probed = lastAt !== undefined && lastAt >= work.openedAt
  const two = work.two
  return {
    id: `${session}-${String(work.number)}`,
    startedAt,
    outcome: outcomeOf(work, core, from, to),
    phases,
    ...(work.endedAt !== undefined && { endedAt: work.endedAt }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(clue && {
      trigger: {
        at: clue.at,
        text: clue.text,
        kind: clue.kind,
        ...(clue.amphoraId !== undefined && { amphoraId: clue.amphoraId }),
      },
    }),
    ...(work.none && { ownerlessMs: micros(work.none.ms), ownerlessErrorMs: work.none.errorMs }),
    ...(two && two.ms > two.errorMs && { twoOwnersMs: micros(two.ms) }),
    ...(probed && { failedProbes: work.failed }),
    ...(outage !== undefined &&
      work.outage && {
        outageMs: micros(outage),
        outageErrorMs: micros(outageErrorMs(work.outage, intervalMs)),
      }),
    ...(probed && !failure && { outageMs: 0, outageErrorMs: micros(intervalMs) }),
  }
}

/** No source is more exact; a longer fraction is the arithmetic's. */
const micros = (ms: number): number => Math.round(ms * 1000) / 1000

function outcomeOf(work: Work, core: Core, from?: string, to?: string): Episode['outcome'] {
  const ended = work.endedAt !== undefined
  if (ended && work.unheard) return 'unknown'
  const overlap = (work.two?.ms ?? 0) + (core.two ? core.now - core.two.at : 0)
  if (overlap >= HAND_OVER_MS) return 'twoOwners'
  if (!ended) return core.none && core.now - core.none.at >= NO_OWNER_MS ? 'noOwner' : 'ongoing'
  if (!work.changes.length) return 'serviceOnly'
  return from === to ? 'returned' : 'moved'
}

/** The steady state began with the last change of the VIP, or with the first good answer. */
function errorAt(work: Work, intervalMs: number): number {
  const last = work.changes.findLast(({ at }) => at === work.endedAt)
  return last?.errorMs ?? intervalMs
}
