import { z } from 'zod'
import { request, stream } from './channel'
import { CloudName, Id, Instant, type Unknown } from './common'

/** Hours of logs that are taken unless somebody chooses. */
export const CAPTURE_HOURS = 24
/** Hours of logs that may be asked for: a month. */
export const MOST_CAPTURE_HOURS = 720

/** What is captured of one load balancer. */
export const CaptureOrder = z.object({
  cloud: CloudName,
  loadBalancerId: Id,
  /** How far back logs are taken, in hours. */
  hours: z.int().min(1).max(MOST_CAPTURE_HOURS),
  /** Addresses, names and ids are replaced, the same by the same within one bundle. */
  mask: z.boolean(),
  /** Whether the amphorae are asked; without, only what the APIs tell is taken. */
  ssh: z.boolean(),
})
export type CaptureOrder = z.infer<typeof CaptureOrder>

/** What could not be read, and why. */
export interface Unread {
  /** The record, the log or the amphora. */
  what: string
  reason: Unknown
}

/** A bundle on the disk of the console. */
export const CaptureFile = z.object({
  path: z.string(),
  /** Octets, packed. */
  size: z.int(),
  /** When it was written. */
  at: Instant,
  /** It was ended before everything was read. */
  partial: z.boolean(),
})
export type CaptureFile = z.infer<typeof CaptureFile>

/** How a capture goes on, and what it made: the last item. */
export const CaptureItem = z.custom<
  | {
      kind: 'progress'
      /** Names the capture (`capture.stop`). */
      id: string
      /** What is being read: a word under `capture.part.<part>`. */
      part: CapturePart
      /** The amphora that is read. */
      amphoraId?: string
      /** Records so far, and octets of them before they are packed. */
      records: number
      octets: number
      elapsedMs: number
    }
  | {
      kind: 'result'
      file: CaptureFile
      records: number
      octets: number
      elapsedMs: number
      unread: readonly Unread[]
      /** Kinds of secrets that were taken out, each once. */
      redacted: readonly string[]
    }
>()
export type CaptureItem = z.infer<typeof CaptureItem>

/** The steps of a capture. */
export type CapturePart = 'state' | 'logs' | 'writing'

export const capture = {
  /** Reads everything of a load balancer into one bundle. Leaving the stream ends it as `capture.stop` does. */
  'capture.start': stream(CaptureOrder, CaptureItem),
  /** Ends a capture: what was read until then is kept, in a bundle that says that it is partial. */
  'capture.stop': request(z.object({ id: Id }), z.void()),
  /** The bundles of a load balancer that are on the disk, newest first. */
  'capture.list': request(z.object({ cloud: CloudName, loadBalancerId: Id }), z.array(CaptureFile)),
}
