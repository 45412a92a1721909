/** Two lines side by side: counted from 1, absent where one side has nothing. */
export interface AlignedLine {
  left?: number
  right?: number
  equal: boolean
}

/** Stretches up to this many pairs of lines are aligned line by line; longer ones only by lines that are there once. */
const SMALL = 40_000

/**
 * Puts the lines of two texts side by side: lines that are there once on both sides hold them together, and what lies
 * between two of those is aligned in the same way. Nearly linear in the number of lines; the indentation means nothing.
 */
export function alignLines(left: readonly string[], right: readonly string[]): AlignedLine[] {
  const lefts = left.map((line) => line.trim())
  const rights = right.map((line) => line.trim())
  const rows: AlignedLine[] = []
  const waiting: [number, number, number, number][] = [[0, lefts.length, 0, rights.length]]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    let [from, to, start, end] = next
    while (from < to && start < end && lefts[from] === rights[start]) {
      rows.push({ left: (from += 1), right: (start += 1), equal: true })
    }
    let tail = 0
    while (
      tail < to - from &&
      tail < end - start &&
      lefts[to - 1 - tail] === rights[end - 1 - tail]
    )
      tail += 1
    if (tail) {
      // What ends equally comes after what is between.
      waiting.push([to - tail, to, end - tail, end])
      to -= tail
      end -= tail
    }
    const anchors = from < to && start < end ? anchorsOf(lefts, rights, [from, to, start, end]) : []
    if (anchors.length) {
      const cuts: [number, number, number, number][] = []
      let [here, there] = [from, start]
      for (const [one, other] of anchors) {
        cuts.push([here, one, there, other], [one, one + 1, other, other + 1])
        here = one + 1
        there = other + 1
      }
      cuts.push([here, to, there, end])
      waiting.push(...cuts.reverse())
    } else if ((to - from) * (end - start) <= SMALL) {
      alignSmall(rows, lefts, rights, [from, to, start, end])
    } else {
      pairUp(rows, from, to, start, end)
    }
  }
  return rows
}

type Range = readonly [number, number, number, number]

/** Lines that stand once in each side's part, as many as keep their order on both sides. */
function anchorsOf(
  left: readonly string[],
  right: readonly string[],
  [from, to, start, end]: Range,
): [number, number][] {
  const places = new Map<string, { left: number; right: number }>()
  for (let i = from; i < to; i += 1) {
    const known = places.get(left[i] ?? '')
    places.set(left[i] ?? '', known ? { left: -1, right: -1 } : { left: i, right: -2 })
  }
  for (let i = start; i < end; i += 1) {
    const known = places.get(right[i] ?? '')
    if (!known || known.left < 0) continue
    if (known.right === -2) known.right = i
    else known.left = -1
  }
  const common = [...places.values()].filter((place) => place.left >= 0 && place.right >= 0)
  return longestRising(common).map((place) => [place.left, place.right])
}

/** The longest part of places, ordered by their left line, whose right lines rise. */
function longestRising(places: readonly { left: number; right: number }[]) {
  const ends: number[] = []
  const before: number[] = []
  for (const [index, { right }] of places.entries()) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((places[ends[middle] ?? 0]?.right ?? 0) < right) low = middle + 1
      else high = middle
    }
    before[index] = low ? (ends[low - 1] ?? -1) : -1
    ends[low] = index
  }
  const found: { left: number; right: number }[] = []
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) {
    const place = places[index]
    if (place) found.push(place)
  }
  return found.reverse()
}

/** The longest common lines of a small stretch, by comparing each with each. */
function alignSmall(
  rows: AlignedLine[],
  left: readonly string[],
  right: readonly string[],
  [from, to, start, end]: Range,
): void {
  const width = end - start + 1
  const lengths = new Uint16Array((to - from + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = to - from - 1; i >= 0; i -= 1) {
    for (let j = end - start - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        left[from + i] === right[start + j]
          ? at(i + 1, j + 1) + 1
          : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  let [i, j, here, there] = [0, 0, 0, 0]
  while (i < to - from && j < end - start) {
    if (left[from + i] === right[start + j]) {
      pairUp(rows, from + here, from + i, start + there, start + j)
      rows.push({ left: from + i + 1, right: start + j + 1, equal: true })
      i += 1
      j += 1
      here = i
      there = j
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  pairUp(rows, from + here, to, start + there, end)
}

/** Lines without an equal: the first of one side beside the first of the other. */
function pairUp(rows: AlignedLine[], from: number, to: number, start: number, end: number): void {
  for (let i = 0; i < Math.max(to - from, end - start); i += 1) {
    rows.push({
      ...(from + i < to && { left: from + i + 1 }),
      ...(start + i < end && { right: start + i + 1 }),
      equal: false,
    })
  }
}
