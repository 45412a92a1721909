import type { Episode, MonitorItem, ProbeSample } from '../../../preload/contract/pair'
import { Inbox, pieces } from '../../base/inbox'

type Balance = Extract<MonitorItem, { kind: 'balance' }>
type ProbeState = Extract<MonitorItem, { kind: 'probeState' }>

/** Samples that may wait for a slow follower: ten minutes at the fastest beat. */
const MOST_SAMPLES = 60_000
/** Samples in one item. */
const SAMPLES_PER_ITEM = 1000

/** What waits for one follower of a monitor. Samples wait in order, of everything else only the newest. */
export class MonitorMailbox extends Inbox<MonitorItem> {
  private samples: ProbeSample[] = []
  private state: ProbeState | undefined
  private balance: Balance | undefined
  private episodes = new Map<string, Episode>()

  putSamples(samples: readonly ProbeSample[]): void {
    for (const sample of samples) this.samples.push(sample)
    this.samples.splice(0, Math.max(0, this.samples.length - MOST_SAMPLES))
    this.wake()
  }

  putState(state: ProbeState): void {
    this.state = state
    this.wake()
  }

  putBalance(balance: Balance): void {
    this.balance = balance
    this.wake()
  }

  putEpisode(episode: Episode): void {
    this.episodes.set(episode.id, episode)
    this.wake()
  }

  protected override take(): MonitorItem[] {
    const { samples, state, balance, episodes } = this
    this.samples = []
    this.state = undefined
    this.balance = undefined
    this.episodes = new Map()

    const items: MonitorItem[] = []
    if (state) items.push(state)
    for (const piece of pieces(samples, SAMPLES_PER_ITEM))
      items.push({ kind: 'probe', samples: piece })
    if (balance) items.push(balance)
    for (const episode of episodes.values()) items.push({ kind: 'episode', episode })
    return items
  }
}
