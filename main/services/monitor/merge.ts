/**
 * Reads several sources as one, each item as soon as it is there. Ends when all have ended or the reader leaves;
 * the others are ended when one fails. A source is not read ahead of the reader by more than one item.
 */
export async function* merge<T>(
  sources: readonly AsyncGenerator<T, void>[],
): AsyncGenerator<T, void> {
  const next = async (source: AsyncGenerator<T, void>) => ({ source, result: await source.next() })
  const waiting = new Map(sources.map((source) => [source, next(source)]))
  try {
    while (waiting.size) {
      const { source, result } = await Promise.race(waiting.values())
      if (result.done) {
        waiting.delete(source)
      } else {
        yield result.value
        waiting.set(source, next(source))
      }
    }
  } finally {
    for (const [source, pending] of waiting) {
      // A source that waits for its next item would never hear that it should return.
      void pending.catch(() => undefined)
      void source.return().catch(() => undefined)
    }
  }
}
