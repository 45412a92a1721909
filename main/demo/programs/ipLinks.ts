import type { Address, Interface, NetworkEvent } from '../amphora/interfaces'

const FOREVER = 4_294_967_295

const isLoopback = (link: Interface): boolean => link.name === 'lo'

const flags = (link: Interface): string[] => {
  if (isLoopback(link)) return ['LOOPBACK', 'UP', 'LOWER_UP']
  return link.carrier
    ? ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP']
    : ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP']
}

const operationalState = (link: Interface): string => {
  if (isLoopback(link)) return 'UNKNOWN'
  return link.carrier ? 'UP' : 'DOWN'
}

const head = (link: Interface) => ({
  ifindex: link.index,
  ...(!isLoopback(link) && { link_index: link.peer }),
  ifname: link.name,
  flags: flags(link),
  mtu: link.mtu,
  qdisc: 'noqueue',
  operstate: operationalState(link),
})

const tail = (link: Interface) => ({
  group: 'default',
  txqlen: 1000,
  link_type: isLoopback(link) ? 'loopback' : 'ether',
  address: link.mac,
  broadcast: isLoopback(link) ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff',
  ...(!isLoopback(link) && { link_netnsid: 0 }),
})

/** One entry of `ip -j address`, with `-s` its counters. */
export const addressJson = (
  link: Interface,
  family: 'inet' | 'inet6' | undefined,
  statistics = false,
): object => ({
  ...head(link),
  ...tail(link),
  addr_info: (family === 'inet6' ? [] : link.addresses).map(({ local, prefix }) => ({
    family: 'inet',
    local,
    prefixlen: prefix,
    scope: isLoopback(link) ? 'host' : 'global',
    label: link.name,
    valid_life_time: FOREVER,
    preferred_life_time: FOREVER,
  })),
  ...(statistics && counters(link)),
})

/** One entry of `ip -j link`, with `-s` its counters. */
export const linkJson = (link: Interface, statistics: boolean): object => ({
  ...head(link),
  linkmode: 'DEFAULT',
  ...tail(link),
  ...(statistics && counters(link)),
})

const counters = (link: Interface): object => ({
  stats64: {
    rx: {
      bytes: link.receivedBytes,
      packets: Math.floor(link.receivedBytes / 98),
      errors: 0,
      dropped: 0,
      over_errors: 0,
      multicast: 0,
    },
    tx: {
      bytes: link.sentBytes,
      packets: Math.floor(link.sentBytes / 73),
      errors: 0,
      dropped: 0,
      carrier_errors: 0,
      collisions: 0,
    },
  },
})

const scopeOf = (link: Interface): string => (isLoopback(link) ? 'host' : 'global')

const inet = (link: Interface, { local, prefix }: Address): string =>
  `inet ${local}/${prefix} scope ${scopeOf(link)} ${link.name}`

/** The two lines of `ip link`. */
export function linkText(link: Interface, mode = ' mode DEFAULT'): string {
  const peer = isLoopback(link) ? '' : `@if${link.peer}`
  const { link_type: type, broadcast } = tail(link)
  const namespace = isLoopback(link) ? '' : ' link-netnsid 0'
  return `${link.index}: ${link.name}${peer}: <${flags(link).join(',')}> mtu ${link.mtu} qdisc noqueue state ${operationalState(link)}${mode} group default qlen 1000
    link/${type} ${link.mac} brd ${broadcast}${namespace}
`
}

/** `ip address` for one interface. */
export const addressText = (link: Interface): string =>
  linkText(link, '') +
  link.addresses
    .map(
      (address) => `    ${inet(link, address)}\n       valid_lft forever preferred_lft forever\n`,
    )
    .join('')

/** One line of `ip -o monitor`, without its time stamp. */
export function monitorLine(event: NetworkEvent): string {
  switch (event.kind) {
    case 'address': {
      const { of: link, address } = event
      const deleted = event.deleted ? 'Deleted ' : ''
      return `${deleted}${link.index}: ${link.name}    ${inet(link, address)}\\       valid_lft forever preferred_lft forever`
    }
    case 'link':
      return linkText(event.of, '').trimEnd().replace('\n', '\\').replace(' qdisc noqueue', '')
    case 'route':
    case 'rule':
      return `${event.deleted ? 'Deleted ' : ''}${event.line}`
  }
}
