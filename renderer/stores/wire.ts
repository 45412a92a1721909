import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { VrrpPacket } from '../../preload/contract/inspect'
import { follow } from '../api/client'
import type { InspectionSubject } from './inspection'
import { oncePerFrame } from './oncePerFrame'

/** Packets that are kept; two amphorae with one advertisement per second fill it in 40 minutes. */
const KEPT = 5_000

/** A packet with its place in the capture and the record that proves it. */
export interface CapturedPacket extends VrrpPacket {
  number: number
  evidence: string
}

/** A capture of VRRP on the wire of one amphora. It ends by itself after ten minutes. */
export const useWire = defineStore('wire', () => {
  const packets = shallowRef<readonly CapturedPacket[]>([])
  const running = ref(false)
  const startedAt = ref<number>()
  const endedAt = ref<number>()
  const failure = shallowRef<AppError>()
  const subject = shallowRef<InspectionSubject>()
  const total = ref(0)
  const dropped = computed(() => total.value - packets.value.length)
  let abort = new AbortController()
  let flush = (): void => undefined

  /** Begins a new capture; what the last one saw is forgotten. */
  async function start(wanted: InspectionSubject): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    let book: CapturedPacket[] = []
    subject.value = wanted
    packets.value = []
    total.value = 0
    failure.value = endedAt.value = undefined
    startedAt.value = Date.now()
    running.value = true
    flush = () => (packets.value = book)
    const announce = oncePerFrame(() => {
      if (!signal.aborted) packets.value = book
    })
    try {
      for await (const { packets: more, evidence } of follow('inspect.vrrp', wanted, signal)) {
        const first = total.value
        total.value += more.length
        const numbered = more.map((packet, i) => ({ ...packet, number: first + i + 1, evidence }))
        book = [...book, ...numbered].slice(-KEPT)
        announce()
      }
    } catch (error) {
      if (!signal.aborted) failure.value = AppError.from(error)
    } finally {
      if (!signal.aborted) {
        packets.value = book
        running.value = false
        endedAt.value = Date.now()
      }
    }
  }

  /** Ends the capture and keeps what it saw. */
  function stop(): void {
    if (!running.value) return
    flush()
    abort.abort()
    running.value = false
    endedAt.value = Date.now()
  }

  /** Ends the capture and forgets what it saw. */
  function forget(): void {
    abort.abort()
    running.value = false
    packets.value = []
    total.value = 0
    subject.value = startedAt.value = endedAt.value = failure.value = undefined
  }

  return {
    packets,
    dropped,
    running,
    startedAt,
    endedAt,
    failure,
    subject,
    total,
    start,
    stop,
    forget,
  }
})
