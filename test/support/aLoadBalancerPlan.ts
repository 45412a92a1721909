import { LoadBalancerPlan } from '../../preload/contract/plan'

/** A plan as the form makes it: one listener, one pool with two members and a monitor. */
export const aLoadBalancerPlan = (changes: Partial<LoadBalancerPlan> = {}): LoadBalancerPlan =>
  LoadBalancerPlan.parse({
    name: 'shop',
    description: '',
    vipSubnetId: 'subnet',
    tags: [],
    listeners: [aListenerPlan()],
    ...changes,
  })

/** A listener of a plan, with everything below it. */
export const aListenerPlan = (
  changes: Partial<LoadBalancerPlan['listeners'][number]> = {},
): LoadBalancerPlan['listeners'][number] => ({
  name: 'web',
  protocol: 'HTTP',
  port: 80,
  connectionLimit: -1,
  allowedCidrs: [],
  pool: {
    name: 'web-pool',
    protocol: 'HTTP',
    algorithm: 'ROUND_ROBIN',
    members: [
      { name: 'a', address: '10.0.0.5', port: 8080, weight: 1, backup: false },
      { name: '', address: '2001:db8::5', port: 8080, weight: 5, backup: true, subnetId: 'six' },
    ],
    healthMonitor: {
      name: '',
      type: 'HTTP',
      delay: 5,
      timeout: 3,
      maxRetries: 3,
      maxRetriesDown: 2,
      httpMethod: 'GET',
      urlPath: '/health',
      expectedCodes: '200-204',
    },
  },
  ...changes,
})
