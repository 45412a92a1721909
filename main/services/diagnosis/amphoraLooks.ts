import type { AmphoraFacts, InspectionPart } from '../../../preload/contract/inspect'
import type { LogLine, PairSide } from '../../../preload/contract/pair'
import type { SideFacts } from '../../domain/findings/facts'
import type { Inspection } from '../inspect/inspection'
import type { PairWatch } from '../pairs/pairWatch'
import { attempt } from './answers'
import { lookTwice } from './counters'

/** Lines of each log that are judged. */
export const LINES = 1000
/** The agent's part waits for heartbeats: not more often, in milliseconds. */
const AGENT_MS = 120_000
/** Quick to read, and what changes with a fault. */
const QUICK: readonly InspectionPart[] = ['namespace', 'services', 'files', 'haproxy', 'system']

/** What was seen last inside the amphorae of one load balancer. What can no longer be seen is forgotten, not kept. */
export class AmphoraLooks {
  private readonly inspections = new Map<string, AmphoraFacts>()
  private readonly counters = new Map<string, SideFacts['counters']>()
  private readonly agentAt = new Map<string, number>()

  /** `changed` is told of what comes in later than the look that asked for it. */
  constructor(
    private readonly inspection: Pick<Inspection, 'read'>,
    private readonly watch: PairWatch,
    private readonly changed: () => void,
  ) {}

  /** The next look asks for everything. */
  refresh(): void {
    this.agentAt.clear()
  }

  /** Reads the amphorae that are connected. @throws when the signal is aborted */
  async inspect(signal: AbortSignal): Promise<void> {
    await Promise.all(this.connected().map(({ amphoraId }) => this.inspectOne(amphoraId, signal)))
  }

  /** Reads only what haproxy says of itself and its members, of the amphorae that were inspected. @throws when the signal is aborted */
  async readHaproxy(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.inspected.keys()].map(async (amphoraId) => {
        const seen = await this.read(amphoraId, ['haproxy'], signal)
        const now = this.inspections.get(amphoraId)
        // A look that failed is the whole inspection's to tell, and one that was overtaken says nothing new.
        if (seen && now && seen.endedAt >= now.endedAt)
          this.inspections.set(amphoraId, { ...now, haproxy: seen.haproxy })
      }),
    )
  }

  /** Looks at keepalived's counters twice. @throws when the signal is aborted */
  async count(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.connected().map(async ({ amphoraId }) => {
        const side = this.watch.side(amphoraId)
        if (side) this.counters.set(amphoraId, await lookTwice(side, signal))
      }),
    )
  }

  /** What was read inside the amphorae that are connected, by id. */
  get inspected(): ReadonlyMap<string, AmphoraFacts> {
    return new Map(
      this.connected().flatMap(({ amphoraId }) => {
        const facts = this.inspections.get(amphoraId)
        return facts ? [[amphoraId, facts] as const] : []
      }),
    )
  }

  /** What the rules judge of one amphora. */
  factsOf(live: PairSide): SideFacts {
    const { amphoraId, connection } = live
    const isLive = connection.state === 'live'
    const inspection = this.inspections.get(amphoraId)
    const gone = { unknown: connection.failure?.reason ?? 'notYet', at: connection.since } as const
    return {
      amphoraId,
      live,
      ...(inspection && isLive && { inspection }),
      lines: this.linesOf(amphoraId) ?? gone,
      counters: isLive ? (this.counters.get(amphoraId) ?? { unknown: 'notYet' }) : gone,
    }
  }

  /** The log, while it is followed: one that is lost says nothing of what came since. */
  private linesOf(amphoraId: string): SideFacts['lines'] | undefined {
    const log = this.watch.side(amphoraId)?.log
    if (!log?.state) return undefined
    const { state, failure, at } = log.state
    if (state === 'live' || state === 'resumed' || state === 'gap')
      return { value: inOrder(log.history.slice(-LINES)), at: Date.now() }
    return { unknown: failure?.reason ?? 'notYet', at }
  }

  private connected(): readonly PairSide[] {
    return this.watch.pair.sides.filter(({ connection }) => connection.state === 'live')
  }

  private read(
    amphoraId: string,
    parts: readonly InspectionPart[],
    signal: AbortSignal,
  ): Promise<AmphoraFacts | undefined> {
    const { cloud, loadBalancerId } = this.watch
    return attempt(signal, this.inspection.read(cloud, loadBalancerId, amphoraId, parts, signal))
  }

  private async inspectOne(amphoraId: string, signal: AbortSignal): Promise<void> {
    const quick = await this.read(amphoraId, QUICK, signal)
    if (!quick) {
      this.inspections.delete(amphoraId)
      return
    }
    // Asked for only now: the agent's part of an earlier look may have come meanwhile.
    const agent = this.inspections.get(amphoraId)?.agent ?? quick.agent
    this.inspections.set(amphoraId, { ...quick, agent })
    this.changed()
    if ((this.agentAt.get(amphoraId) ?? -Infinity) >= performance.now() - AGENT_MS) return
    this.agentAt.set(amphoraId, performance.now())
    // It waits for heartbeats, and nothing waits for it; that it was cut short concerns nobody.
    this.read(amphoraId, ['agent'], signal).then(
      (slow) => {
        const now = this.inspections.get(amphoraId)
        if (slow && now) this.inspections.set(amphoraId, { ...now, agent: slow.agent })
        this.changed()
      },
      () => undefined,
    )
  }
}

const inOrder = (lines: readonly LogLine[]): readonly LogLine[] =>
  lines.toSorted((one, other) => one.rawAt - other.rawAt)
