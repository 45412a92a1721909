import { describe, expect, it } from 'vitest'
import { plannedRequests, plannedSteps } from '../../../../../main/services/jobs/plannedRequests'
import { aListenerPlan, aLoadBalancerPlan } from '../../../../support/aLoadBalancerPlan'

const LBAAS = '/v2.0/lbaas'

const MEMBERS = [
  { name: 'a', address: '10.0.0.5', protocol_port: 8080, weight: 1 },
  { address: '2001:db8::5', protocol_port: 8080, weight: 5, subnet_id: 'six', backup: true },
]
const MONITOR = {
  type: 'HTTP',
  delay: 5,
  timeout: 3,
  max_retries: 3,
  max_retries_down: 2,
  http_method: 'GET',
  url_path: '/health',
  expected_codes: '200-204',
}

describe('plannedRequests', () => {
  it('sends part by part where a single call cannot be trusted, defaults left out', () => {
    expect(plannedRequests(aLoadBalancerPlan(), 26)).toEqual([
      {
        method: 'POST',
        path: `${LBAAS}/loadbalancers`,
        body: { loadbalancer: { name: 'shop', vip_subnet_id: 'subnet' } },
      },
      {
        method: 'POST',
        path: `${LBAAS}/listeners`,
        body: {
          listener: {
            loadbalancer_id: '<loadBalancer>',
            name: 'web',
            protocol: 'HTTP',
            protocol_port: 80,
          },
        },
      },
      {
        method: 'POST',
        path: `${LBAAS}/pools`,
        body: {
          pool: {
            listener_id: '<listener1>',
            name: 'web-pool',
            protocol: 'HTTP',
            lb_algorithm: 'ROUND_ROBIN',
          },
        },
      },
      {
        method: 'PUT',
        path: `${LBAAS}/pools/<pool1>/members?additive_only=true`,
        body: { members: MEMBERS },
      },
      {
        method: 'POST',
        path: `${LBAAS}/healthmonitors`,
        body: { healthmonitor: { pool_id: '<pool1>', ...MONITOR } },
      },
    ])
  })

  it('sends one request from v2.27 on', () => {
    expect(plannedRequests(aLoadBalancerPlan({ tags: ['x'] }), 27)).toEqual([
      {
        method: 'POST',
        path: `${LBAAS}/loadbalancers`,
        body: {
          loadbalancer: {
            name: 'shop',
            vip_subnet_id: 'subnet',
            tags: ['x'],
            listeners: [
              {
                name: 'web',
                protocol: 'HTTP',
                protocol_port: 80,
                default_pool: {
                  name: 'web-pool',
                  protocol: 'HTTP',
                  lb_algorithm: 'ROUND_ROBIN',
                  members: MEMBERS,
                  healthmonitor: MONITOR,
                },
              },
            ],
          },
        },
      },
    ])
  })

  it.each([
    ['without a name', ['', 'b']],
    ['of the same name', ['b', 'b']],
  ])(
    'sends part by part when there are pools %s, which a single call cannot tell apart',
    (_, names) => {
      const listeners = names.map((name, index) => {
        const listener = aListenerPlan({ port: 80 + index })
        return { ...listener, pool: { ...listener.pool!, name } }
      })
      const requests = plannedRequests(aLoadBalancerPlan({ listeners }), 30)
      expect(requests).toHaveLength(9)
      expect(requests.at(-1)?.body).toMatchObject({ healthmonitor: { pool_id: '<pool2>' } })
    },
  )

  it('leaves out what an old API does not know', () => {
    const plan = aLoadBalancerPlan({ tags: ['x'] })
    expect(plannedRequests(plan, 4)[0]?.body).toEqual({
      loadbalancer: { name: 'shop', vip_subnet_id: 'subnet' },
    })
    expect(plannedRequests(plan, 5)[0]?.body).toMatchObject({ loadbalancer: { tags: ['x'] } })
    expect(plannedRequests(plan, 10)[3]?.path).toBe(`${LBAAS}/pools/<pool1>/members`)
  })

  it('sends what differs from the default', () => {
    const listener = aListenerPlan({ connectionLimit: 500, allowedCidrs: ['10.0.0.0/8'] })
    const pool = {
      ...listener.pool!,
      sessionPersistence: { type: 'APP_COOKIE' as const, cookieName: 'SID' },
      members: [],
      healthMonitor: { ...listener.pool!.healthMonitor!, type: 'TCP' as const, name: 'check' },
    }
    const plan = aLoadBalancerPlan({
      description: 'the shop',
      vipNetworkId: 'network',
      vipAddress: '192.0.2.9',
      listeners: [{ ...listener, pool }],
    })
    const bodies = plannedRequests(plan, 26).map(({ body }) => body)
    expect(bodies).toHaveLength(4)
    expect(bodies[0]).toEqual({
      loadbalancer: {
        name: 'shop',
        description: 'the shop',
        vip_subnet_id: 'subnet',
        vip_network_id: 'network',
        vip_address: '192.0.2.9',
      },
    })
    expect(bodies[1]).toMatchObject({
      listener: { connection_limit: 500, allowed_cidrs: ['10.0.0.0/8'] },
    })
    expect(bodies[2]).toMatchObject({
      pool: { session_persistence: { type: 'APP_COOKIE', cookie_name: 'SID' } },
    })
    expect(bodies[3]).toEqual({
      healthmonitor: {
        pool_id: '<pool1>',
        name: 'check',
        type: 'TCP',
        delay: 5,
        timeout: 3,
        max_retries: 3,
        max_retries_down: 2,
      },
    })
  })
})

describe('plannedSteps', () => {
  it('calls parts without a name by what they do', () => {
    const listener = aListenerPlan({ name: '' })
    const plan = aLoadBalancerPlan({
      listeners: [{ ...listener, pool: { ...listener.pool!, name: '' } }],
    })
    expect(plannedSteps(plan).map(({ kind, name }) => [kind, name])).toEqual([
      ['loadBalancer', 'shop'],
      ['listener', 'HTTP 80'],
      ['pool', 'HTTP 80'],
      ['member', 'a'],
      ['member', '[2001:db8::5]:8080'],
      ['healthMonitor', 'HTTP'],
    ])
  })
})
