import { newId } from './identity'
import type { AmphoraRecord, LoadBalancerRecord } from './octavia/records'
import { octaviaTime } from './timestamps'

/** The two amphorae of a pair, in the order in which they are made. */
export const ROLES = ['MASTER', 'BACKUP'] as const
export type Role = (typeof ROLES)[number]

export const PRIORITIES: Record<Role, number> = { MASTER: 100, BACKUP: 90 }

const CERTIFICATE_MS = 30 * 24 * 3600 * 1000

/** When a certificate issued now ends. */
export const expiry = (now: number): string => octaviaTime(now + CERTIFICATE_MS)

/** An amphora as Octavia writes it down before there is a machine; its role is not told yet. */
export const newRecord = (loadBalancer: LoadBalancerRecord, created: string): AmphoraRecord => ({
  id: newId(),
  loadbalancer_id: loadBalancer.id,
  compute_id: null,
  lb_network_ip: null,
  vrrp_ip: null,
  ha_ip: null,
  vrrp_port_id: null,
  ha_port_id: null,
  cert_expiration: null,
  cert_busy: false,
  role: null,
  status: 'PENDING_CREATE',
  vrrp_interface: null,
  vrrp_id: 1,
  vrrp_priority: null,
  cached_zone: null,
  created_at: created,
  updated_at: null,
  image_id: null,
  compute_flavor: 'demo',
})
