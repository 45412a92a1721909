import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { Quote } from '../../preload/contract/finding'
import type { Evidence } from '../../preload/contract/pair'
import { request } from '../api/client'

/** The record of what was asked and what came back that is on screen. */
export const useEvidence = defineStore('evidence', () => {
  /** Which record is wanted; undefined when none is on screen. */
  const id = ref<string>()
  /** What of it something was concluded from. */
  const quote = shallowRef<Quote>()
  const evidence = shallowRef<Evidence>()
  const failure = shallowRef<AppError>()
  let abort = new AbortController()

  /** Reads a record, and leads to the quoted words in it. A new one takes the place of the last. */
  async function open(wanted: string, words?: Quote): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    id.value = wanted
    quote.value = words
    evidence.value = failure.value = undefined
    try {
      evidence.value = await request('evidence.read', { id: wanted }, signal)
    } catch (error) {
      if (!signal.aborted) failure.value = AppError.from(error)
    }
  }

  function close(): void {
    abort.abort()
    id.value = undefined
  }

  return { id, quote, evidence, failure, open, close }
})
