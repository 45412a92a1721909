import { describe, expect, it } from 'vitest'
import {
  newListener,
  newMember,
  newPlan,
  type PlanDraft,
} from '../../../../../renderer/components/loadBalancer/planDraft'
import {
  detectionSeconds,
  partCount,
  planOf,
} from '../../../../../renderer/components/loadBalancer/planOf'

const complete = (): PlanDraft => ({ ...newPlan(), name: 'shop', vipSubnetId: 'subnet-1' })
const found = (draft: PlanDraft) =>
  planOf(draft, undefined).breaches.map(({ path, rule, step, filled }) => ({
    path,
    rule,
    step,
    filled,
  }))

describe('planOf', () => {
  it('makes a plan of a form in which only name and subnet were entered', () => {
    const { plan, breaches } = planOf(complete(), 'network-1')
    expect(breaches).toEqual([])
    expect(plan).toMatchObject({
      name: 'shop',
      vipSubnetId: 'subnet-1',
      vipNetworkId: 'network-1',
      tags: [],
      listeners: [{ protocol: 'HTTP', port: 80, connectionLimit: -1 }],
    })
    expect(plan).not.toHaveProperty('vipAddress')
  })

  it('says of an empty form what is missing, without calling it wrong', () => {
    expect(found(newPlan())).toEqual([
      { path: 'name', rule: 'nameMissing', step: 'loadBalancer', filled: false },
      { path: 'vipSubnetId', rule: 'vipSubnet', step: 'loadBalancer', filled: false },
    ])
  })

  it('points at a timeout that is not below the delay', () => {
    const draft = complete()
    draft.listeners[0]!.pool.monitor.timeout = 5
    expect(found(draft)).toEqual([
      {
        path: 'listeners.0.pool.healthMonitor.timeout',
        rule: 'timeoutNotBelowDelay',
        step: 'monitors',
        filled: true,
      },
    ])
  })

  it('names the member that is wrong, and those that are there twice', () => {
    const draft = complete()
    draft.listeners[0]!.pool.members = [newMember({ address: 'nowhere', port: Number.NaN })]
    expect(found(draft)).toEqual([
      {
        path: 'listeners.0.pool.members.0.address',
        rule: 'address',
        step: 'members',
        filled: true,
      },
      { path: 'listeners.0.pool.members.0.port', rule: 'port', step: 'members', filled: true },
    ])

    const one = { address: '192.0.2.1', port: 80 }
    draft.listeners[0]!.pool.members = [newMember(one), newMember(one)]
    expect(found(draft)).toMatchObject([
      { path: 'listeners.0.pool.members', rule: 'memberTwice', step: 'members' },
    ])
  })

  it('names two listeners on one port', () => {
    const draft = complete()
    draft.listeners.push(newListener(80))
    expect(found(draft)).toMatchObject([
      { path: 'listeners', rule: 'listenerTwice', step: 'listeners' },
    ])
  })

  it('does not let fields that cannot be seen break a rule', () => {
    const draft = complete()
    Object.assign(draft.listeners[0]!.pool.monitor, { type: 'TCP', urlPath: '', expectedCodes: '' })
    expect(found(draft)).toEqual([])
  })
})

describe('detectionSeconds', () => {
  const seconds = (delay: number | undefined, timeout: number, maxRetriesDown: number) =>
    detectionSeconds({ delay, timeout, maxRetriesDown })

  it('counts each failed check with the pause before it', () => {
    expect(seconds(20, 10, 3)).toBe(90)
  })

  it('counts the time to connect where that is longer than the timeout of a check', () => {
    expect(seconds(5, 4, 3)).toBe(30)
    expect(seconds(60, 2, 2)).toBe(130)
  })

  it('does not count more to connect than a pause is long', () => {
    expect(seconds(3, 1, 2)).toBe(12)
  })

  it('says nothing while a field is not filled in', () => {
    expect(seconds(undefined, 4, 3)).toBeUndefined()
    expect(seconds(Number.NaN, 4, 3)).toBeUndefined()
  })
})

describe('partCount', () => {
  it('counts the load balancer and everything below it', () => {
    const draft = complete()
    draft.listeners[0]!.pool.members = [
      newMember({ address: '192.0.2.1', port: 80 }),
      newMember({ address: '192.0.2.2', port: 80 }),
    ]
    draft.listeners.push({ ...newListener(81), hasPool: false })
    expect(partCount(planOf(draft, undefined).plan!)).toBe(7)
  })
})
