import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { LogPlace, ReviewLogLine, ReviewLogQuery } from '../../preload/contract/review'
import { request } from '../api/client'

/** Lines that are asked for at once. */
const PAGE = 400

/** A window on the merged log of the review on screen: only the lines around what is looked at are on the page. */
export const useReviewLog = defineStore('reviewLog', () => {
  const query = shallowRef<ReviewLogQuery>({
    ...{ include: '', exclude: '', regex: false, hideNoise: true, amphoraIds: [], others: false },
  })
  const total = ref(0)
  const noise = ref(0)
  /** Index of `lines[0]` among all of the query. */
  const first = ref(0)
  const lines = shallowRef<readonly ReviewLogLine[]>([])
  /** The query was answered at least once. */
  const read = ref(false)
  const failure = shallowRef<AppError>()
  /** Another review or another query makes what is still under way worthless. */
  let turn = 0
  let asked = -1
  let review = ''

  /** Shows another query, or another review. @returns the index of the place, as far as there is one */
  async function ask(
    id: string,
    changed: ReviewLogQuery,
    place: LogPlace,
  ): Promise<number | undefined> {
    if (id !== review) {
      read.value = false
      lines.value = []
    }
    review = id
    query.value = changed
    turn += 1
    asked = -1
    return load(place)
  }

  /** Fetches what is around an index, unless it is there. */
  function need(from: number, to: number): void {
    const end = Math.min(to, total.value)
    const isThere = from >= first.value && end <= first.value + lines.value.length
    const start = Math.max(0, Math.floor((from + to) / 2 - PAGE / 2))
    if (isThere || start === asked) return
    asked = start
    void load({ index: start })
  }

  async function load(place: LogPlace): Promise<number | undefined> {
    const mine = turn
    try {
      const page = await request('review.log', {
        ...{ id: review, query: query.value, place },
        count: PAGE,
      })
      if (mine !== turn) return undefined
      total.value = page.total
      noise.value = page.noise
      first.value = page.first
      lines.value = page.lines
      read.value = true
      failure.value = undefined
      return page.at
    } catch (error) {
      if (mine === turn) failure.value = AppError.from(error)
      return undefined
    }
  }

  /** The index of the next line that matches or matters, from an index on. */
  async function find(
    what: 'match' | 'transition' | 'problem',
    from: number,
    direction: 1 | -1,
  ): Promise<number | undefined> {
    try {
      const about = { id: review, query: query.value, what, from, direction }
      return (await request('review.find', about)).index
    } catch (error) {
      failure.value = AppError.from(error)
      return undefined
    }
  }

  const lineAt = (index: number): ReviewLogLine | undefined => lines.value[index - first.value]

  return { query, total, noise, first, lines, read, failure, ask, need, find, lineAt }
})
