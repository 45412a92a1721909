import type { Contract } from '../../../preload/contract'
import type { DemoFault, DemoState } from '../../../preload/contract/app'
import type { Handlers } from '../../../preload/contract/channel'
import { AppError } from '../../../preload/contract/error'
import { recorded } from '../../services/recorded'
import type { Audit } from '../../services/safety'

/** What breaks and mends the demo cloud. */
export interface DemoFaults {
  /** The demo cloud's name in the console. */
  cloud: string
  list: () => DemoState
  /** The state now, and again after each change, until aborted. */
  follow(signal: AbortSignal): AsyncIterable<DemoState>
  set: (loadBalancerId: string, fault: DemoFault, on: boolean) => void
}

/** Answers what the page asks of the demo cloud; `faults` is undefined where there is none. Faults are in the audit log. */
export const demoHandlers = (faults: DemoFaults | undefined, audit: Audit) => {
  const demo = (): DemoFaults => {
    if (!faults) throw AppError.because('demo.unavailable', 'No demo cloud runs in this console.')
    return faults
  }
  return {
    async *'demo.follow'(_input, signal) {
      yield* demo().follow(signal)
    },
    'demo.fault': async ({ loadBalancerId, fault, on }) => {
      const { cloud, list, set } = demo()
      const name = list().loadBalancers.find(({ id }) => id === loadBalancerId)?.name
      const object = { kind: 'loadBalancer', id: loadBalancerId, name: name ?? loadBalancerId }
      const notes = [`${fault}: ${on ? 'on' : 'off'}`]
      await recorded(audit, { cloud, action: 'demo.fault', object, notes }, () =>
        // A fault that cannot be put is refused by throwing.
        Promise.resolve().then(() => set(loadBalancerId, fault, on)),
      )
    },
  } satisfies Pick<Handlers<Contract>, 'demo.follow' | 'demo.fault'>
}
