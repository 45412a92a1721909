import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Comparisons } from '../../services/compare/comparisons'

/** Answers what the page asks of differences. */
export const compareHandlers = (comparisons: Comparisons) =>
  ({
    'compare.read': ({ cloud, loadBalancerId }, signal) =>
      comparisons.read(cloud, loadBalancerId, signal),
  }) satisfies Pick<Handlers<Contract>, 'compare.read'>
