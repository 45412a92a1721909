import type {
  Episode,
  MonitorItem,
  Ownership,
  Pair,
  PairEvent,
  PairSide,
  VrrpState,
} from '../../preload/contract/pair'
import { Track } from './track'

/** Who holds the VIP, as far as it is watched. */
export type Owner = { kind: 'one'; amphoraId: string } | { kind: 'both' | 'none' | 'unknown' }

type Holding = 'yes' | 'no' | 'unknown'

/** What the probe does: nothing was asked, it runs, or it cannot run. */
export type ProbeActivity = 'off' | 'running' | 'failed'

/** Something that happened at an instant and is drawn as a mark. */
export interface LaneMark {
  at: number
  errorMs: number
  event: PairEvent
}

const MARKS = 5_000

/** Meanings of log lines that say nothing about a failover. */
const QUIET = new Set(['noise', 'other', 'gratuitousArp'])

const sameOwner = (a: Owner, b: Owner): boolean =>
  a.kind === b.kind && (a.kind !== 'one' || b.kind !== 'one' || a.amphoraId === b.amphoraId)

/**
 * What the monitor saw, as steps and marks over time. The kernel's events and the dumps decide the states; a log
 * line sets a state only until the next dump says more. What is not watched is unknown, not what it was before.
 */
export class Lanes {
  readonly sides = new Map<string, Track<VrrpState | 'unknown'>>()
  readonly owner = new Track<Owner>(sameOwner)
  /** Provisioning and operating status, separated by a blank. */
  readonly api = new Track<string>()
  readonly probing = new Track<ProbeActivity>()
  /** Ascending; the newest five thousand. */
  readonly marks: LaneMark[] = []

  private vips: readonly string[] = []
  /** What each side was found to be, and since when, at the first look since it is watched. */
  private readonly firstLooks = new Map<string, { state: VrrpState; at: number; since: number }>()
  /** Whether each amphora holds the VIP. Kept over time, because what happened may be told late. */
  private readonly holds = new Map<string, Track<Holding>>()

  apply(item: MonitorItem): void {
    if (item.kind === 'pair') this.applyPair(item.pair)
    if (item.kind === 'events') for (const event of item.events) this.applyEvent(event)
    if (item.kind === 'probeState') this.probing.set(item.at, item.state)
  }

  /** Nothing is watched any more: everything is unknown from here on. */
  end(at: number): void {
    for (const track of this.sides.values()) track.set(at, 'unknown')
    this.owner.set(at, { kind: 'unknown' })
    this.probing.set(at, 'off')
    for (const track of this.holds.values()) track.set(at, 'unknown')
  }

  private applyPair(pair: Pair): void {
    this.vips = pair.vips
    for (const side of pair.sides) this.applySide(side, pair.at)
    const current = new Set(pair.sides.map(({ amphoraId }) => amphoraId))
    for (const [amphoraId, track] of this.sides)
      if (!current.has(amphoraId)) {
        track.set(pair.at, 'unknown')
        this.holds.delete(amphoraId)
      }
    this.owner.set(this.ownedFrom(pair), ownerOf(pair.ownership))
  }

  private applySide(
    { amphoraId, connection, vips, vrrp, lastTransition }: PairSide,
    at: number,
  ): void {
    const track = this.trackOf(amphoraId)
    if (connection.state !== 'live') track.set(connection.since, 'unknown')
    else if ('value' in vrrp) {
      // Before the first look nobody watched, whatever the dump says of that time.
      const begin = isKnown(track.last) ? track.lastStart : undefined
      const moved = 'value' in lastTransition ? lastTransition.value : Infinity
      // A transition that lies between the last step and the dump is when the dumped state really began.
      if (begin === undefined)
        this.firstLooks.set(amphoraId, { state: vrrp.value, at: vrrp.at, since: moved })
      const from = begin !== undefined && moved > begin && moved <= vrrp.at ? moved : vrrp.at
      track.set(from, vrrp.value)
    } else if (track.last === undefined) track.set(vrrp.at ?? at, 'unknown')
    if ('value' in vips)
      this.holdsOf(amphoraId).set(vips.at, vips.value.includes(this.vips[0] ?? '') ? 'yes' : 'no')
    else this.holdsOf(amphoraId).set(at, 'unknown')
  }

  /** When an ownership that a pair tells begins: never before it was watched. */
  private ownedFrom({ at, ownership }: Pair): number {
    const { last, lastStart } = this.owner
    const since = ownership.kind === 'unknown' ? undefined : ownership.since
    if (since === undefined || !last || last.kind === 'unknown' || lastStart === undefined)
      return at
    return since > lastStart && since <= at ? since : at
  }

  private applyEvent(event: PairEvent): void {
    this.mark(event)
    switch (event.kind) {
      case 'vipGained':
      case 'vipLost':
        if (this.vips.length > 0 && event.address !== this.vips[0]) return
        this.holdsOf(event.amphoraId).set(event.at, event.kind === 'vipGained' ? 'yes' : 'no')
        return this.owner.set(event.at, this.owned(event.at))
      case 'watch':
        if (event.live) return this.knownFrom(event.amphoraId, event.at)
        this.trackOf(event.amphoraId).set(event.at, 'unknown')
        this.holdsOf(event.amphoraId).set(event.at, 'unknown')
        return this.owner.set(event.at, { kind: 'unknown' })
      case 'line': {
        const state = STATE_OF_LINE[event.meaning]
        if (state) this.trackOf(event.amphoraId).set(event.at, state)
        return
      }
      case 'unit':
        if (
          event.unit === 'keepalived' &&
          (event.active === 'inactive' || event.active === 'failed')
        )
          this.trackOf(event.amphoraId).set(event.at, 'STOPPED')
        return
      case 'api':
        return this.api.set(event.at, `${event.provisioningStatus} ${event.operatingStatus}`)
      case 'action':
        return
    }
  }

  /** A side that was watched for somebody else before is known since then, if it has not changed meanwhile. */
  private knownFrom(amphoraId: string, at: number): void {
    const look = this.firstLooks.get(amphoraId)
    if (look && look.since <= at && at < look.at) this.trackOf(amphoraId).set(at, look.state)
  }

  private owned(at: number): Owner {
    const holding = [...this.holds].map(([id, track]) => [id, track.at(at)] as const)
    const holders = holding.filter(([, held]) => held === 'yes').map(([amphoraId]) => amphoraId)
    if (holders.length > 1) return { kind: 'both' }
    if (holding.length === 0 || holding.some(([, held]) => held !== 'no' && held !== 'yes'))
      return { kind: 'unknown' }
    const [amphoraId] = holders
    return amphoraId === undefined ? { kind: 'none' } : { kind: 'one', amphoraId }
  }

  private mark(event: PairEvent): void {
    if (event.kind === 'line' && QUIET.has(event.meaning)) return
    let index = this.marks.length
    while (index > 0 && (this.marks[index - 1]?.at ?? 0) > event.at) index -= 1
    this.marks.splice(index, 0, { at: event.at, errorMs: event.errorMs, event })
    if (this.marks.length > MARKS) this.marks.shift()
  }

  private trackOf(amphoraId: string): Track<VrrpState | 'unknown'> {
    const known = this.sides.get(amphoraId)
    if (known) return known
    const track = new Track<VrrpState | 'unknown'>()
    this.sides.set(amphoraId, track)
    return track
  }

  private holdsOf(amphoraId: string): Track<Holding> {
    const known = this.holds.get(amphoraId)
    if (known) return known
    const track = new Track<Holding>()
    this.holds.set(amphoraId, track)
    return track
  }
}

const STATE_OF_LINE: Partial<Record<string, VrrpState>> = {
  enterMaster: 'MASTER',
  enterBackup: 'BACKUP',
  enterFault: 'FAULT',
  // It withdraws from the VIP with its first words; the process itself ends about a second later.
  stopping: 'STOPPED',
  stopped: 'STOPPED',
  died: 'STOPPED',
}

function ownerOf(ownership: Ownership): Owner {
  if (ownership.kind === 'one') return { kind: 'one', amphoraId: ownership.amphoraId }
  return { kind: ownership.kind === 'two' ? 'both' : ownership.kind }
}

const isKnown = (state: VrrpState | 'unknown' | undefined): boolean =>
  state !== undefined && state !== 'unknown'

/** Episodes with some replaced or added, newest first; the newest hundred. */
export function withEpisodes(
  known: readonly Episode[],
  news: readonly Episode[],
): readonly Episode[] {
  const byId = new Map([...known, ...news].map((episode) => [episode.id, episode]))
  return [...byId.values()].sort((a, b) => b.startedAt - a.startedAt).slice(0, 100)
}
