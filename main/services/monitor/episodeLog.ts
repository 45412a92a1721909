import { z } from 'zod'
import type { Episode } from '../../../preload/contract/pair'
import { JsonFile } from '../../platform/files'

/** Episodes kept of each load balancer. */
const MOST = 200
/** Two watchers of one change date its beginning this close together, in milliseconds. */
const SAME_MS = 1500

const Phase = z.looseObject({ name: z.string(), at: z.number() })
const Stored = z.array(
  z
    .looseObject({
      id: z.string(),
      startedAt: z.number(),
      outcome: z.string(),
      phases: z.array(Phase),
    })
    .transform((value) => value as unknown as Episode),
)

/** The episodes that were seen, on disk: the newest 200 of each load balancer. */
export class EpisodeLog {
  private readonly files = new Map<string, JsonFile<Episode[]>>()
  /** Ids of episodes that are still being watched. */
  private readonly open = new Set<string>()
  private readonly writing = new Set<Promise<void>>()

  constructor(private readonly dataFolder: string) {}

  /** Returns when everything that was to be kept is on the disk. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.writing)
  }

  /** Adds an episode, or replaces the one of the same id. @throws AppError `store.*` */
  keep(cloud: string, loadBalancerId: string, episode: Episode): Promise<void> {
    if (episode.endedAt === undefined) this.open.add(episode.id)
    else this.open.delete(episode.id)
    const write = this.write(cloud, loadBalancerId, episode)
    this.writing.add(write)
    return write.finally(() => this.writing.delete(write))
  }

  private async write(cloud: string, loadBalancerId: string, episode: Episode): Promise<void> {
    await this.file(cloud, loadBalancerId).update((all) => {
      const others = all.filter(({ id }) => id !== episode.id)
      const twin = others.find((other) => isTwin(other, episode))
      // Two monitors saw the same: the one with a probe knows more.
      if (twin && knowsMore(twin, episode)) return others
      const rest = others.filter((other) => other !== twin)
      return [...rest, episode].sort((a, b) => a.startedAt - b.startedAt).slice(-MOST)
    })
  }

  /** Nobody watches it any more: without an end it counts as broken off. */
  leave(id: string): void {
    this.open.delete(id)
  }

  /** Newest first. One that was never seen to end, because the console was closed, is told as ended and unknown. @throws AppError `store.unreadable` */
  async read(cloud: string, loadBalancerId: string): Promise<Episode[]> {
    const all = await this.file(cloud, loadBalancerId).read()
    return all.map((episode) => this.closed(episode)).reverse()
  }

  private closed(episode: Episode): Episode {
    if (episode.endedAt !== undefined || this.open.has(episode.id)) return episode
    const endedAt = episode.phases.at(-1)?.at ?? episode.startedAt
    return { ...episode, endedAt, outcome: 'unknown' }
  }

  private file(cloud: string, loadBalancerId: string): JsonFile<Episode[]> {
    const path = `${this.dataFolder}/episodes/${fileName(cloud)}-${fileName(loadBalancerId)}.json`
    const file = this.files.get(path) ?? new JsonFile(path, (value) => Stored.parse(value), [])
    this.files.set(path, file)
    return file
  }
}

const isTwin = (one: Episode, other: Episode): boolean =>
  Math.abs(one.startedAt - other.startedAt) <= SAME_MS &&
  one.from === other.from &&
  one.to === other.to

const knowsMore = (one: Episode, other: Episode): boolean =>
  one.outageMs !== undefined && other.outageMs === undefined

/** Names come from clouds.yaml and from the API; no file system takes all of their characters. */
const fileName = (name: string): string => encodeURIComponent(name).replaceAll('*', '%2A')
