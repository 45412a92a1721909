import type { Namespace } from '../amphora/interfaces'
import type { Machine } from '../amphora/machine'

interface Route {
  type?: string
  dst: string
  gateway?: string
  dev: string
  table?: string
  protocol: string
  scope?: string
  prefsrc?: string
  flags: string[]
}

interface Rule {
  priority: number
  src: string
  table: string
  protocol?: string
}

interface Neighbour {
  dst: string
  dev: string
  lladdr: string
  state: string[]
}

const own = (namespace: Namespace, name: 'eth1' | 'eth2'): string =>
  namespace[name].addresses[0]?.local ?? ''

/** `ip -j rule`. */
export const rules = (namespace: Namespace | undefined): Rule[] => [
  { priority: 0, src: 'all', table: 'local' },
  ...(namespace?.holdsVip
    ? [{ priority: 100, src: namespace.vip, table: '1', protocol: 'keepalived' }]
    : []),
  { priority: 32766, src: 'all', table: 'main' },
  { priority: 32767, src: 'all', table: 'default' },
]

/** `ip -j neighbour`. */
export function neighbours(machine: Machine, namespace: Namespace | undefined): Neighbour[] {
  const entry = (dst: string, dev: string, lladdr: string): Neighbour => ({
    dst,
    dev,
    lladdr,
    state: ['REACHABLE'],
  })
  if (!namespace) return [entry('10.77.0.1', 'eth0', 'fa:16:3e:00:00:01')]
  return [
    entry(machine.spec.peer.vrrpAddress, 'eth1', 'fa:16:3e:00:30:02'),
    ...machine.haproxy.frontends.flatMap(({ pool }) =>
      (pool?.servers ?? []).map(({ address }, index) =>
        entry(address, 'eth2', `fa:16:3e:00:dc:${String(index + 10)}`),
      ),
    ),
  ]
}

/** `ip -j route show table …`, in the kernel's order. */
export function routes(
  machine: Machine,
  namespace: Namespace | undefined,
  table: string,
  family: 'inet' | 'inet6' | undefined,
): Route[] {
  if (family === 'inet6') return []
  if (!namespace) {
    const local = machine.spec.managementAddress
    return table === 'local' || table === '1'
      ? []
      : [{ ...subnet('10.77.0.0/24', 'eth0', 'kernel', local) }]
  }
  const all = [...ruled(namespace), ...main(namespace), ...local(namespace)]
  if (table === 'all') return all
  return all
    .filter((route) => (route.table ?? 'main') === table)
    .map((route) => {
      const { table: named, ...rest } = route
      return named === undefined ? route : rest
    })
}

const subnet = (dst: string, dev: string, protocol: string, prefsrc: string): Route => ({
  dst,
  dev,
  protocol,
  scope: 'link',
  prefsrc,
  flags: [],
})

function ruled(namespace: Namespace): Route[] {
  if (!namespace.holdsVip) return []
  const { vip, vipSubnet } = namespace
  return [
    {
      dst: 'default',
      gateway: vipSubnet.gateway ?? '',
      dev: 'eth1',
      table: '1',
      protocol: 'keepalived',
      flags: ['onlink'],
    },
    {
      dst: vipSubnet.cidr,
      dev: 'eth1',
      table: '1',
      protocol: 'keepalived',
      scope: 'link',
      prefsrc: vip,
      flags: [],
    },
  ]
}

const main = (namespace: Namespace): Route[] => [
  ...(namespace.eth1.carrier
    ? [
        {
          dst: 'default',
          gateway: namespace.vipSubnet.gateway ?? '',
          dev: 'eth1',
          protocol: 'static',
          flags: ['onlink'],
        },
        subnet(namespace.vipSubnet.cidr, 'eth1', 'kernel', own(namespace, 'eth1')),
      ]
    : []),
  subnet(namespace.memberSubnet.cidr, 'eth2', 'kernel', own(namespace, 'eth2')),
]

function local(namespace: Namespace): Route[] {
  const entry = (type: string, dst: string, dev: string, prefsrc: string): Route => ({
    type,
    dst,
    dev,
    table: 'local',
    protocol: 'kernel',
    scope: type === 'broadcast' ? 'link' : 'host',
    prefsrc,
    flags: [],
  })
  const broadcast = (cidr: string): string => cidr.replace(/\.0\/24$/, '.255')
  const one = own(namespace, 'eth1')
  const two = own(namespace, 'eth2')
  return [
    entry('local', '127.0.0.0/8', 'lo', '127.0.0.1'),
    entry('local', '127.0.0.1', 'lo', '127.0.0.1'),
    entry('broadcast', '127.255.255.255', 'lo', '127.0.0.1'),
    ...(namespace.holdsVip ? [entry('local', namespace.vip, 'eth1', namespace.vip)] : []),
    entry('local', one, 'eth1', one),
    entry('broadcast', broadcast(namespace.vipSubnet.cidr), 'eth1', one),
    entry('local', two, 'eth2', two),
    entry('broadcast', broadcast(namespace.memberSubnet.cidr), 'eth2', two),
  ]
}

/** The same entries as `ip` without `-j` prints them. */
export function toText(object: string, entries: readonly (Route | Rule | Neighbour)[]): string {
  return entries.map((entry) => `${lineOf(object, entry)}\n`).join('')
}

function lineOf(object: string, entry: Route | Rule | Neighbour): string {
  if ('priority' in entry) {
    const protocol = entry.protocol ? ` proto ${entry.protocol}` : ''
    return `${entry.priority}:\tfrom ${entry.src} lookup ${entry.table}${protocol}`
  }
  if ('lladdr' in entry) {
    return `${entry.dst} dev ${entry.dev} lladdr ${entry.lladdr} ${entry.state.join(' ')} `
  }
  return [
    entry.type,
    entry.dst,
    entry.gateway && `via ${entry.gateway}`,
    `dev ${entry.dev}`,
    entry.table && `table ${entry.table}`,
    `proto ${entry.protocol}`,
    entry.scope && `scope ${entry.scope}`,
    entry.prefsrc && `src ${entry.prefsrc}`,
    ...entry.flags,
    object === 'route' ? '' : undefined,
  ]
    .filter((part) => part !== undefined && part !== 'undefined')
    .join(' ')
}
