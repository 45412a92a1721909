/** A line longer than this is cut into pieces of this size, so that a source without newlines cannot fill memory. */
const LONGEST_LINE = 1024 * 1024

/** Cuts chunks of octets into lines of UTF-8 text without their newline. A last line without a newline still counts. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    while (rest.length > LONGEST_LINE) {
      yield rest.slice(0, LONGEST_LINE)
      rest = rest.slice(LONGEST_LINE)
    }
  }
  rest += decoder.decode()
  if (rest) yield rest
}
