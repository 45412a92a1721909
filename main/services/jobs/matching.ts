import type { LoadBalancer, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import type { LoadBalancerPlan } from '../../../preload/contract/plan'
import type { PlannedStep } from './plannedRequests'

/** A part of a plan as the cloud has it. */
export interface MadePart {
  id: string
  provisioningStatus: string
}

/**
 * Which parts of a plan a load balancer has already, by index of their steps.
 * Parts are told apart by what Octavia allows only once: a listener by protocol and port, a pool as default pool of its
 * listener, a member by address and port, a health monitor by its pool.
 */
export function madeParts(
  plan: LoadBalancerPlan,
  steps: readonly PlannedStep[],
  detail: LoadBalancerDetail,
): (MadePart | undefined)[] {
  const listenerOf = (index: number) => {
    const planned = plan.listeners[index]
    return detail.listeners.find(
      ({ protocol, port }) => protocol === planned?.protocol && port === planned.port,
    )
  }
  const poolOf = (index: number) => {
    const id = listenerOf(index)?.defaultPoolId
    return detail.pools.find((pool) => pool.id === id)
  }
  return steps.map((step): MadePart | undefined => {
    switch (step.kind) {
      case 'loadBalancer':
        return detail.loadBalancer
      case 'listener':
        return listenerOf(step.listener)
      case 'pool':
        return poolOf(step.listener)
      case 'healthMonitor':
        return poolOf(step.listener)?.healthMonitor
      case 'member': {
        const planned = plan.listeners[step.listener]?.pool?.members[step.member]
        if (!planned) return undefined
        return poolOf(step.listener)?.members.find((member) => samePlace(member, planned))
      }
    }
  })
}

interface Place {
  address: string
  port: number
}

/** Whether two members are the same to Octavia: address and port, however the address is written. */
export const samePlace = (one: Place, other: Place): boolean =>
  one.port === other.port && plainAddress(one.address) === plainAddress(other.address)

/** Whether a load balancer could have come from a plan, by all that the plan lays down about it. */
export const mayComeFrom = (plan: LoadBalancerPlan, loadBalancer: LoadBalancer): boolean =>
  loadBalancer.name === plan.name &&
  loadBalancer.description === plan.description &&
  loadBalancer.vipSubnetId === plan.vipSubnetId &&
  (plan.vipAddress === undefined ||
    plainAddress(loadBalancer.vipAddress) === plainAddress(plan.vipAddress))

/** IPv6 addresses have many spellings; the URL parser knows the shortest. */
function plainAddress(address: string): string {
  if (!address.includes(':')) return address
  return URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname : address
}
