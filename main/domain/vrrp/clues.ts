import type { LineMeaning, PairEvent } from '../../../preload/contract/pair'

/** Something that may have caused a change of the owner, or an outage. */
export interface Clue {
  at: number
  errorMs: number
  amphoraId?: string
  text: string
  kind: PairEvent['kind']
  /** The lower, the more it explains. */
  rank: number
  /** Whose clue it has to be: of the side that lost the VIP or failed, of the side that took it, or of anyone. */
  of: 'loser' | 'winner' | 'anyone'
}

/** How far back a cause may lie: the check script needs up to 5 + 5 + 5 s until the VIP moves. */
export const LOOK_BACK_MS = 15_000
/** Clues come a little after what they explain: a link goes down before keepalived has written the line. */
const LOOK_AHEAD_MS = 500

const LINES: Partial<Record<LineMeaning, Pick<Clue, 'rank' | 'of'>>> = {
  died: { rank: 1, of: 'loser' },
  stopping: { rank: 2, of: 'loser' },
  stopped: { rank: 2, of: 'loser' },
  linkDown: { rank: 3, of: 'loser' },
  scriptChanged: { rank: 4, of: 'loser' },
  scriptFailed: { rank: 4, of: 'loser' },
  enterFault: { rank: 4, of: 'loser' },
  starved: { rank: 5, of: 'anyone' },
  mismatch: { rank: 6, of: 'anyone' },
  configProblem: { rank: 6, of: 'anyone' },
  starting: { rank: 7, of: 'winner' },
  scriptSucceeded: { rank: 7, of: 'winner' },
  linkUp: { rank: 7, of: 'winner' },
  reloading: { rank: 8, of: 'anyone' },
  higherPriority: { rank: 10, of: 'loser' },
}

/** What an event may explain; undefined when it explains nothing. */
export function clueOf(event: PairEvent): Clue | undefined {
  const { at, errorMs, kind } = event
  switch (kind) {
    case 'action': {
      const of = event.action.endsWith('.start') ? 'winner' : 'loser'
      return { at, errorMs, kind, amphoraId: event.amphoraId, text: event.action, rank: 0, of }
    }
    case 'line': {
      const { amphoraId, meaning, text } = event
      const found = LINES[meaning]
      if (!found) return undefined
      // The script's exit code changes both ways.
      const recovered = meaning === 'scriptChanged' && /returning 0$/.test(text)
      return { at, errorMs, kind, amphoraId, text, ...(recovered ? LINES.linkUp : found) } as Clue
    }
    case 'unit': {
      const { amphoraId, unit, active } = event
      const text = `${unit} ${active}`
      if (active === 'failed') return { at, errorMs, kind, amphoraId, text, rank: 1, of: 'loser' }
      if (active === 'inactive' || active === 'deactivating') {
        return { at, errorMs, kind, amphoraId, text, rank: 2, of: 'loser' }
      }
      return { at, errorMs, kind, amphoraId, text, rank: 7, of: 'winner' }
    }
    case 'api': {
      const text = event.provisioningStatus
      return text.startsWith('PENDING_')
        ? { at, errorMs, kind, text, rank: 9, of: 'anyone' }
        : undefined
    }
    case 'vipGained':
    case 'vipLost':
    case 'watch':
      return undefined
  }
}

/** The clue that explains most; of equal ones the earliest, told as exactly as any source knows it. */
export function bestClue(
  clues: readonly Clue[],
  found: { from: number; until: number; loser?: string | undefined; winner?: string | undefined },
): Clue | undefined {
  let best: Clue | undefined
  for (const clue of clues) {
    const inTime =
      clue.at + clue.errorMs >= found.from - LOOK_BACK_MS &&
      clue.at - clue.errorMs <= found.until + LOOK_AHEAD_MS
    const side = clue.of === 'loser' ? found.loser : found.winner
    const concerned = clue.of === 'anyone' || (side !== undefined && clue.amphoraId === side)
    if (!inTime || !concerned) continue
    if (!best || isBetter(clue, best)) best = clue
  }
  return best
}

/** Two clues whose errors overlap may be one event by two sources: then the more exact one says when it was. */
function isBetter(clue: Clue, best: Clue): boolean {
  if (clue.rank !== best.rank) return clue.rank < best.rank
  const overlap = Math.abs(clue.at - best.at) <= clue.errorMs + best.errorMs
  return overlap && clue.errorMs !== best.errorMs ? clue.errorMs < best.errorMs : clue.at < best.at
}
