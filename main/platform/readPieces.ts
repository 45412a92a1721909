import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** Fits into the cache of a processor's core, from where whoever searches it reads it a second time. */
const PIECE = 128 * 1024
/** So many pieces are read until others may go on: about ten milliseconds. */
const TURN = 64

/**
 * Reads a file in pieces that use one memory, each counting until the next is asked for. Lets others go on between them.
 *
 * @throws what `node:fs` throws
 */
export async function* readPieces(path: string): AsyncGenerator<Uint8Array, void> {
  // What was a file when it was looked at may have become a pipe since, that would be waited for.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!fstatSync(file).isFile()) return
    const memory = Buffer.allocUnsafeSlow(PIECE)
    for (let count = 1; ; count += 1) {
      const length = readSync(file, memory)
      if (!length) return
      yield memory.subarray(0, length)
      if (count % TURN === 0) await setImmediate()
    }
  } finally {
    closeSync(file)
  }
}
