import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { Contract } from '../../preload/contract'
import type { Output } from '../../preload/contract/channel'
import { request } from '../api/client'

/** Comparisons of the configurations of a review: of its amphorae with each other, or with an earlier review. */
export const useReviewCompare = defineStore('reviewCompare', () => {
  /** Undefined until they were made. */
  const comparisons = shallowRef<Output<Contract['review.compare']>>()
  const failure = shallowRef<AppError>()
  const loading = ref(false)
  let turn = 0

  async function load(id: string, before: string | undefined): Promise<void> {
    const mine = (turn += 1)
    comparisons.value = undefined
    failure.value = undefined
    loading.value = true
    try {
      const made = await request('review.compare', {
        id,
        ...(before !== undefined && { before }),
      })
      if (mine === turn) comparisons.value = made
    } catch (error) {
      if (mine === turn) failure.value = AppError.from(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  return { comparisons, failure, loading, load }
})
