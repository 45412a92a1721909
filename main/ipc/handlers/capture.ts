import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Captures } from '../../services/capture/captures'

/** Answers what the page asks of captures. */
export const captureHandlers = (captures: Captures) =>
  ({
    'capture.start': (order, signal) => captures.start(order, signal),
    'capture.stop': ({ id }) => {
      captures.stop(id)
      return Promise.resolve()
    },
    'capture.list': ({ cloud, loadBalancerId }) => captures.list(cloud, loadBalancerId),
  }) satisfies Pick<Handlers<Contract>, 'capture.start' | 'capture.stop' | 'capture.list'>
