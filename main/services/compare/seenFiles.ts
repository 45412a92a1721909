import { z } from 'zod'
import type { ConfigFile } from '../../../preload/contract/inspect'
import { JsonFile } from '../../platform/files'

const Look = z.object({
  /** Without secrets. */
  text: z.string(),
  /** Of the file with its secrets. */
  digest: z.string(),
  /** When it was seen first and last, by our clock. */
  firstAt: z.number(),
  lastAt: z.number(),
})
const Seen = z.object({ kind: z.string(), now: Look, before: Look.optional() })
const Memory = z.record(z.string(), Seen)

/** A file as it is, and as it was before it last changed. */
export type SeenFile = z.infer<typeof Seen>

/** That a file is still the same is worth a write once in a while only, in milliseconds. */
const SAME_MS = 60_000

/** Files for which the whole of an amphora's memory has room, in characters; larger ones are not remembered. */
const LARGEST = 2_000_000

/**
 * What the files of amphorae looked like when the console last looked, without their secrets: one file in the data folder
 * for each amphora.
 */
export class SeenFiles {
  private readonly stores = new Map<string, JsonFile<Record<string, SeenFile>>>()

  /** `pathOf` tells where the memory of an amphora is kept, by a name that is safe in a path. */
  constructor(private readonly pathOf: (name: string) => string) {}

  /**
   * Remembers files as they are now; answers each by its path, with what it was before its last change.
   * @throws AppError `store.*`
   */
  async look(
    amphoraId: string,
    files: readonly ConfigFile[],
    at: number,
  ): Promise<ReadonlyMap<string, SeenFile>> {
    const store = this.storeOf(amphoraId)
    const old = await store.read()
    const { seen, worthKeeping } = merged(old, files, at)
    if (worthKeeping) await store.update((kept) => merged(kept, files, at).seen)
    return new Map(Object.entries(seen))
  }

  private storeOf(amphoraId: string): JsonFile<Record<string, SeenFile>> {
    const name = `${amphoraId.replaceAll(/[^\w-]/g, '_').slice(0, 80)}.json`
    const store =
      this.stores.get(name) ?? new JsonFile(this.pathOf(name), (value) => Memory.parse(value), {})
    this.stores.set(name, store)
    return store
  }
}

/** Digests of another start of the console cannot be compared: then the texts alone count. */
const isSame = (before: string, now: string): boolean =>
  before === now || before.split(':')[0] !== now.split(':')[0]

/** Files that are gone stay remembered as they were: they may come back. */
function merged(
  old: Readonly<Record<string, SeenFile>>,
  files: readonly ConfigFile[],
  at: number,
): { seen: Record<string, SeenFile>; worthKeeping: boolean } {
  const seen: Record<string, SeenFile> = { ...old }
  let worthKeeping = false
  for (const { path, kind, text, digest } of files) {
    if (text.length > LARGEST) continue
    const known = seen[path]
    if (known?.now.text === text && isSame(known.now.digest, digest)) {
      worthKeeping ||= at - known.now.lastAt > SAME_MS || known.now.digest !== digest
      const lastAt = Math.max(at, known.now.lastAt)
      seen[path] = { ...known, now: { ...known.now, digest, lastAt } }
    } else {
      worthKeeping = true
      const now = { text, digest, firstAt: at, lastAt: at }
      seen[path] = { kind, now, ...(known && { before: known.now }) }
    }
  }
  return { seen, worthKeeping }
}
