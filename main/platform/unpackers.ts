import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from 'node:zlib'
import { Decompress as ZstdReader } from 'fzstd'
import { XzReadableStream } from 'xz-decompress'

type Octets = AsyncIterable<Uint8Array>

/** So much is unpacked at once. */
const CHUNK = 256 * 1024
/** A piece of zstd unpacks to 128 KiB for each 4 octets at most, and all of it at once. */
const ZSTD_PIECE = 512

/**
 * Unpacks gzip, of several members too.
 *
 * @throws where it is damaged or cut, behind all that was whole
 */
export const gunzip = (packed: Octets): AsyncGenerator<Uint8Array, void> =>
  through(packed, createGunzip({ chunkSize: CHUNK }))

/** Unpacks a deflated entry of a zip archive. @throws as `gunzip` */
export const inflate = (packed: Octets): AsyncGenerator<Uint8Array, void> =>
  through(packed, createInflateRaw({ chunkSize: CHUNK }))

async function* through(packed: Octets, unpacker: Gunzip | InflateRaw) {
  // The unpacker works behind the back of whoever reads: it needs pieces of its own.
  const done = pipeline(Readable.from(copies(packed)), unpacker).catch(() => undefined)
  try {
    for await (const piece of unpacker) yield piece as Uint8Array
  } finally {
    unpacker.destroy()
    await done
  }
}

/** Whether xz is being unpacked: its one decoder serves one stream at a time. */
let isUnpackingXz = false

/**
 * Unpacks xz.
 *
 * @throws where it is damaged or cut, needs more memory than a log should, or is in another one that is being unpacked
 */
export async function* unxz(packed: Octets): AsyncGenerator<Uint8Array, void> {
  if (isUnpackingXz) throw new Error('xz while another xz is unpacked: unpack it first')
  isUnpackingXz = true
  try {
    const unpacked = new XzReadableStream(streamOf(copies(packed))).getReader()
    try {
      for (;;) {
        const { done, value } = await unpacked.read()
        if (done) return
        yield value
      }
    } finally {
      await unpacked.cancel().catch(() => undefined)
    }
  } catch (error) {
    throw new Error(xzReason(error), { cause: error })
  } finally {
    isUnpackingXz = false
  }
}

/** By the numbers of xz-embedded (`enum xz_ret` of xz.h). */
function xzReason(error: unknown): string {
  const [, code] = /error code (\d+)/.exec(String(error)) ?? []
  return code === '3' || code === '4'
    ? 'it needs too much memory: unpack it first'
    : 'damaged or cut'
}

/**
 * Unpacks zstd, of several frames too.
 *
 * @throws where it is damaged or cut, or needs more memory than a log should
 */
export async function* unzstd(packed: Octets): AsyncGenerator<Uint8Array, void> {
  const ready: Uint8Array[] = []
  const reader = new ZstdReader((piece) => ready.push(piece))
  for await (const piece of packed) {
    for (let at = 0; at < piece.length; at += ZSTD_PIECE) {
      reader.push(piece.slice(at, at + ZSTD_PIECE))
      yield* ready.splice(0)
    }
  }
  reader.push(new Uint8Array(0), true)
  yield* ready.splice(0)
}

const streamOf = (pieces: AsyncGenerator<Uint8Array, void>) =>
  new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: async () => {
      await pieces.return()
    },
  })

async function* copies(pieces: Octets): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) yield Uint8Array.from(piece)
}
