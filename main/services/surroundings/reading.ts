import type { Fact } from '../../../preload/contract/common'
import { AppError } from '../../../preload/contract/error'
import type { HttpAnswer, HttpRequest } from '../../platform/http'
import type { CloudApi, Service } from '../cloudApi'
import { readBody } from '../octavia/answer'
import { list, wireOf, type Wire } from '../octavia/fields'

const PAGE_SIZE = 500
/** A server that repeats its pages ends here. */
const MOST_PAGES = 200

/** Reads one resource as a fact: what rights do not allow, or what is not there, is unknown with its reason. */
export async function factOf<T>(
  api: CloudApi,
  cloud: string,
  service: Service,
  request: { path: string; query?: HttpRequest['query']; signal: AbortSignal },
  read: (fields: Wire) => T,
): Promise<Fact<T>> {
  const { path, signal } = request
  return attempt(signal, async () => {
    const answer = await api.call(cloud, service, { method: 'GET', ...request })
    return proven(readBody(read, answer, path), answer)
  })
}

/** As `factOf`, every page of a list. Neutron and Nova page alike: by the id of the last one. */
export async function listOf<T extends { id: string }>(
  api: CloudApi,
  cloud: string,
  service: Service,
  request: { path: string; key: string; query?: HttpRequest['query']; signal: AbortSignal },
  item: (fields: Wire) => T,
): Promise<Fact<readonly T[]>> {
  const { path, key, query, signal } = request
  return attempt(signal, async () => {
    const all = new Map<string, T>()
    let first: HttpAnswer | undefined
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = await api.call(cloud, service, {
        method: 'GET',
        path,
        query: { ...query, limit: PAGE_SIZE, marker: [...all.keys()].at(-1) },
        signal,
      })
      first ??= answer
      const before = all.size
      for (const one of readBody(
        (body) => list(body[key], key, (one) => item(wireOf(one))),
        answer,
        path,
      ))
        all.set(one.id, one)
      if (all.size === before || !hasNext(answer.body, `${key}_links`)) break
    }
    if (!first) throw new Error('A list has at least one page.')
    return proven<readonly T[]>([...all.values()], first)
  })
}

async function attempt<T>(signal: AbortSignal, read: () => Promise<Fact<T>>): Promise<Fact<T>> {
  try {
    return await read()
  } catch (error) {
    const { code, reason } = AppError.from(error)
    if (signal.aborted || code === 'cancelled') throw error
    return { unknown: reason ?? 'answer.malformed', at: Date.now() }
  }
}

const proven = <T>(value: T, { at, evidence }: HttpAnswer): Fact<T> => ({
  value,
  at,
  ...(evidence !== undefined && { evidence }),
})

function hasNext(body: unknown, key: string): boolean {
  const links = (body as Record<string, unknown>)[key]
  return (
    Array.isArray(links) &&
    links.some(
      (link: unknown) =>
        typeof link === 'object' && link !== null && 'rel' in link && link.rel === 'next',
    )
  )
}
