import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Networks } from '../../services/networks'

/** Answers what the page asks of networks. */
export const networkHandlers = (networks: Networks) =>
  ({
    'network.list': ({ cloud }, signal) => networks.list(cloud, signal),
  }) satisfies Pick<Handlers<Contract>, 'network.list'>
