import { describe, expect, it } from 'vitest'
import { LoadBalancerPlan } from '../../../../preload/contract/plan'
import { aListenerPlan, aLoadBalancerPlan } from '../../../support/aLoadBalancerPlan'

type Listener = ReturnType<typeof aListenerPlan>
type Pool = NonNullable<Listener['pool']>

const rulesBroken = (plan: unknown) => {
  const { error } = LoadBalancerPlan.safeParse(plan)
  return (error?.issues ?? []).map(({ path, message }) => [path.join('.'), message])
}

const withPool = (listener: Partial<Listener>, pool: Partial<Pool>) => {
  const whole = aListenerPlan(listener)
  const plan = aLoadBalancerPlan()
  return { ...plan, listeners: [{ ...whole, pool: { ...whole.pool, ...pool } }] }
}

const monitor = (changes: Partial<NonNullable<Pool['healthMonitor']>>) => ({
  ...aListenerPlan().pool!.healthMonitor!,
  ...changes,
})

describe('LoadBalancerPlan', () => {
  it('takes what Octavia takes', () => {
    expect(rulesBroken(aLoadBalancerPlan())).toEqual([])
    const udp = { protocol: 'UDP', healthMonitor: monitor({ type: 'UDP-CONNECT' }) } as const
    expect(rulesBroken(withPool({ protocol: 'UDP' }, udp))).toEqual([])
  })

  it.each([
    ['a name is missing', { name: ' ' }, [['name', 'nameMissing']]],
    ['a subnet is missing', { vipSubnetId: '' }, [['vipSubnetId', 'vipSubnet']]],
    ['an address is none', { vipAddress: '10.0.0.300' }, [['vipAddress', 'address']]],
    [
      'two listeners share a port',
      { listeners: [aListenerPlan(), aListenerPlan({ protocol: 'TCP' })] },
      [['listeners', 'listenerTwice']],
    ],
  ])('says that %s', (_, changes, broken) => {
    expect(rulesBroken({ ...aLoadBalancerPlan(), ...changes })).toEqual(broken)
  })

  it('lets listeners of different transports share a port', () => {
    const udp = { protocol: 'UDP', pool: undefined } as const
    const plan = { ...aLoadBalancerPlan(), listeners: [aListenerPlan(), aListenerPlan(udp)] }
    expect(rulesBroken(plan)).toEqual([])
  })

  it.each<[string, Partial<Listener>, Partial<Pool>, string[][]]>([
    [
      'a pool does not suit its listener',
      { protocol: 'HTTPS' },
      { protocol: 'HTTP' },
      [['listeners.0.pool.protocol', 'poolProtocol']],
    ],
    [
      'a UDP pool cannot keep sessions by cookie',
      { protocol: 'UDP' },
      {
        protocol: 'UDP',
        sessionPersistence: { type: 'HTTP_COOKIE' },
        healthMonitor: undefined,
      },
      [['listeners.0.pool.sessionPersistence.type', 'persistenceProtocol']],
    ],
    [
      'a UDP pool cannot be pinged',
      { protocol: 'UDP' },
      { protocol: 'UDP', healthMonitor: monitor({ type: 'PING' }) },
      [['listeners.0.pool.healthMonitor.type', 'monitorProtocol']],
    ],
    [
      'only UDP and SCTP pools take UDP-CONNECT',
      {},
      { healthMonitor: monitor({ type: 'UDP-CONNECT' }) },
      [['listeners.0.pool.healthMonitor.type', 'monitorProtocol']],
    ],
    [
      'UDP-CONNECT needs three seconds between checks',
      { protocol: 'UDP' },
      { protocol: 'UDP', healthMonitor: monitor({ type: 'UDP-CONNECT', delay: 2, timeout: 1 }) },
      [['listeners.0.pool.healthMonitor.delay', 'udpConnectDelay']],
    ],
    [
      'a check may not take as long as the pause between checks',
      {},
      { healthMonitor: monitor({ delay: 5, timeout: 5 }) },
      [['listeners.0.pool.healthMonitor.timeout', 'timeoutNotBelowDelay']],
    ],
    [
      'a member is there twice',
      {},
      { members: [aListenerPlan().pool!.members[0]!, aListenerPlan().pool!.members[0]!] },
      [['listeners.0.pool.members', 'memberTwice']],
    ],
  ])('says that %s', (_, listener, pool, broken) => {
    expect(rulesBroken(withPool(listener, pool))).toEqual(broken)
  })
})
