import { describe, expect, it } from 'vitest'
import { madeParts, mayComeFrom, samePlace } from '../../../../../main/services/jobs/matching'
import { plannedSteps } from '../../../../../main/services/jobs/plannedRequests'
import { LoadBalancers } from '../../../../../main/services/loadBalancers'
import { loadBalancerOf } from '../../../../../main/services/octavia/objects'
import { aListenerPlan, aLoadBalancerPlan } from '../../../../support/aLoadBalancerPlan'
import {
  HEALTH_MONITOR,
  LISTENER,
  LOAD_BALANCER,
  MEMBER,
  POOL,
} from '../../../../support/octaviaBodies'
import { scriptedReading } from '../../../../support/scriptedReading'

const read = () => {
  const { api } = scriptedReading(({ path }) => {
    if (path.endsWith('/members')) return { members: [MEMBER] }
    if (path.includes('/healthmonitors/')) return { healthmonitor: HEALTH_MONITOR }
    if (path.endsWith('/pools')) return { pools: [POOL] }
    if (path.endsWith('/listeners')) return { listeners: [LISTENER] }
    return { loadbalancer: LOAD_BALANCER }
  })
  return new LoadBalancers(api).read('alpha', LOAD_BALANCER.id, new AbortController().signal)
}

describe('madeParts', () => {
  it('finds the parts of a plan whatever they are called, and leaves open what is missing', async () => {
    const plan = aLoadBalancerPlan()
    const made = madeParts(plan, plannedSteps(plan), await read())
    expect(made.map((part) => part?.id)).toEqual([
      LOAD_BALANCER.id,
      LISTENER.id,
      POOL.id,
      MEMBER.id,
      undefined,
      HEALTH_MONITOR.id,
    ])
  })

  it('does not take the parts of another listener', async () => {
    const plan = aLoadBalancerPlan({ listeners: [aListenerPlan({ port: 81 })] })
    const made = madeParts(plan, plannedSteps(plan), await read())
    expect(made.filter((part) => part)).toHaveLength(1)
  })
})

describe('samePlace', () => {
  it.each([
    ['2001:db8:0::5', '2001:DB8::5', true],
    ['2001:db8::5', '2001:db8::6', false],
    ['10.0.0.5', '10.0.0.5', true],
    ['10.0.0.5', '10.0.0.50', false],
  ])('compares %s and %s', (one, other, same) => {
    expect(samePlace({ address: one, port: 80 }, { address: other, port: 80 })).toBe(same)
  })

  it('tells ports apart', () => {
    expect(samePlace({ address: '::1', port: 80 }, { address: '::1', port: 81 })).toBe(false)
  })
})

describe('mayComeFrom', () => {
  const plan = aLoadBalancerPlan({ name: 'lb1', vipSubnetId: LOAD_BALANCER.vip_subnet_id })

  it.each([
    ['the same', {}, true],
    ['another subnet', { vip_subnet_id: 'other' }, false],
    ['another description', { description: 'mine' }, false],
    ['another name', { name: 'lb2' }, false],
  ])('compares with %s', (_, changes, expected) => {
    const loadBalancer = loadBalancerOf({ ...LOAD_BALANCER, ...changes })
    expect(mayComeFrom(plan, loadBalancer)).toBe(expected)
  })

  it('insists on the address where the plan lays it down', () => {
    const loadBalancer = loadBalancerOf(LOAD_BALANCER)
    expect(mayComeFrom({ ...plan, vipAddress: '198.51.100.1' }, loadBalancer)).toBe(true)
    expect(mayComeFrom({ ...plan, vipAddress: '198.51.100.2' }, loadBalancer)).toBe(false)
  })
})
