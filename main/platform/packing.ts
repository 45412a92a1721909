import type { Pieces } from './pieces'
import { isTar } from './tar'
import { gunzip, unxz, unzstd } from './unpackers'
import { isZip } from './zip'

/** So many octets tell how a file is packed. */
export const PACKING_HEAD = 512

/** How a file is packed. */
export type Packing =
  /** One file, that `unpack` unpacks. @throws the packing's name and why, behind all that was whole */
  | { kind: 'file'; unpack: (pieces: Pieces) => AsyncIterable<Uint8Array> }
  | { kind: 'tar' | 'zip' }
  /** Only another program unpacks it. */
  | { kind: 'other'; command: string }

const FILES = [
  [Buffer.from([0x1f, 0x8b, 0x08]), 'gzip', gunzip],
  [Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), 'xz', unxz],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'zstd', unzstd],
] as const
const OTHERS: readonly (readonly [Buffer, string])[] = [
  [Buffer.from([0x42, 0x5a, 0x68]), 'bunzip2'],
  [Buffer.from([0x37, 0x7a, 0xbc, 0xaf]), '7z x'],
]

/** Tells by how a file begins; undefined for what is not packed. */
export function packingOf(head: Buffer): Packing | undefined {
  const begins = (magic: Buffer) => head.subarray(0, magic.length).equals(magic)
  for (const [magic, name, unpack] of FILES) {
    if (begins(magic)) return { kind: 'file', unpack: (pieces) => named(name, unpack, pieces) }
  }
  if (isZip(head)) return { kind: 'zip' }
  if (isTar(head)) return { kind: 'tar' }
  const [, command] = OTHERS.find(([magic]) => begins(magic)) ?? []
  return command === undefined ? undefined : { kind: 'other', command }
}

async function* named(
  name: string,
  unpack: (octets: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
  pieces: Pieces,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* unpack(pieces.upTo(Infinity))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${name}: ${why}`, { cause: error })
  }
}
