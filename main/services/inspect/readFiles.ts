import type { Fact, Unknown } from '../../../preload/contract/common'
import type { ConfigFile } from '../../../preload/contract/inspect'
import {
  kindOfFile,
  parseContents,
  parseListing,
  type ListedFile,
} from '../../domain/amphora/files'
import { redact } from '../../domain/redact'
import { notKnown } from '../../domain/fact'
import { inspectionCommands, LARGEST_FILE } from './commands'
import { CONFIG_PATH } from './configPaths'
import type { Reader } from './reader'
import { fingerprint, secretTokens } from './secretTokens'

/** The most files that are read, and how much of them with one command. */
const MOST_FILES = 400
const BATCH_OCTETS = 3 * 1024 * 1024
const BATCH_FILES = 100

export interface FilesReading {
  files: Fact<readonly ConfigFile[]>
  unreadFiles: readonly { path: string; reason: Unknown }[]
}

/**
 * The configuration files that there are, as they are; what only root may read is named where sudo is not allowed.
 * Their digests tell of the files with their secrets. @throws AppError `cancelled`
 */
export async function readFiles(reader: Reader): Promise<FilesReading> {
  // Exit status 1: a folder is missing, as some are on every image.
  const listing = await reader.runEither(inspectionCommands.listFiles, { accept: [1] })
  const { at, evidence } = listing
  if (listing.failure) {
    return { files: notKnown(listing.failure, at, evidence), unreadFiles: [] }
  }
  const listed = parseListing(listing.stdout).filter(({ path }) => CONFIG_PATH.test(path))
  const wanted = listed.filter(({ size }) => size <= LARGEST_FILE).slice(0, MOST_FILES)
  const readings = await Promise.all(batchesOf(wanted).map((batch) => readBatch(reader, batch)))
  const read = readings.flatMap(({ files }) => files)
  const reason = readings.find(({ failure }) => failure)?.failure ?? 'ssh.sudo'
  const paths = new Set(read.map(({ path }) => path))
  const unreadFiles = listed
    .filter(({ path }) => !paths.has(path))
    .map(({ path, size }) => ({
      path,
      reason: size > LARGEST_FILE ? ('answer.malformed' as const) : reason,
    }))
  const last = readings.at(-1) ?? listing
  const files: Fact<readonly ConfigFile[]> =
    wanted.length && !read.length
      ? notKnown(reason, last.at, last.evidence)
      : { value: read, at: last.at, ...(last.evidence && { evidence: last.evidence }) }
  return { files, unreadFiles }
}

async function readBatch(reader: Reader, batch: readonly ListedFile[]) {
  const paths = batch.map(({ path }) => path)
  const contents = await reader.runEither((sudo) => inspectionCommands.contents(paths, sudo), {
    // Exit status 1: one of them is gone, or not for us.
    accept: [1],
  })
  const texts = parseContents(contents.stdout, paths)
  const read = batch.map(async ({ path, mode, modifiedAt }): Promise<ConfigFile[]> => {
    const raw = texts.get(path)
    if (raw === undefined) return []
    const { text, found } = redact(raw)
    const tokens = found.length ? { secretTokens: await secretTokens(raw) } : {}
    const at = reader.ours(modifiedAt)
    const kind = kindOfFile(path)
    const digest = await fingerprint(raw)
    return [{ path, kind, text, digest, modifiedAt: at, mode, redacted: found, ...tokens }]
  })
  const files = (await Promise.all(read)).flat()
  const { failure } = contents
  return { files, failure, at: contents.at, evidence: contents.evidence }
}

function batchesOf(files: readonly ListedFile[]): ListedFile[][] {
  const batches: ListedFile[][] = []
  let room = 0
  for (const file of files) {
    const last = batches.at(-1)
    if (last && last.length < BATCH_FILES && file.size <= room) {
      last.push(file)
      room -= file.size
    } else {
      batches.push([file])
      room = BATCH_OCTETS - file.size
    }
  }
  return batches
}
