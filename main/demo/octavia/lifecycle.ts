import type { Clock } from '../clock'
import { octaviaTime } from '../timestamps'
import type {
  Database,
  HealthMonitorRecord,
  ListenerRecord,
  LoadBalancerRecord,
  MemberRecord,
  PoolRecord,
  ProvisioningStatus,
} from './records'
import { Refusal } from './refusal'

export type Child = ListenerRecord | PoolRecord | MemberRecord | HealthMonitorRecord

/** What the worker and the amphora driver do for the API. */
export interface Driver {
  /** Starts building the pair; ends by itself with ACTIVE. */
  build(loadBalancer: LoadBalancerRecord): void
  /** Sends the present configuration to both amphorae. */
  configure(loadBalancerId: string): void
  /** Takes the pair and its ports away. */
  destroy(loadBalancerId: string): void
  /** Replaces one amphora, or both. */
  failOver(loadBalancer: LoadBalancerRecord, amphoraIds: readonly string[]): void
  traffic(listenerId: string, amphoraId?: string): Traffic
}

export interface Traffic {
  bytes_in: number
  bytes_out: number
  active_connections: number
  total_connections: number
  request_errors: number
}

/** How long the worker takes for a change, in the time of the control plane. */
const CHANGE_MS = 1500

/** The states that objects go through: a write locks the load balancer until the worker is done. */
export class Lifecycle {
  constructor(
    private readonly clock: Clock,
    readonly database: Database,
    readonly driver: Driver,
  ) {}

  now(): string {
    return octaviaTime(this.clock.now())
  }

  /** @throws Refusal 409 while anything about it is PENDING, naming the object of the request */
  requireMutable(
    loadBalancer: LoadBalancerRecord,
    resource = 'Load Balancer',
    id = loadBalancer.id,
  ): void {
    if (loadBalancer.provisioning_status === 'ACTIVE') return
    throw Refusal.immutable(resource, id)
  }

  /**
   * Marks what a write touches, and lets the worker finish it later.
   * @param ancestors the objects above the child that are locked with it
   */
  change(
    loadBalancer: LoadBalancerRecord,
    children: readonly { child: Child; status: ProvisioningStatus }[],
    ancestors: readonly Child[],
    finish: () => void = () => undefined,
  ): void {
    loadBalancer.provisioning_status = 'PENDING_UPDATE'
    for (const ancestor of ancestors) ancestor.provisioning_status = 'PENDING_UPDATE'
    for (const { child, status } of children) child.provisioning_status = status
    this.clock.later(CHANGE_MS, () => {
      const now = this.now()
      finish()
      for (const { child } of children) settle(child, now)
      for (const ancestor of ancestors) settle(ancestor, now)
      settle(loadBalancer, now)
      this.driver.configure(loadBalancer.id)
    })
  }

  /** Runs something in the time of the control plane. */
  later(milliseconds: number, work: () => void): void {
    this.clock.later(milliseconds, work)
  }
}

function settle(record: LoadBalancerRecord | Child, now: string): void {
  record.provisioning_status = 'ACTIVE'
  record.updated_at = now
}
