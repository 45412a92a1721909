import { z } from 'zod'
import { request, stream } from './channel'
import { Id, Instant, type Fact } from './common'
import type { Comparison } from './compare'
import type { Finding, Unjudged } from './finding'
import type { ConfigFile } from './inspect'
import { LogQuery } from './logQuery'
import type { Episode, LogLine, PairEvent, ProbeSample } from './pair'

/** Most octets of a file that go to main in one piece, before they are written as base64. */
export const UPLOAD_CHUNK = 384 * 1024
/** Most octets of all files of one review that a page may hand over. */
export const UPLOAD_LIMIT = 4 * 2 ** 30
/** Most files of one upload. */
export const UPLOAD_FILES = 10_000

/** Where evidence comes from: a path of the machine where the console runs, or what the page has handed over. */
export const ReviewSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().trim().min(1).max(4096) }),
  z.object({ kind: z.literal('upload'), upload: Id }),
])
export type ReviewSource = z.infer<typeof ReviewSource>

/** How the clock of a machine is to be read: what its stamps leave out, and how far it was off. */
export const HostClock = z.object({
  /** Milliseconds by which its clock was ahead of the true time. */
  offsetMs: z.number().min(-4e10).max(4e10).optional(),
  /** Minutes that its local time is ahead of UTC; for logs whose stamps leave out the zone. */
  zoneMinutes: z.int().min(-840).max(840).optional(),
  /** Of the newest line of logs whose stamps leave out the year. */
  year: z.int().min(1990).max(2200).optional(),
})
export type HostClock = z.infer<typeof HostClock>

/** By the id of the machine. */
export const HostClocks = z.record(z.string().max(255), HostClock)
export type HostClocks = z.infer<typeof HostClocks>

/** An open review, in short. */
export interface ReviewHead {
  id: string
  /** Names of what it was opened from. */
  sources: readonly string[]
  /** Made of the content of all files: the same evidence has the same digest, whatever its name is. */
  digest: string
  openedAt: number
  /** The first and the last moment that anything tells of; absent where nothing is dated. */
  from?: number
  until?: number
}

/** How far the opening is, or the review when it is done. */
export type ReviewOpening =
  | { kind: 'progress'; stage: 'reading' | 'judging'; files: number; octets: number; file?: string }
  | { kind: 'opened'; review: ReviewHead }

/** A line of a file that proves something, its secrets taken out. */
export interface ReviewPlace {
  file: string
  /** Counted from 1. */
  line: number
  text: string
}

/** What was wrong, from when to when. */
export interface ReviewFinding extends Finding {
  since: number
  /** Absent where it is there at the end of the evidence. */
  until?: number
  places: readonly ReviewPlace[]
}

/** A machine that the evidence tells of. */
export interface ReviewHost {
  /** The amphora's id where anything names it, else its name. */
  id: string
  name: string
  address?: string
  /** Paths of what is about it; none for a neighbour that only others speak of. */
  files: readonly string[]
  clock: HostClock
  /** Some of its logs leave out the year and the zone. */
  undated: boolean
  /** Of its log. */
  from?: number
  until?: number
  lines: number
}

/** A load balancer, and all that was found out about it. */
export interface ReviewedLoadBalancer {
  /** `unknown` where no file names it. */
  id: string
  vips: readonly string[]
  hostIds: readonly string[]
  from: number
  until: number
  /** Worst first. */
  findings: readonly ReviewFinding[]
  unknown: readonly Unjudged[]
  /** In the order in which they began. */
  episodes: readonly Episode[]
  /** How many answers of a probe there are. */
  probes: number
}

/** One file of the evidence, and what it was taken for. */
export interface ReviewFile {
  path: string
  kind:
    | 'log'
    | 'dump'
    | 'haproxy'
    | 'addresses'
    | 'sightings'
    | 'capture'
    | 'probe'
    | `config.${ConfigFile['kind']}`
  hostIds: readonly string[]
  modifiedAt?: number
  /** The first and the last moment that it tells of. */
  from?: number
  until?: number
  /** Lines, packets or answers that were read. */
  entries?: number
  /** Its stamps leave out the year. */
  undated: boolean
}

/** What an open review says. */
export interface ReviewContent {
  review: ReviewHead
  hosts: readonly ReviewHost[]
  loadBalancers: readonly ReviewedLoadBalancer[]
  files: readonly ReviewFile[]
  /** Files that nothing is learned from, and why, in English. */
  ignored: readonly { file: string; reason: string }[]
}

/** What part of the merged log is shown. */
export const ReviewLogQuery = LogQuery.extend({
  from: Instant.optional(),
  until: Instant.optional(),
  /** Lines without `include` stay; those with it are marked. */
  others: z.boolean(),
})
export type ReviewLogQuery = z.infer<typeof ReviewLogQuery>

/** A line of the merged log, and where it stands. */
export interface ReviewLogLine extends LogLine {
  file: string
  line: number
  /** It has what the query includes. */
  matches: boolean
}

/** Some lines of the merged log that follow each other. */
export interface ReviewLogPage {
  /** Of the query. */
  total: number
  /** Lines that are left out only because they say nothing about a failover. */
  noise: number
  /** Of `lines[0]` among all, from 0. */
  first: number
  lines: readonly ReviewLogLine[]
  /** The line that was asked for: of that time or later, or that place. */
  at?: number
}

/** Where to look in the merged log: an index, a time, or a line of a file. */
export const LogPlace = z.union([
  z.object({ index: z.int().min(0) }),
  z.object({ time: Instant }),
  z.object({ file: z.string().max(8192), line: z.int().min(1) }),
])
export type LogPlace = z.infer<typeof LogPlace>

/** A file: a configuration whole, of anything else some of its lines. Secrets are taken out. */
export type ReviewFileContent =
  | { kind: 'config'; file: ConfigFile }
  /** `first`: number of `lines[0]`, from 1. `total` is absent where the end was not read. */
  | { kind: 'lines'; first: number; lines: readonly string[]; total?: number }

/** What a note is about. */
export const NoteSubject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('review') }),
  z.object({ kind: z.literal('time'), at: Instant }),
  z.object({
    kind: z.literal('line'),
    file: z.string().max(8192),
    line: z.int().min(1),
    at: Instant.optional(),
  }),
  z.object({
    kind: z.literal('finding'),
    rule: z.string().max(255),
    subject: z.string().max(255),
    loadBalancerId: z.string().max(255),
  }),
])
export type NoteSubject = z.infer<typeof NoteSubject>

/** What somebody wrote down about a review. */
export const ReviewNote = z.object({
  id: Id,
  writtenAt: Instant,
  /** Empty for a mark. */
  text: z.string().max(10_000),
  about: NoteSubject,
})
export type ReviewNote = z.infer<typeof ReviewNote>

/** What happened, for the time line: the events first, then the probe in batches. */
export type TimelineItem =
  | { kind: 'events'; events: readonly PairEvent[] }
  | { kind: 'probe'; samples: readonly ProbeSample[] }

export const REPORT_FORMATS = ['html', 'markdown', 'json'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

const one = z.object({ id: Id })

export const review = {
  /** Begins to take over files of the page; answers the id for `review.upload` and `ReviewSource`. */
  'review.uploadStart': request(z.object({}), z.object({ upload: Id })),
  /** Takes over a piece of a file and answers when it is on the disk. `name` is shown, and never used as a path. */
  'review.upload': request(
    z.object({
      upload: Id,
      name: z.string().min(1).max(4096),
      /** Milliseconds since the epoch. */
      modifiedAt: Instant.optional(),
      offset: z.int().min(0),
      base64: z.string().max(Math.ceil(UPLOAD_CHUNK / 3) * 4),
    }),
    z.void(),
  ),
  /** Forgets files that were taken over, and no review was opened from. */
  'review.uploadCancel': request(z.object({ upload: Id }), z.void()),
  /** Opens evidence: progress, then the review. Ending the stream before that cancels. */
  'review.open': stream(
    z.object({ sources: z.array(ReviewSource).min(1).max(10_000) }),
    z.custom<ReviewOpening>(),
  ),
  /** Open reviews, again after each change in any window. */
  'review.follow': stream(z.object({}), z.array(z.custom<ReviewHead>())),
  'review.read': request(one, z.custom<ReviewContent>()),
  /** The time line of one load balancer. */
  'review.timeline': stream(
    one.extend({ loadBalancerId: z.string().max(255) }),
    z.custom<TimelineItem>(),
  ),
  /** A part of the log of all machines, merged by corrected time, around a place. */
  'review.log': request(
    one.extend({ query: ReviewLogQuery, place: LogPlace, count: z.int().min(1).max(1000) }),
    z.custom<ReviewLogPage>(),
  ),
  /** The index of the next line (or the one before, for -1) that matches, or matters; absent where there is none. */
  'review.find': request(
    one.extend({
      query: ReviewLogQuery,
      what: z.enum(['match', 'transition', 'problem']),
      from: z.int().min(-1),
      direction: z.union([z.literal(1), z.literal(-1)]),
    }),
    z.object({ index: z.int().optional() }),
  ),
  /** A configuration, or the lines around one. */
  'review.file': request(
    one.extend({ file: z.string().max(8192), line: z.int().min(1).optional() }),
    z.custom<ReviewFileContent>(),
  ),
  /** The configurations of each pair beside each other, or those of a review beside the same of another one, the earlier. */
  'review.compare': request(
    one.extend({ before: Id.optional() }),
    z.array(
      z.custom<
        Fact<Comparison> & { what: Comparison['what']; amphoraId?: string; loadBalancerId?: string }
      >(),
    ),
  ),
  /** Notes on this evidence, oldest first; they are kept under its digest and outlive the review. */
  'review.notes': request(one, z.array(ReviewNote)),
  /** Writes a note down, or replaces the one of the same id. Answers all notes. */
  'review.saveNote': request(one.extend({ note: ReviewNote }), z.array(ReviewNote)),
  'review.removeNote': request(one.extend({ note: Id }), z.array(ReviewNote)),
  /** Sets how clocks are read, and judges anew; kept under the digest of the evidence. */
  'review.settings': request(one.extend({ clocks: HostClocks }), z.custom<ReviewHead>()),
  /** The report as a file. */
  'review.export': request(
    one.extend({ format: z.enum(REPORT_FORMATS), language: z.enum(['en', 'vi']) }),
    z.object({ name: z.string(), mediaType: z.string(), text: z.string() }),
  ),
  'review.close': request(one, z.void()),
}
