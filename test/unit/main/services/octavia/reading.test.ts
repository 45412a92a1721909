import { describe, expect, it } from 'vitest'
import { LISTENERS, LOAD_BALANCERS } from '../../../../../main/services/octavia/collections'
import { readList, readOne } from '../../../../../main/services/octavia/reading'
import { AppError } from '../../../../../preload/contract/error'
import { LISTENER, LOAD_BALANCER } from '../../../../support/octaviaBodies'
import { scriptedReading } from '../../../../support/scriptedReading'

const { signal } = new AbortController()

/** A server that holds `ids` and hands out at most `maximum` at a time, as Octavia does. */
const server = (ids: string[], maximum: number) =>
  scriptedReading(({ query }) => {
    const start = ids.indexOf(String(query?.['marker'])) + 1
    const page = ids.slice(start, start + Math.min(maximum, Number(query?.['limit'])))
    return {
      loadbalancers: page.map((id) => ({ ...LOAD_BALANCER, id })),
      loadbalancers_links: page.length === maximum ? [{ rel: 'next', href: 'http://x/' }] : [],
    }
  })

const list = (api: ReturnType<typeof scriptedReading>['api'], query = {}) =>
  readList(api, 'alpha', LOAD_BALANCERS, query, signal)

describe('readList', () => {
  it('follows a server that allows fewer at a time than it was asked for', async () => {
    const { api, calls } = server(['a', 'b', 'c', 'd', 'e'], 2)
    const { value, requestIds, at } = await list(api, { project_id: 'p' })
    expect(value.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(calls.map(({ query }) => query)).toEqual([
      { project_id: 'p', limit: 500, marker: undefined },
      { project_id: 'p', limit: 500, marker: 'b' },
      { project_id: 'p', limit: 500, marker: 'd' },
    ])
    expect(requestIds).toEqual(['req-1', 'req-2', 'req-3'])
    expect(at).toBe(1)
  })

  it('ends at the empty page behind a last page that was full', async () => {
    const { api, calls } = server(['a', 'b', 'c', 'd'], 2)
    expect((await list(api)).value).toHaveLength(4)
    expect(calls).toHaveLength(3)
  })

  it('asks once when there is no next page', async () => {
    const { api, calls } = server([], 2)
    expect((await list(api)).value).toEqual([])
    expect(calls).toHaveLength(1)
  })

  it('does not take broken links for the end', async () => {
    const { api, calls } = scriptedReading(({ query }) => ({
      loadbalancers: query?.['marker'] === 'a' ? [] : [{ ...LOAD_BALANCER, id: 'a' }],
      loadbalancers_links: [{ href: 'http://x/' }],
    }))
    expect((await list(api)).value).toHaveLength(1)
    expect(calls).toHaveLength(2)
  })

  it('ends at a server without pagination, which answers the same again', async () => {
    const { api } = scriptedReading(() => ({ loadbalancers: [LOAD_BALANCER] }))
    expect((await list(api)).value).toHaveLength(1)
  })

  it('goes on from the one before when the last of a page was purged meanwhile', async () => {
    const ids = ['a', 'b', 'c', 'd']
    const { api } = scriptedReading(({ query }) => {
      const marker = query?.['marker']
      if (marker === 'b') {
        throw AppError.because('octavia.invalid', "Supplied pagination marker 'b' is not valid.")
      }
      const start = marker === undefined ? 0 : marker === 'a' ? 2 : 4
      const page = ids.slice(start, start + 2)
      const links = page.length === 2 ? [{ rel: 'next', href: '' }] : []
      return {
        loadbalancers: page.map((id) => ({ ...LOAD_BALANCER, id })),
        loadbalancers_links: links,
      }
    })
    expect((await list(api)).value.map(({ id }) => id)).toEqual(['a', 'c', 'd'])
  })

  it('names the field and the object of a malformed answer', async () => {
    const broken = { ...LOAD_BALANCER, id: 'bad', created_at: 'yesterday' }
    const { api } = scriptedReading(() => ({ loadbalancers: [LOAD_BALANCER, broken] }))
    await expect(list(api)).rejects.toMatchObject({
      code: 'malformed',
      reason: 'answer.malformed',
      requestId: 'req-1',
      values: { field: 'loadbalancers.1.created_at', id: 'bad', path: '/v2.0/lbaas/loadbalancers' },
    })
  })

  it.each([
    ['<html>502 Bad Gateway</html>', 'body'],
    [null, 'body'],
    [{}, 'loadbalancers'],
    [{ loadbalancers: {} }, 'loadbalancers'],
    [{ loadbalancers: [{}] }, 'loadbalancers.0.id'],
    [{ loadbalancers: [null] }, 'loadbalancers.0'],
  ])('refuses %j', async (body, field) => {
    const { api } = scriptedReading(() => body)
    await expect(list(api)).rejects.toMatchObject({
      reason: 'answer.malformed',
      values: { field, id: '–' },
    })
  })
})

describe('readOne', () => {
  it('reads an object, with the id as part of the path and nothing else', async () => {
    const { api, calls } = scriptedReading(() => ({ listener: LISTENER }))
    const { value } = await readOne(api, 'alpha', LISTENERS, 'a/b?c', signal)
    expect(value.name).toBe('l1')
    expect(calls[0]?.path).toBe('/v2.0/lbaas/listeners/a%2Fb%3Fc')
  })

  it('names what is wrong with it', async () => {
    const { api } = scriptedReading(() => ({ listener: { ...LISTENER, protocol_port: 'http' } }))
    await expect(readOne(api, 'alpha', LISTENERS, LISTENER.id, signal)).rejects.toMatchObject({
      values: { field: 'listener.protocol_port', id: LISTENER.id },
    })
  })

  it('refuses an answer without the object', async () => {
    const { api } = scriptedReading(() => ({ loadbalancer: LISTENER }))
    await expect(readOne(api, 'alpha', LISTENERS, LISTENER.id, signal)).rejects.toMatchObject({
      values: { field: 'listener' },
    })
  })
})
