import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Inspection } from '../../services/inspect/inspection'

/** Answers what the page asks of the inside of amphorae. */
export const inspectHandlers = (inspection: Inspection) =>
  ({
    'inspect.read': ({ cloud, loadBalancerId, amphoraId, parts }, signal) =>
      inspection.read(cloud, loadBalancerId, amphoraId, parts, signal),
    'inspect.haproxy': ({ cloud, loadBalancerId, amphoraId, intervalMs }, signal) =>
      inspection.follow(cloud, loadBalancerId, amphoraId, intervalMs, signal),
    'inspect.vrrp': ({ cloud, loadBalancerId, amphoraId }, signal) =>
      inspection.vrrp(cloud, loadBalancerId, amphoraId, signal),
  }) satisfies Pick<Handlers<Contract>, 'inspect.read' | 'inspect.haproxy' | 'inspect.vrrp'>
