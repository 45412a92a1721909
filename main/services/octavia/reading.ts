import { AppError } from '../../../preload/contract/error'
import type { HttpAnswer, HttpRequest } from '../../platform/http'
import type { CloudApi } from '../cloudApi'
import { readBody } from './answer'
import { list, object, wireOf, type Wire } from './fields'

/** Below every server's default maximum of 1000; a server that allows less cuts pages shorter, which is noticed. */
const PAGE_SIZE = 500

/** What was read, the requests that brought it and when the first of them was sent, by this machine's clock. */
export interface Reading<T> {
  value: T
  requestIds: string[]
  at: number
}

/** Where objects are and how they look. */
export interface Collection<T extends { id: string }> {
  /** Below the endpoint, such as `/v2.0/lbaas/listeners`. */
  path: string
  /** The key of the list in the answer, such as `listeners`. */
  key: string
  /** The key of a single object in the answer, such as `listener`. */
  one: string
  /** @throws WrongField */
  item: (wire: Wire) => T
}

/**
 * Reads every page of a list, oldest first.
 * The `next` links of Octavia lose the filters, so each page is asked for by the last id of the one before.
 * @throws AppError `answer.malformed`, and what `CloudApi` throws
 */
export async function readList<T extends { id: string }>(
  api: CloudApi,
  cloud: string,
  { path, key, item }: Collection<T>,
  query: HttpRequest['query'],
  signal: AbortSignal,
): Promise<Reading<T[]>> {
  const pageOf = (body: Wire) => list(body[key], key, (one) => item(wireOf(one)))
  const found = new Map<string, T>()
  const requestIds: string[] = []
  let at: number | undefined
  let marker: string | undefined
  for (;;) {
    let answer
    try {
      const paged = { ...query, limit: PAGE_SIZE, marker }
      answer = await api.call(cloud, 'load-balancer', { method: 'GET', path, query: paged, signal })
    } catch (error) {
      if (marker === undefined || !isBadMarker(error)) throw error
      // The object that marked the page was purged meanwhile: go on from the one before it.
      found.delete(marker)
      marker = [...found.keys()].at(-1)
      continue
    }
    at ??= answer.at
    if (answer.requestId) requestIds.push(answer.requestId)

    const items = readBody(pageOf, answer, path)
    const before = found.size
    for (const one of items) found.set(one.id, one)
    // A server without pagination ignores the marker and answers the same again.
    if (isLast(answer, key) || found.size === before)
      return { value: [...found.values()], requestIds, at }
    marker = items.at(-1)?.id
  }
}

/** Reads one object of a collection by its id. @throws AppError `answer.malformed`, and what `CloudApi` throws */
export async function readOne<T extends { id: string }>(
  api: CloudApi,
  cloud: string,
  collection: Collection<T>,
  id: string,
  signal: AbortSignal,
): Promise<Reading<T>> {
  const path = `${collection.path}/${encodeURIComponent(id)}`
  const answer = await api.call(cloud, 'load-balancer', { method: 'GET', path, signal })
  return {
    value: readObject(collection, answer, path),
    requestIds: answer.requestId ? [answer.requestId] : [],
    at: answer.at,
  }
}

/** The single object in an answer to GET, POST or PUT. @throws AppError `answer.malformed` */
export function readObject<T extends { id: string }>(
  { one, item }: Collection<T>,
  answer: HttpAnswer,
  path: string,
): T {
  return readBody((body) => object(body[one], one, item), answer, path)
}

/** Whether the links say that nothing follows; an answer without links, or with broken ones, says nothing. */
function isLast(answer: HttpAnswer, key: string): boolean {
  const links = (answer.body as Record<string, unknown>)[`${key}_links`]
  return Array.isArray(links) && links.every(leadsElsewhere)
}

const leadsElsewhere = (link: unknown): boolean =>
  typeof link === 'object' &&
  link !== null &&
  'rel' in link &&
  typeof link.rel === 'string' &&
  link.rel !== 'next'

const isBadMarker = (error: unknown): boolean =>
  error instanceof AppError && error.reason === 'octavia.invalid' && /marker/i.test(error.message)
