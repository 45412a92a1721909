import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Amphorae } from '../../services/amphorae'
import type { LoadBalancers } from '../../services/loadBalancers'

type Entries = 'loadBalancer.list' | 'loadBalancer.read' | 'amphora.list'

/** Answers what the page asks of load balancers and amphorae. */
export const loadBalancerHandlers = (loadBalancers: LoadBalancers, amphorae: Amphorae) =>
  ({
    'loadBalancer.list': ({ cloud }, signal) => loadBalancers.list(cloud, signal),
    'loadBalancer.read': ({ cloud, id }, signal) => loadBalancers.read(cloud, id, signal),
    'amphora.list': ({ cloud, loadBalancerId }, signal) =>
      amphorae.list(cloud, loadBalancerId, signal),
  }) satisfies Pick<Handlers<Contract>, Entries>
