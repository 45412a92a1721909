import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { AppError } from '../../preload/contract/error'
import type { Prompt, PromptAnswer } from '../../preload/contract/ssh'
import { request } from '../api/client'
import { keepFollowing } from '../api/keepFollowing'

/** Questions of connections that only the operator can answer. */
export const usePrompts = defineStore('prompts', () => {
  const all = shallowRef<readonly Prompt[]>([])
  const failure = shallowRef<AppError>()
  /** The one to answer first. */
  const first = computed(() => all.value[0])

  /** Keeps the questions as they are in main, for as long as the page lives. */
  const start = () =>
    keepFollowing(
      'prompt.follow',
      {},
      (prompts) => (all.value = prompts),
      (error) => {
        failure.value = error
        if (error) all.value = []
      },
    )

  /** @throws AppError */
  async function answer(id: string, reply: PromptAnswer): Promise<void> {
    await request('prompt.answer', { id, answer: reply })
    all.value = all.value.filter((prompt) => prompt.id !== id)
  }

  return { all, first, failure, start, answer }
})
