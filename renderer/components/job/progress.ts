import type { Job } from '../../../preload/contract/job'

/** How many parts of a job have come to their end, of how many; each has a step of its own. */
export function progressOf({ steps }: Job): { done: number; total: number } {
  const done = steps.filter(({ state }) => state === 'done' || state === 'undone').length
  return { done, total: steps.length }
}
