import { newId } from '../identity'
import type { SecurityGroupRecord } from './networks'

type Shape = Record<string, unknown>

/** A port that a listener opens. */
interface OpenPort {
  protocol: string
  protocol_port: number
}

interface Opening {
  protocol: string | null
  port: number | null
  direction?: 'egress'
  ethertype?: 'IPv6'
}

/** haproxy's peers, VRRP and its authentication header: what Octavia opens whatever the listeners are. */
const ALWAYS: readonly Opening[] = [
  { direction: 'egress', protocol: null, port: null },
  { direction: 'egress', ethertype: 'IPv6', protocol: null, port: null },
  { protocol: 'tcp', port: 1025 },
  { protocol: '112', port: null },
  { protocol: '51', port: null },
]

/**
 * Security groups as Neutron shows them, with the rules that Octavia keeps for each load balancer.
 * @see octavia 11.0.0, network/drivers/neutron/allowed_address_pairs.py, `_update_security_group_rules`
 */
export class SecurityGroupShapes {
  /** A rule keeps its id for as long as it is there. */
  private readonly ids = new Map<string, string>()

  /** @param openPorts the listeners' ports of a load balancer, by its id */
  constructor(private readonly openPorts: (loadBalancerId: string) => readonly OpenPort[]) {}

  shape(group: SecurityGroupRecord): Shape {
    const listeners = this.openPorts(group.name.slice('lb-'.length)).map((each) => ({
      protocol: { UDP: 'udp', SCTP: 'sctp' }[each.protocol] ?? 'tcp',
      port: each.protocol_port,
    }))
    return {
      id: group.id,
      name: group.name,
      tenant_id: group.project,
      description: group.description,
      project_id: group.project,
      security_group_rules: [...ALWAYS, ...listeners].map((one) => this.rule(group, one)),
    }
  }

  private rule(group: SecurityGroupRecord, opening: Opening): Shape {
    const { protocol, port, direction = 'ingress', ethertype = 'IPv4' } = opening
    const key = [group.id, direction, ethertype, protocol, port].join(' ')
    const id = this.ids.get(key) ?? newId()
    this.ids.set(key, id)
    return {
      id,
      tenant_id: group.project,
      security_group_id: group.id,
      ethertype,
      direction,
      protocol,
      port_range_min: port,
      port_range_max: port,
      remote_ip_prefix: null,
      remote_group_id: null,
      description: '',
      project_id: group.project,
    }
  }
}
