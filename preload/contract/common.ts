import { z } from 'zod'
import type { Failure, Reason } from './error'

/** The name under which a cloud is known to the console. */
export const CloudName = z.string().trim().min(1).max(255)

/** An identifier as Octavia, Neutron and Keystone hand them out; not always shaped like a UUID. */
export const Id = z.string().min(1).max(255)

/** Milliseconds since the Unix epoch; fractions keep the microseconds of the source. */
export const Instant = z.number()

/** A failure inside an answer, for things that failed while the call as a whole did not. */
export const FailureValue = z.custom<Failure>()

/** Why a fact is not known: a reason of the error table, or one of the states below. `notCaptured`: no file of a review tells it. */
export type Unknown =
  Reason | 'keepalivedStopped' | 'notYet' | 'notMeasured' | 'notCaptured' | 'notSupported' | 'stale'

/**
 * One thing the console knows, or knows that it does not know, about the world.
 * `evidence` names the record that proves it (`evidence.read`).
 */
export type Fact<T> =
  { value: T; at: number; evidence?: string } | { unknown: Unknown; at?: number; evidence?: string }

export const Fact = <T>() => z.custom<Fact<T>>()
