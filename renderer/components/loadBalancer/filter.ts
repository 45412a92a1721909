import type { LoadBalancer } from '../../../preload/contract/loadBalancer'

/** What the list is narrowed to; an empty field does not narrow. */
export interface ListFilter {
  /** Words that must all occur in name, id, addresses, tags or description. */
  text: string
  provisioningStatus: string
  operatingStatus: string
}

/** Built once per load balancer, because a keystroke searches ten thousand of them. */
const words = new WeakMap<LoadBalancer, string>()

function wordsOf(one: LoadBalancer): string {
  const known = words.get(one)
  if (known !== undefined) return known
  const made = [
    one.name,
    one.id,
    one.vipAddress,
    one.description,
    ...one.additionalVips.map(({ address }) => address),
    ...one.tags,
  ]
    .join('\n')
    .toLowerCase()
  words.set(one, made)
  return made
}

/** Those that pass the filter, in the order they came. */
export function filtered(all: readonly LoadBalancer[], filter: ListFilter): LoadBalancer[] {
  const parts = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  return all.filter(
    (one) =>
      (!filter.provisioningStatus || one.provisioningStatus === filter.provisioningStatus) &&
      (!filter.operatingStatus || one.operatingStatus === filter.operatingStatus) &&
      parts.every((part) => wordsOf(one).includes(part)),
  )
}

/** How many there are of each status, commonest first. */
export function counted(statuses: readonly string[]): [status: string, count: number][] {
  const counts = new Map<string, number>()
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one)
}

/** Orders addresses by their numbers, so that 10.0.0.9 comes before 10.0.0.10. */
export function compareAddresses(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}
