import type { Difference } from '../../../preload/contract/compare'

/** One thing that a configuration says: where in its structure, what, and in which line. */
export interface Entry {
  path: string
  value: string
  /** Absent for what is said in no file. */
  line?: number
  /** The path of what it stands in: where only one side has that, the entry is not told apart. */
  within?: string
  /** Whether the order among entries of the same path means something. */
  ordered?: true
  subject?: Subject
}

export type Subject = NonNullable<Difference['subject']>

/** What two sides say differently of one path, not yet judged. */
export interface Contrast {
  path: string
  left?: Entry
  right?: Entry
  /** Both say the same things, in another order: these are the first that differ. */
  reordered?: true
}

/**
 * What differs between two lists of entries, in the order of the left file, then of the right. Entries of one path are a
 * set: what both have is equal, of the rest the first of one side stands beside the first of the other.
 * Takes time in proportion to the number of entries.
 */
export function contrast(left: readonly Entry[], right: readonly Entry[]): Contrast[] {
  const lefts = byPath(left)
  const rights = byPath(right)
  const contrasts: Contrast[] = []
  for (const path of new Set([...lefts.keys(), ...rights.keys()])) {
    const one = lefts.get(path) ?? []
    const other = rights.get(path) ?? []
    const within = (one[0] ?? other[0])?.within
    if (within !== undefined && lefts.has(within) !== rights.has(within)) continue
    contrasts.push(...contrastOf(path, one, other))
  }
  return contrasts.sort((a, b) => placeOf(a) - placeOf(b))
}

function contrastOf(path: string, left: readonly Entry[], right: readonly Entry[]): Contrast[] {
  const leftOnly = without(left, right)
  const rightOnly = without(right, left)
  const longest = Math.max(leftOnly.length, rightOnly.length)
  const contrasts: Contrast[] = []
  for (let index = 0; index < longest; index += 1) {
    const [one, other] = [leftOnly[index], rightOnly[index]]
    contrasts.push({ path, ...(one && { left: one }), ...(other && { right: other }) })
  }
  if (longest || !left[0]?.ordered) return contrasts
  const first = left.findIndex(({ value }, index) => value !== right[index]?.value)
  const [one, other] = [left[first], right[first]]
  return one && other ? [{ path, left: one, right: other, reordered: true }] : []
}

/** Entries whose value the others do not have, each as often as it is missing there. */
function without(entries: readonly Entry[], others: readonly Entry[]): Entry[] {
  const left = new Map<string, number>()
  for (const { value } of others) left.set(value, (left.get(value) ?? 0) + 1)
  return entries.filter(({ value }) => {
    const count = left.get(value) ?? 0
    if (count) left.set(value, count - 1)
    return !count
  })
}

function byPath(entries: readonly Entry[]): Map<string, Entry[]> {
  const paths = new Map<string, Entry[]>()
  for (const entry of entries) {
    const same = paths.get(entry.path)
    if (same) same.push(entry)
    else paths.set(entry.path, [entry])
  }
  return paths
}

const placeOf = ({ left, right }: Contrast): number => left?.line ?? right?.line ?? 0

/** A contrast with its judgement, as the page gets it. */
export function differenceOf(
  { path, left, right }: Contrast,
  kind: Difference['kind'],
  why: string,
): Difference {
  const subject = left?.subject ?? right?.subject
  return {
    path,
    ...(left && { left: left.value }),
    ...(right && { right: right.value }),
    ...(left?.line !== undefined && { leftLine: left.line }),
    ...(right?.line !== undefined && { rightLine: right.line }),
    kind,
    why,
    ...(subject && { subject }),
  }
}

/** Puts the names of objects beside their ids, where they are known. */
export const named = (
  differences: readonly Difference[],
  names: ReadonlyMap<string, string>,
): Difference[] =>
  differences.map((difference) => {
    const { subject } = difference
    const name = subject && names.get(subject.id)
    return subject && name ? { ...difference, subject: { ...subject, name } } : difference
  })
