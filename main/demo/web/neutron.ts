import type { WebAnswer, WebRequest } from './httpServer'
import { header, unauthorized, type Keystone } from './keystone'
import type { Session } from './people'
import type { NetworkRecord, Networks, PortRecord, SubnetRecord } from './networks'
import type { SecurityGroupShapes } from './securityGroups'

type Shape = Record<string, unknown>

const CONTROLS = ['limit', 'marker', 'page_reverse', 'sort_key', 'sort_dir', 'fields']

interface Resource {
  singular: string
  plural: string
  /** As in Neutron's `PortNotFound`. */
  type: string
  items: (session: Session) => Shape[]
}

/** A small Neutron: networks, subnets, ports and security groups, for reading. */
export class Neutron {
  private readonly resources: Readonly<Record<string, Resource>>

  constructor(
    private readonly networks: Networks,
    private readonly keystone: Keystone,
    securityGroups: SecurityGroupShapes,
  ) {
    const ports = () => [...networks.ports.values()]
    const groups = () => [...networks.groups.values()]
    this.resources = {
      networks: {
        singular: 'network',
        plural: 'networks',
        type: 'Network',
        items: (session) =>
          networks.networks
            .filter((each) => sees(session, each))
            .map((each) => this.network(each, session)),
      },
      subnets: {
        singular: 'subnet',
        plural: 'subnets',
        type: 'Subnet',
        items: (session) =>
          networks.subnets.filter(({ network }) => sees(session, network)).map(subnetShape),
      },
      ports: {
        singular: 'port',
        plural: 'ports',
        type: 'Port',
        items: (session) =>
          ports()
            .filter((each) => sees(session, each))
            .map((each) => portShape(each, isAdmin(session))),
      },
      'security-groups': {
        singular: 'security_group',
        plural: 'security_groups',
        type: 'SecurityGroup',
        items: (session) =>
          groups()
            .filter((each) => sees(session, each))
            .map((each) => securityGroups.shape(each)),
      },
    }
  }

  answer(request: WebRequest): WebAnswer {
    const { path, origin, method, query } = request
    if (path === '') {
      const links = [{ rel: 'self', href: `${origin}/v2.0/` }]
      return { status: 200, body: { versions: [{ id: 'v2.0', status: 'CURRENT', links }] } }
    }
    const session = this.keystone.session(header(request, 'x-auth-token'))
    if (!session)
      return unauthorized(this.keystone.services.get('identity')?.url.replace('/v3', '') ?? '')
    const [, version, name = '', id] = path.split('/')
    const resource = this.resources[name]
    if (version !== 'v2.0' || !resource || method !== 'GET') {
      return refuse(404, 'HTTPNotFound', 'The resource could not be found.')
    }
    const items = resource.items(session)
    if (id === undefined) return list(resource, items, query, origin)
    const item = items.find((each) => each['id'] === id)
    if (!item)
      return refuse(404, `${resource.type}NotFound`, `${resource.type} ${id} could not be found.`)
    return { status: 200, body: { [resource.singular]: select(item, query) } }
  }

  private network(network: NetworkRecord, session: Session): Shape {
    const subnets = this.networks.subnets.filter((subnet) => subnet.network === network)
    return {
      id: network.id,
      name: network.name,
      tenant_id: network.project,
      admin_state_up: true,
      mtu: 1500,
      status: 'ACTIVE',
      subnets: subnets.map(({ id }) => id),
      shared: network.shared,
      availability_zone_hints: [],
      availability_zones: [],
      ipv4_address_scope: null,
      ipv6_address_scope: null,
      'router:external': false,
      description: '',
      port_security_enabled: true,
      qos_policy_id: null,
      tags: [],
      created_at: network.createdAt,
      updated_at: network.createdAt,
      revision_number: 2,
      project_id: network.project,
      ...(isAdmin(session) && {
        'provider:network_type': 'local',
        'provider:physical_network': null,
        'provider:segmentation_id': null,
      }),
    }
  }
}

const isAdmin = ({ person }: Session): boolean => person.roles.includes('admin')

const sees = (session: Session, record: { project: string; shared?: boolean }): boolean =>
  isAdmin(session) || record.shared === true || record.project === session.project?.id

function list(
  { plural, type }: Resource,
  items: Shape[],
  query: URLSearchParams,
  origin: string,
): WebAnswer {
  const names = [...new Set(query.keys())].filter((name) => !CONTROLS.includes(name))
  const unknown = names.filter((name) => items[0] && !(name in items[0]))
  if (unknown.length) {
    const shown = unknown.map((name) => `'${name}'`).join(', ')
    return refuse(400, 'HTTPBadRequest', `[${shown}] is invalid attribute for filtering`)
  }
  const limitText = query.get('limit')
  const limit = limitText === null ? undefined : Number(limitText)
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) {
    return refuse(
      400,
      'BadRequest',
      `Bad limit request: Limit must be an integer 0 or greater and not '${String(limitText)}'.`,
    )
  }
  const keys = query.getAll('sort_key')
  if (keys.length !== query.getAll('sort_dir').length) {
    return refuse(400, 'HTTPBadRequest', 'The number of sort_keys and sort_dirs must be same')
  }
  let found = order(
    items.filter((item) => names.every((name) => accepts(item[name], query.getAll(name)))),
    keys,
    query.getAll('sort_dir'),
  )
  const marker = query.get('marker')
  if (marker !== null) {
    const at = found.findIndex(({ id }) => id === marker)
    if (at < 0) return refuse(404, `${type}NotFound`, `${type} ${marker} could not be found.`)
    found = found.slice(at + 1)
  }
  const page = limit ? found.slice(0, limit) : found
  const url = `${origin}/v2.0/${plural.replace('_', '-')}?limit=${String(limit)}`
  const first = page[0]
  const last = page.at(-1)
  const links = [
    ...(limit && page.length === limit
      ? [{ rel: 'next', href: `${url}&marker=${String(last?.['id'])}` }]
      : []),
    ...(limit && first
      ? [{ rel: 'previous', href: `${url}&marker=${String(first['id'])}&page_reverse=True` }]
      : []),
  ]
  return {
    status: 200,
    body: {
      [plural]: page.map((item) => select(item, query)),
      ...(links.length && { [`${plural}_links`]: links }),
    },
  }
}

function order(items: Shape[], keys: string[], directions: string[]): Shape[] {
  const all = [...keys, 'id']
  return items.sort((one, other) => {
    for (const [index, key] of all.entries()) {
      const [left, right] = [String(one[key]), String(other[key])]
      if (left !== right) return (left < right ? -1 : 1) * (directions[index] === 'desc' ? -1 : 1)
    }
    return 0
  })
}

/** Several values of one filter are alternatives; `fixed_ips` takes `name=value`. */
const accepts = (value: unknown, asked: readonly string[]): boolean =>
  asked.some((each) => {
    if (Array.isArray(value)) {
      const [name = '', wanted] = each.split('=')
      return value.some((entry) =>
        typeof entry === 'object' ? (entry as Shape)[name] === wanted : entry === each,
      )
    }
    const isScalar =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    return isScalar && String(value).toLowerCase() === each.toLowerCase()
  })

const select = (item: Shape, query: URLSearchParams): Shape => {
  const fields = query.getAll('fields')
  return fields.length
    ? Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name)))
    : item
}

const refuse = (status: number, type: string, message: string): WebAnswer => ({
  status,
  body: { NeutronError: { type, message, detail: '' } },
})

const subnetShape = (subnet: SubnetRecord): Shape => ({
  id: subnet.id,
  name: subnet.name,
  tenant_id: subnet.network.project,
  network_id: subnet.network.id,
  ip_version: 4,
  subnetpool_id: null,
  enable_dhcp: false,
  ipv6_ra_mode: null,
  ipv6_address_mode: null,
  gateway_ip: subnet.gateway,
  cidr: subnet.cidr,
  allocation_pools: [
    { start: `${subnet.stem}.${subnet.pool.start}`, end: `${subnet.stem}.${subnet.pool.end}` },
  ],
  host_routes: [],
  dns_nameservers: [],
  description: '',
  service_types: [],
  tags: [],
  created_at: subnet.createdAt,
  updated_at: subnet.createdAt,
  revision_number: 0,
  project_id: subnet.network.project,
})

/** VIP ports are never bound: they stay down, which is normal. */
const portShape = (port: PortRecord, admin: boolean): Shape => ({
  id: port.id,
  name: port.name,
  network_id: port.subnet.network.id,
  tenant_id: port.project,
  mac_address: port.mac,
  admin_state_up: port.up,
  status: port.up ? 'ACTIVE' : 'DOWN',
  device_id: port.deviceId,
  device_owner: port.deviceOwner,
  fixed_ips: [{ subnet_id: port.subnet.id, ip_address: port.address }],
  allowed_address_pairs: port.pair ? [{ mac_address: port.mac, ip_address: port.pair }] : [],
  extra_dhcp_opts: [],
  security_groups: port.securityGroups,
  description: '',
  'binding:vnic_type': 'normal',
  ...(admin && {
    'binding:profile': {},
    'binding:host_id': port.up ? 'vm' : '',
    'binding:vif_type': port.up ? 'bridge' : 'unbound',
    'binding:vif_details': port.up ? { bound_drivers: { 0: 'demo' } } : {},
  }),
  port_security_enabled: true,
  qos_policy_id: port.qosPolicyId,
  qos_network_policy_id: null,
  ...(admin && { resource_request: null }),
  tags: [],
  created_at: port.createdAt,
  updated_at: port.updatedAt,
  revision_number: 2,
  project_id: port.project,
})
