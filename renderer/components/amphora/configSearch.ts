import type { Token } from './configTokens'

/** A place where the searched words are; `line` counts from 0, `from` and `to` are characters of the line. */
export interface Hit {
  line: number
  from: number
  to: number
}

/** Every place where the words are, letters of either case alike; none for no words. */
export function hitsOf(lines: readonly string[], words: string): Hit[] {
  const wanted = words.toLowerCase()
  if (!wanted) return []
  return lines.flatMap((text, line) => {
    const hits: Hit[] = []
    const lower = text.toLowerCase()
    for (let from = lower.indexOf(wanted); from >= 0; from = lower.indexOf(wanted, from)) {
      hits.push({ line, from, to: from + wanted.length })
      from += wanted.length
    }
    return hits
  })
}

/** A piece of a line, and whether it is part of a hit. */
export interface Piece extends Token {
  /** -1 outside of hits; else which of the given hits it belongs to. */
  hit: number
}

/** The pieces of a line, cut anew where its hits, in their order, begin and end; joined again they are the line. */
export function withHits(tokens: readonly Token[], hits: readonly Hit[]): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  let next = 0
  for (const { kind, text } of tokens) {
    const end = start + text.length
    let from = start
    const push = (to: number, hit: number): void => {
      if (to > from) pieces.push({ kind, text: text.slice(from - start, to - start), hit })
      from = Math.max(from, to)
    }
    for (let hit = hits[next]; hit && hit.from < end; hit = hits[next]) {
      push(hit.from, -1)
      push(Math.min(hit.to, end), next)
      // The rest of it is in the next piece.
      if (hit.to > end) break
      next += 1
    }
    push(end, -1)
    start = end
  }
  return pieces
}
