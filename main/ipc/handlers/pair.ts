import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { EvidenceStore } from '../../services/evidence'
import type { Monitor } from '../../services/monitor/monitor'
import type { Pairs } from '../../services/pairs/pairs'

type Entries =
  'pair.follow' | 'pair.refresh' | 'monitor.follow' | 'monitor.episodes' | 'evidence.read'

/** Answers what the page asks of pairs, their monitors and the evidence behind both. */
export const pairHandlers = (pairs: Pairs, monitor: Monitor, evidence: EvidenceStore) =>
  ({
    'pair.follow': ({ cloud, loadBalancerId, lines }, signal) =>
      pairs.follow(cloud, loadBalancerId, lines, signal),
    'pair.refresh': ({ cloud, loadBalancerId }) => {
      pairs.refresh(cloud, loadBalancerId)
      return Promise.resolve()
    },
    'monitor.follow': ({ cloud, loadBalancerId, probe }, signal) =>
      monitor.follow(cloud, loadBalancerId, probe, signal),
    'monitor.episodes': ({ cloud, loadBalancerId }) => monitor.recorded(cloud, loadBalancerId),
    'evidence.read': ({ id }) => Promise.resolve().then(() => evidence.read(id)),
  }) satisfies Pick<Handlers<Contract>, Entries>
