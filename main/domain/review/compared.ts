import type { AmphoraFacts, ConfigFile } from '../../../preload/contract/inspect'
import { unknownAmphora } from '../amphora/unread'
import { comparisonsOf, type ComparisonFact } from '../compare/comparisons'
import { notKnown } from '../fact'
import { pairSecrets } from '../pairSecrets'
import { shelvesOf, type SideAt } from './facts'
import type { Scene } from './scene'

interface Made {
  /** Which files there were. */
  key: string
  comparisons: ComparisonFact[]
}
/** Files are few and change seldom, and the sides of one walk are asked about at thousands of moments. */
const LAST = new WeakMap<readonly FiledSide[], Made>()

type FiledSide = Pick<SideAt, 'actor' | 'shelves'>

/**
 * The configurations of a pair beside each other, as files had them at a moment; undefined where fewer than two sides have
 * any. What only the API tells is unknown.
 */
export function comparisonsAt(
  sides: readonly FiledSide[],
  now: number,
): readonly ComparisonFact[] | undefined {
  const read = sides.map((side) => ({ id: side.actor.id, shelves: newestOf(side, now) }))
  const withFiles = read.filter(({ shelves }) => shelves.length)
  if (withFiles.length < 2) return undefined
  const key = JSON.stringify(withFiles.map(({ shelves }) => shelves.map(({ path }) => path)))
  const last = LAST.get(sides)
  if (last?.key === key) return last.comparisons
  const numbers = new Map<string, string>()
  const inspections = new Map(
    withFiles.map(({ id, shelves }) => [id, inspected(id, shelves, numbers, now)]),
  )
  const comparisons = comparisonsOf({
    detail: notKnown('notMeasured'),
    amphorae: { value: withFiles.map(({ id }) => ({ id, status: 'ALLOCATED' })), at: now },
    inspections,
  })
  LAST.set(sides, { key, comparisons })
  return comparisons
}

/** The same at the end of the evidence. */
export const comparisonsOfScene = ({ actors, until }: Scene): readonly ComparisonFact[] =>
  comparisonsAt(
    actors.map((actor) => ({ actor, shelves: shelvesOf(actor, until) })),
    until,
  ) ?? []

interface ConfigShelf {
  at: number
  path: string
  file: ConfigFile
  /** With its secrets. */
  raw: string
}

/** Of each configuration the newest that there was. */
function newestOf({ shelves }: FiledSide, now: number): ConfigShelf[] {
  const newest = new Map<string, ConfigShelf>()
  for (const { at, path, file, recognised } of shelves) {
    const { content } = recognised
    if (at > now || !file || content.kind !== 'config') continue
    const known = newest.get(file.path)
    if (!known || known.at <= at) newest.set(file.path, { at, path, file, raw: content.text })
  }
  return [...newest.values()]
}

function inspected(
  id: string,
  shelves: readonly ConfigShelf[],
  numbers: Map<string, string>,
  now: number,
): AmphoraFacts {
  const files = shelves.map(({ file, raw }) => ({
    ...file,
    secretTokens: tokensOf(raw, numbers),
  }))
  const at = Math.max(...shelves.map((shelf) => shelf.at))
  return { ...unknownAmphora(id, () => 'notMeasured', now, now), files: { value: files, at } }
}

/** Equal secrets have equal numbers, which say nothing else of them. */
const tokensOf = (text: string, numbers: Map<string, string>): Record<string, string> =>
  Object.fromEntries(
    pairSecrets(text).map(({ word, secret }) => {
      const number = numbers.get(secret) ?? String(numbers.size + 1)
      numbers.set(secret, number)
      return [word, number]
    }),
  )
