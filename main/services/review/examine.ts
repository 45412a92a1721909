import type { Unjudged } from '../../../preload/contract/finding'
import type { Episode } from '../../../preload/contract/pair'
import type { ComparisonFact } from '../../domain/compare/comparisons'
import { comparisonsOfScene } from '../../domain/review/compared'
import type { HostClocks } from '../../../preload/contract/review'
import { corrected } from '../../domain/review/correct'
import type { Ignored, Recognised } from '../../domain/review/evidence'
import type { Host } from '../../domain/review/hosts'
import { judge, type Judged } from '../../domain/review/judge'
import { redated } from '../../domain/review/readLog'
import { isRecognised, recognise, Recogniser } from '../../domain/review/recognise'
import { scenesOf, type Scene } from '../../domain/review/scene'
import { episodesOf } from '../../domain/review/timeline'
import type { OpenedFile, Unopened } from '../../platform/evidenceFiles'
import { BundleFinder, byOurClock, replay, type Snapshot } from './bundles'

/** One load balancer of the evidence, and all that was found out about it. */
export interface ExaminedScene {
  scene: Scene
  findings: readonly Judged[]
  unknown: readonly Unjudged[]
  episodes: readonly Episode[]
  /** The configurations of its amphorae beside each other; empty where fewer than two have any. */
  comparisons: readonly ComparisonFact[]
  /** What a bundle showed of it last, all APIs and both amphorae; absent where files are all there is. */
  snapshot?: Snapshot
}

/** What files say, with the secrets that are in them: whoever tells of it takes them out. */
export interface Examination {
  hosts: readonly Host[]
  scenes: readonly ExaminedScene[]
  /** Every file whose format is known. */
  files: readonly Recognised[]
  ignored: readonly Ignored[]
  /** Paths of logs whose stamps leave out the year. */
  undated: readonly string[]
}

/**
 * Examines files: recognises them, finds the machines and load balancers that they are about, and judges those over time.
 *
 * @param now dates stamps without a year where no other evidence does
 */
export async function examine(
  opened: AsyncIterable<OpenedFile | Unopened> | Iterable<OpenedFile | Unopened>,
  now: number,
): Promise<Examination> {
  return examineRead(await readEvidence(opened, now))
}

/** What was read of files, before anything is made of it. */
export interface EvidenceRead extends Pick<Examination, 'files' | 'ignored' | 'undated'> {
  bundles: BundleFinder
}

/** Judges what was read; again whenever clocks are read otherwise. */
export async function examineRead(
  { files: read, ignored, undated, bundles }: EvidenceRead,
  clocks: HostClocks = {},
): Promise<Examination> {
  const files = corrected(
    read.map((file) => byOurClock(file, bundles.found)),
    clocks,
  )
  const { hosts, scenes } = scenesOf(files)
  const snapshots = await replayAll(bundles)
  const known = new Set(scenes.map(({ loadBalancerId }) => loadBalancerId))
  const others = [...snapshots.values()].filter(({ facts }) => !known.has(facts.loadBalancerId))
  return {
    ...{ hosts, files, ignored, undated },
    scenes: [...scenes, ...others.map(sceneOf)].map((scene) => {
      const snapshot = snapshots.get(scene.loadBalancerId)
      const judged = judge(scene, snapshot && { facts: snapshot.facts, file: snapshot.root })
      return {
        ...{ scene, episodes: episodesOf(scene), comparisons: comparisonsOfScene(scene) },
        ...judged,
        ...(snapshot && { snapshot }),
      }
    }),
  }
}

/** The newest bundle of each load balancer tells how it was last. */
async function replayAll({ found }: BundleFinder): Promise<Map<string, Snapshot>> {
  const inOrder = found.toSorted((one, other) => one.manifest.stateAt - other.manifest.stateAt)
  const newest = new Map(inOrder.map((bundle) => [bundle.manifest.loadBalancer.id, bundle]))
  const snapshots = await Promise.all(Array.from(newest.values(), replay))
  return new Map(snapshots.map((snapshot) => [snapshot.facts.loadBalancerId, snapshot]))
}

/** Where no file but the records of a bundle tells of a load balancer, there is no history. */
const sceneOf = ({ facts, dossier }: Snapshot): Scene => ({
  ...{ loadBalancerId: facts.loadBalancerId, vips: dossier.pair.vips },
  ...{ actors: [], probes: [], seen: [], from: facts.now, until: facts.now },
})

/** Reads files one after the other. Stamps without a year are dated by the newest evidence that has one; without any, by when their file was changed. */
export async function readEvidence(
  opened: AsyncIterable<OpenedFile | Unopened> | Iterable<OpenedFile | Unopened>,
  now: number,
): Promise<EvidenceRead> {
  const files: Recognised[] = []
  const ignored: Ignored[] = []
  const bundles = new BundleFinder()
  for await (const file of bundles.sift(opened)) {
    if ('reason' in file) {
      ignored.push(file)
      continue
    }
    const read = await readOne(file, Math.min(file.modifiedAt ?? now, now), ignored)
    if (!isRecognised(read)) ignored.push(read)
    else {
      files.push(read)
      if (read.incomplete !== undefined) ignored.push({ file: read.path, reason: read.incomplete })
    }
  }
  const latest = files.reduce((newest, file) => Math.max(newest, latestOf(file)), -Infinity)
  const undated = files.filter(({ content }) => content.kind === 'log' && !content.dated)
  return {
    ...{ ignored, bundles },
    undated: undated.map(({ path }) => path),
    files: Number.isFinite(latest) ? files.map((file) => redate(file, latest)) : files,
  }
}

/** Reads a file in pieces where it comes so; why it broke off is told beside what was read. */
async function readOne(
  file: OpenedFile,
  now: number,
  ignored: Ignored[],
): Promise<Recognised | Ignored> {
  if ('octets' in file) return recognise(file, now)
  const recogniser = new Recogniser(file, now)
  try {
    for await (const piece of file.pieces) if (!recogniser.push(piece)) break
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    ignored.push({ file: file.path, reason: `${reason}; read up to there` })
  }
  return recogniser.end()
}

function redate(file: Recognised, latest: number): Recognised {
  const { content } = file
  const isDated = content.kind !== 'log' || content.dated
  return isDated ? file : { ...file, content: redated(content, latest) }
}

function latestOf({ content }: Recognised): number {
  if (content.kind === 'log') return lastOf(content.dated ? content.entries : [])
  if (content.kind === 'capture') return lastOf(content.packets)
  return content.kind === 'probe' ? lastOf(content.samples) : -Infinity
}

const lastOf = (told: readonly { at: number }[]): number => told.at(-1)?.at ?? -Infinity
