/** A piece of a sentence: plain words, machine text that may be copied, or the id of an amphora. */
export interface SentencePart {
  kind: 'text' | 'code' | 'amphora'
  text: string
}

/** Cuts a sentence at its `backticks` and, in its plain words, at the ids of amphorae that have a name here. */
export function sentenceParts(
  sentence: string,
  amphoraIds: readonly string[] = [],
): SentencePart[] {
  const parts: SentencePart[] = []
  for (const [place, piece] of sentence.split('`').entries()) {
    if (place % 2 === 1) parts.push({ kind: 'code', text: piece })
    else parts.push(...plainParts(piece, amphoraIds))
  }
  return parts.filter(({ text }) => text !== '')
}

function plainParts(text: string, amphoraIds: readonly string[]): SentencePart[] {
  let pieces: SentencePart[] = [{ kind: 'text', text }]
  for (const id of amphoraIds) {
    if (id === '') continue
    pieces = pieces.flatMap((piece) => (piece.kind === 'text' ? cutAt(piece.text, id) : [piece]))
  }
  return pieces
}

const cutAt = (text: string, id: string): SentencePart[] =>
  text
    .split(id)
    .flatMap((piece, place): SentencePart[] => [
      ...(place > 0 ? [{ kind: 'amphora' as const, text: id }] : []),
      { kind: 'text', text: piece },
    ])

const UUID = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g

/** A sentence for one line of a table: without marks, ids only as far as people read them to each other. */
export const inOneLine = (sentence: string): string =>
  sentence.replaceAll('`', '').replaceAll(UUID, '$1').replaceAll(/\s+/g, ' ').trim()
