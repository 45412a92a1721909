import type { Job } from '../../../preload/contract/job'

/** How many steps of a job have come to their end, of how many. */
export function progressOf({ steps }: Job): { done: number; total: number } {
  const done = steps.filter(({ state }) => state === 'done' || state === 'undone').length
  return { done, total: steps.length }
}
