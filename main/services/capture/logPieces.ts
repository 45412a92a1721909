/** Characters of one piece, at least; the piece ends with a line. */
const PIECE = 2 * 1024 * 1024
/** A private key is no longer than this. */
const LONGEST_KEY = 64 * 1024
const KEY_BEGINS = '-----BEGIN '
const KEY_ENDS = '-----END '
const NEWLINE = 0x0a

/**
 * Cuts what a command outputs into pieces of whole lines, a private key never in two: each piece can be cleaned of its
 * secrets by itself. A last line without its end is a line, too.
 */
export async function* inPieces(
  chunks: AsyncIterable<Uint8Array>,
  atLeast = PIECE,
): AsyncGenerator<string, void> {
  let open: Uint8Array[] = []
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (!end) {
      open.push(chunk)
      continue
    }
    for (const part of [...open, chunk.subarray(0, end)])
      text += decoder.decode(part, { stream: true })
    open = [chunk.subarray(end)]
    if (text.length < atLeast) continue
    const cut = cutOf(text)
    if (!cut) continue
    yield text.slice(0, cut)
    text = text.slice(cut)
  }
  for (const part of open) text += decoder.decode(part, { stream: true })
  text += decoder.decode()
  if (text) yield text
}

/** Where the text may be cut: before a key that has begun and not ended, and that can still be one. */
function cutOf(text: string): number {
  const begins = text.lastIndexOf(KEY_BEGINS)
  const isOpen = begins >= 0 && text.indexOf(KEY_ENDS, begins) < 0
  if (!isOpen || text.length - begins > LONGEST_KEY) return text.length
  return text.lastIndexOf('\n', begins) + 1
}
