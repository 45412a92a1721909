import { describe, expect, it } from 'vitest'
import { Amphorae } from '../../../../main/services/amphorae'
import { LoadBalancers } from '../../../../main/services/loadBalancers'
import { AppError } from '../../../../preload/contract/error'
import {
  AMPHORA,
  HEALTH_MONITOR,
  LISTENER,
  LOAD_BALANCER,
  MEMBER,
  POOL,
} from '../../../support/octaviaBodies'
import { scriptedReading } from '../../../support/scriptedReading'

const { signal } = new AbortController()
const LBAAS = '/v2.0/lbaas'

const ANSWERS: Record<string, unknown> = {
  [`${LBAAS}/loadbalancers/${LOAD_BALANCER.id}`]: { loadbalancer: LOAD_BALANCER },
  [`${LBAAS}/listeners`]: { listeners: [LISTENER], listeners_links: [] },
  [`${LBAAS}/pools`]: { pools: [POOL], pools_links: [] },
  [`${LBAAS}/pools/${POOL.id}/members`]: { members: [MEMBER], members_links: [] },
  [`${LBAAS}/healthmonitors/${HEALTH_MONITOR.id}`]: { healthmonitor: HEALTH_MONITOR },
}

const gone = () => AppError.because('octavia.notFound', 'Pool not found.')

describe('LoadBalancers', () => {
  it('reads a load balancer with all its parts and keeps the request ids', async () => {
    const { api, calls } = scriptedReading(({ path }) => ANSWERS[path])
    const detail = await new LoadBalancers(api).read('alpha', LOAD_BALANCER.id, signal)
    expect(detail).toMatchObject({
      loadBalancer: { name: 'lb1' },
      listeners: [{ name: 'l1' }],
      pools: [{ name: 'p1', members: [{ name: 'm1' }], healthMonitor: { type: 'HTTP' } }],
      at: 1,
    })
    expect([...detail.requestIds].sort()).toEqual(['req-1', 'req-2', 'req-3', 'req-4', 'req-5'])
    expect(calls.filter(({ path }) => /listeners$|pools$/.test(path))).toMatchObject([
      { query: { loadbalancer_id: LOAD_BALANCER.id } },
      { query: { loadbalancer_id: LOAD_BALANCER.id } },
    ])
  })

  it('leaves out a pool and a monitor that are deleted while it reads', async () => {
    const other = { ...POOL, id: 'gone', healthmonitor_id: null }
    const { api } = scriptedReading(({ path }) => {
      if (path.includes('gone') || path.includes('healthmonitors')) throw gone()
      return path === `${LBAAS}/pools` ? { pools: [POOL, other] } : ANSWERS[path]
    })
    const { pools } = await new LoadBalancers(api).read('alpha', LOAD_BALANCER.id, signal)
    expect(pools).toMatchObject([{ id: POOL.id, healthMonitor: undefined }])
  })

  it('fails when the load balancer itself is gone', async () => {
    const { api } = scriptedReading(({ path }) => {
      if (path.includes('/loadbalancers/')) throw gone()
      return ANSWERS[path]
    })
    await expect(
      new LoadBalancers(api).read('alpha', LOAD_BALANCER.id, signal),
    ).rejects.toMatchObject({ reason: 'octavia.notFound' })
  })

  it('reads the pools of a large load balancer in their order', async () => {
    const pools = Array.from({ length: 20 }, (_, index) => ({
      ...POOL,
      id: `p${index}`,
      healthmonitor_id: null,
    }))
    const { api } = scriptedReading(({ path }) => {
      if (path.endsWith('/members')) return { members: [], members_links: [] }
      return path === `${LBAAS}/pools` ? { pools, pools_links: [] } : ANSWERS[path]
    })
    const detail = await new LoadBalancers(api).read('alpha', LOAD_BALANCER.id, signal)
    expect(detail.pools.map(({ id }) => id)).toEqual(pools.map(({ id }) => id))
  })
})

describe('Amphorae', () => {
  it('lists the amphorae of one load balancer, or all', async () => {
    const { api, calls } = scriptedReading(() => ({ amphorae: [AMPHORA], amphorae_links: [] }))
    const amphorae = new Amphorae(api)
    expect((await amphorae.list('alpha', LOAD_BALANCER.id, signal)).amphorae).toMatchObject([
      { role: 'MASTER' },
    ])
    await amphorae.list('alpha', undefined, signal)
    expect(calls.map(({ path, query }) => [path, query?.['loadbalancer_id']])).toEqual([
      ['/v2.0/octavia/amphorae', LOAD_BALANCER.id],
      ['/v2.0/octavia/amphorae', undefined],
    ])
  })
})
