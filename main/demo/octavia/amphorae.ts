import {
  found,
  isAdmin,
  listAnswer,
  methodNotAllowed,
  oneAnswer,
  requireAdmin,
  type Context,
  type Controller,
} from './controller'
import { Refusal } from './refusal'
import { amphoraShape } from './shapes'

const ATTRIBUTES = [
  'id',
  'loadbalancer_id',
  'compute_id',
  'lb_network_ip',
  'vrrp_ip',
  'ha_ip',
  'vrrp_port_id',
  'ha_port_id',
  'cert_expiration',
  'cert_busy',
  'role',
  'status',
  'vrrp_interface',
  'vrrp_id',
  'vrrp_priority',
  'cached_zone',
  'created_at',
  'updated_at',
  'image_id',
  'compute_flavor',
]

/** /octavia/amphorae, for administrators. */
export const amphorae =
  (context: Context): Controller =>
  (call) => {
    const { lifecycle } = context
    const { database, driver } = lifecycle
    const [id, part] = call.rest
    if (id === undefined) {
      requireAdmin(call)
      if (call.method !== 'GET') return methodNotAllowed()
      const items = [...database.amphorae.values()].map(amphoraShape)
      return listAnswer(call, { plural: 'amphorae', items, attributes: ATTRIBUTES })
    }
    if (part === 'stats' && !database.amphorae.has(id) && isAdmin(call)) {
      throw Refusal.fault(404, `Amphora stats for ${id} not found.`)
    }
    const record = found(database.amphorae, 'Amphora', id)
    requireAdmin(call)
    switch (`${call.method} ${part ?? ''}`) {
      case 'GET ':
        return oneAnswer(call, 'amphora', amphoraShape(record))
      case 'GET stats': {
        const entries = database.listenersOf(record.loadbalancer_id).map((listener) => {
          const traffic = driver.traffic(listener.id, id)
          return {
            active_connections: traffic.active_connections,
            bytes_in: traffic.bytes_in,
            bytes_out: traffic.bytes_out,
            id,
            listener_id: listener.id,
            loadbalancer_id: record.loadbalancer_id,
            request_errors: traffic.request_errors,
            total_connections: traffic.total_connections,
          }
        })
        if (!entries.length) throw Refusal.fault(404, `Amphora stats for ${id} not found.`)
        return { status: 200, body: { amphora_stats: entries } }
      }
      case 'PUT failover': {
        const loadBalancer = found(database.loadBalancers, 'Load Balancer', record.loadbalancer_id)
        lifecycle.requireMutable(loadBalancer)
        driver.failOver(loadBalancer, [id])
        return { status: 202 }
      }
      case 'PUT config':
        return { status: 202 }
      case 'DELETE ':
        throw Refusal.immutable('amphora', id)
      default:
        return methodNotAllowed()
    }
  }
