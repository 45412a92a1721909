import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { AmphoraFacts, InspectionPart } from '../../preload/contract/inspect'
import { request } from '../api/client'

/** Which amphora of which load balancer is looked into. */
export interface InspectionSubject {
  cloud: string
  loadBalancerId: string
  amphoraId: string
}

/**
 * What was read of the amphora on screen, by the part it was asked for in. A failed reading keeps what was read before;
 * another amphora never inherits it.
 */
export const useInspection = defineStore('inspection', () => {
  const subject = shallowRef<InspectionSubject>()
  /** Each part with the reading it came with; a part that was never read is absent. */
  const byPart = shallowRef<ReadonlyMap<InspectionPart, AmphoraFacts>>(new Map())
  /** Since when each part is being read. */
  const reading = shallowRef<ReadonlyMap<InspectionPart, number>>(new Map())
  const failures = shallowRef<ReadonlyMap<InspectionPart, AppError>>(new Map())
  let abort = new AbortController()

  /** Turns to an amphora. What is known of the same one is kept. */
  function open(wanted: InspectionSubject): void {
    if (subject.value && keyOf(subject.value) === keyOf(wanted) && !abort.signal.aborted) return
    close()
    abort = new AbortController()
    subject.value = wanted
    byPart.value = new Map()
    failures.value = new Map()
  }

  /** Reads a part anew, over SSH. One reading of a part at a time. */
  async function read(part: InspectionPart): Promise<void> {
    const { signal } = abort
    const asked = subject.value
    if (!asked || reading.value.has(part)) return
    reading.value = new Map(reading.value).set(part, Date.now())
    try {
      const facts = await request('inspect.read', { ...asked, parts: [part] }, signal)
      if (signal.aborted) return
      byPart.value = new Map(byPart.value).set(part, facts)
      failures.value = without(failures.value, part)
    } catch (error) {
      if (!signal.aborted) failures.value = new Map(failures.value).set(part, AppError.from(error))
    } finally {
      if (!signal.aborted) reading.value = without(reading.value, part)
    }
  }

  /** Ends what is being read. */
  function close(): void {
    abort.abort()
    reading.value = new Map()
  }

  return { subject, byPart, reading, failures, open, read, close }
})

const keyOf = (subject: InspectionSubject): string =>
  JSON.stringify([subject.cloud, subject.loadBalancerId, subject.amphoraId])

function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const rest = new Map(map)
  rest.delete(key)
  return rest
}
