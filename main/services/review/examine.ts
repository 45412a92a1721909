import type { Unjudged } from '../../../preload/contract/finding'
import type { Episode } from '../../../preload/contract/pair'
import type { ComparisonFact } from '../../domain/compare/comparisons'
import { comparisonsOfScene } from '../../domain/review/compared'
import type { HostClocks } from '../../../preload/contract/review'
import { corrected } from '../../domain/review/correct'
import type { EvidenceFile, Ignored, Recognised } from '../../domain/review/evidence'
import type { Host } from '../../domain/review/hosts'
import { judge, type Judged } from '../../domain/review/judge'
import { isRecognised, recognise } from '../../domain/review/recognise'
import { scenesOf, type Scene } from '../../domain/review/scene'
import { episodesOf } from '../../domain/review/timeline'
import type { OpenedFile, Unopened } from '../../platform/evidenceFiles'

/** One load balancer of the evidence, and all that was found out about it. */
export interface ExaminedScene {
  scene: Scene
  findings: readonly Judged[]
  unknown: readonly Unjudged[]
  episodes: readonly Episode[]
  /** The configurations of its amphorae beside each other; empty where fewer than two have any. */
  comparisons: readonly ComparisonFact[]
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
export type EvidenceRead = Pick<Examination, 'files' | 'ignored' | 'undated'>

/** Judges what was read; again whenever clocks are read otherwise. */
export function examineRead(
  { files: read, ignored, undated }: EvidenceRead,
  clocks: HostClocks = {},
): Examination {
  const files = corrected(read, clocks)
  const { hosts, scenes } = scenesOf(files)
  return {
    ...{ hosts, files, ignored, undated },
    scenes: scenes.map((scene) => ({
      scene,
      ...judge(scene),
      episodes: episodesOf(scene),
      comparisons: comparisonsOfScene(scene),
    })),
  }
}

/** Reads files one after the other. Stamps without a year are dated by the newest evidence that has one; without any, by when their file was changed. */
export async function readEvidence(
  opened: AsyncIterable<OpenedFile | Unopened> | Iterable<OpenedFile | Unopened>,
  now: number,
): Promise<EvidenceRead> {
  const files: Recognised[] = []
  const ignored: Ignored[] = []
  const undated: EvidenceFile[] = []
  for await (const file of opened) {
    const read = 'octets' in file ? recognise(file, Math.min(file.modifiedAt ?? now, now)) : file
    if (!isRecognised(read)) ignored.push(read)
    else {
      files.push(read)
      if ('octets' in file && read.content.kind === 'log' && !read.content.dated) undated.push(file)
    }
  }
  const latest = files.reduce((newest, file) => Math.max(newest, latestOf(file)), -Infinity)
  if (!Number.isFinite(latest)) return { files, ignored, undated: undated.map(({ path }) => path) }
  const again = new Map(undated.map((file) => [file.path, recognise(file, latest)]))
  const dated = files.map((file) => again.get(file.path) ?? file).filter(isRecognised)
  return { ignored, files: dated, undated: undated.map(({ path }) => path) }
}

function latestOf({ content }: Recognised): number {
  if (content.kind === 'log') return lastOf(content.dated ? content.entries : [])
  if (content.kind === 'capture') return lastOf(content.packets)
  return content.kind === 'probe' ? lastOf(content.samples) : -Infinity
}

const lastOf = (told: readonly { at: number }[]): number => told.at(-1)?.at ?? -Infinity
