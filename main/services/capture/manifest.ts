import { z } from 'zod'
import { AppError, REASONS, type Failure, type Reason } from '../../../preload/contract/error'
import type { Unknown } from '../../../preload/contract/common'
import type { Exchange } from './exchanges'

/** The file of a bundle that tells what all others are. */
export const MANIFEST = 'manifest.json'
/** The highest version of the form that can be read, and the one that is written. */
const SCHEMA = 1
/** Records of one bundle; a load balancer with a thousand members has some hundred. */
const MOST_RECORDS = 20_000

/** Where an answer of an amphora or an API is kept: `amphora-<id>/commands/…` or `api/…`. */
const RECORD_FILE = /^(?:amphora-[\w-]{1,80}\/commands|api)\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}$/

const Instant = z.number().min(0).max(8.64e15)
const Short = z.string().max(1024)
const Text = z.string().max(131_072)
const Kinds = z.array(z.string().max(40)).max(40)

/** What is kept of a failure that it does not know the words of is still one. */
const KeptFailure = z
  .object({ code: Short, message: Text, reason: Short.optional(), requestId: Short.optional() })
  .transform(({ message, reason = '', requestId }): Failure => {
    const known = Object.hasOwn(REASONS, reason) ? (reason as Reason) : 'capture.notKept'
    const details = { reason: known, values: { what: message }, requestId }
    return new AppError(REASONS[known], message, details).toFailure()
  })

const times = { startedAt: Instant, endedAt: Instant }
/** `file`: where the output is; absent where there is none. */
const kept = {
  file: z.string().regex(RECORD_FILE).optional(),
  failure: KeptFailure.optional(),
  redacted: Kinds.optional(),
}

const RecordEntry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('command'),
    ...{ amphoraId: Short, host: Short, command: Text, input: Text.optional() },
    ...{ exit: z.int().optional(), signal: Short.optional(), truncated: z.boolean() },
    ...{ stderr: Text, ...times, ...kept },
  }),
  z.object({
    kind: z.literal('request'),
    ...{ service: z.enum(['load-balancer', 'network', 'identity', 'compute']), method: Short },
    ...{ path: Text, query: z.record(Short, z.union([Text, z.array(Text).max(1000)])) },
    ...{ status: z.int().optional(), requestId: Short.optional(), ...times, ...kept },
  }),
  z.object({
    kind: z.literal('connect'),
    ...{ amphoraId: Short, host: Short.optional(), ...times },
    failure: KeptFailure.optional(),
  }),
])
/** One record as the manifest tells of it: an exchange without its output, and the file that holds that. */
export type RecordEntry = z.infer<typeof RecordEntry>

const Manifest = z.object({
  /** Tells a bundle of the console from any other file of this name. */
  format: z.literal('octavia-console capture'),
  schema: z.int().min(1),
  /** Of the console that wrote it. */
  version: Short,
  cloud: Short,
  /** Highest minor version of Octavia's API there. */
  octaviaMinor: z.int(),
  loadBalancer: z.object({ id: Short, name: Short.optional() }),
  startedAt: Instant,
  /** When everything but the logs had been read: what is judged is how it was then. */
  stateAt: Instant,
  endedAt: Instant,
  /** How many hours of logs were asked for. */
  hours: z.number(),
  /** It was ended before everything was read. */
  partial: z.boolean(),
  masked: z.boolean(),
  /** Whether the amphorae were asked. */
  ssh: z.boolean(),
  amphorae: z
    .array(
      z.object({
        id: Short,
        /** How far its clock was ahead of the console's, in milliseconds. */
        clock: z.object({ offsetMs: z.number(), errorMs: z.number() }).optional(),
      }),
    )
    .max(100),
  records: z.array(RecordEntry).max(MOST_RECORDS),
  logs: z
    .array(
      z.object({
        ...{ amphoraId: Short, file: Short, source: Short, octets: z.int() },
        redacted: Kinds.optional(),
      }),
    )
    .max(10_000),
  /** What could not be read, and why. */
  unread: z.array(
    z.object({ what: Text, reason: z.string().transform((value) => value as Unknown) }),
  ),
  /** Kinds of secrets that were taken out, each once. */
  redacted: Kinds,
})
/** What a bundle holds. Times are milliseconds since the epoch by the console's clock. */
export type Manifest = z.infer<typeof Manifest>

/** Reads a manifest, which may come from anybody; undefined where it is none that this release can read. */
export function parseManifest(text: string): Manifest | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const { data } = Manifest.safeParse(value)
  return data && data.schema <= SCHEMA ? data : undefined
}

/** The record of an exchange, its output left to a file of its own. */
export function entryOf(exchange: Exchange): RecordEntry {
  if (exchange.kind === 'connect') return exchange
  const { startedAt, endedAt, failure } = exchange
  const ended = { startedAt, endedAt, failure }
  if (exchange.kind === 'command') {
    const { kind, amphoraId, host, command, input, exit, signal, truncated, stderr } = exchange
    return { kind, amphoraId, host, command, input, exit, signal, truncated, stderr, ...ended }
  }
  const { kind, service, method, path, status, requestId } = exchange
  const query = Object.fromEntries(
    Object.entries(exchange.query).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  )
  return { kind, service, method, path, query, status, requestId, ...ended }
}

/** What was output, as it goes into a file of its own: word for word, or the JSON of an API; undefined where there is none. */
export function outputOf(exchange: Exchange): string | undefined {
  if (exchange.kind === 'command') return exchange.stdout || undefined
  if (exchange.kind === 'connect' || exchange.body === undefined) return undefined
  return `${JSON.stringify(exchange.body, null, 2)}\n`
}

/** The exchange of a record, with its output; undefined where that is not what it should be. */
export function exchangeOf(entry: RecordEntry, output: string | undefined): Exchange | undefined {
  if (entry.kind === 'connect') return entry
  if (entry.file !== undefined && output === undefined) return undefined
  if (entry.kind === 'command') return { ...entry, stdout: output ?? '' }
  if (output === undefined) return entry
  try {
    return { ...entry, body: JSON.parse(output) as unknown }
  } catch {
    return undefined
  }
}

/** Names that tell people what a file of a record is. */
export function fileOf(exchange: Exchange, sequence: number): string {
  const number = String(sequence).padStart(4, '0')
  if (exchange.kind === 'request') {
    const { service, method, path } = exchange
    return `api/${number}-${slug(`${service}-${method}-${path}`)}.json`
  }
  const command = exchange.kind === 'command' ? exchange.command : 'connect'
  return `amphora-${slug(exchange.amphoraId)}/commands/${number}-${slug(command)}.txt`
}

const slug = (text: string): string =>
  text
    .replace(/^sudo -n /, '')
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60) || 'unnamed'
