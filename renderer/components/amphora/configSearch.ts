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

/** The pieces of a line, cut anew where hits begin and end; joined again they are the line. */
export function withHits(tokens: readonly Token[], hits: readonly Hit[]): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  for (const { kind, text } of tokens) {
    const end = start + text.length
    let from = start
    for (const [index, hit] of hits.entries()) {
      if (hit.to <= from || hit.from >= end) continue
      if (hit.from > from)
        pieces.push({ kind, text: text.slice(from - start, hit.from - start), hit: -1 })
      const begin = Math.max(hit.from, from)
      const stop = Math.min(hit.to, end)
      pieces.push({ kind, text: text.slice(begin - start, stop - start), hit: index })
      from = stop
    }
    if (from < end) pieces.push({ kind, text: text.slice(from - start), hit: -1 })
    start = end
  }
  return pieces
}
