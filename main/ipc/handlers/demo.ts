import type { Contract } from '../../../preload/contract'
import type { DemoFault, DemoState } from '../../../preload/contract/app'
import type { Handlers } from '../../../preload/contract/channel'
import { AppError } from '../../../preload/contract/error'

/** What breaks and mends the demo cloud. */
export interface DemoFaults {
  /** The state now, and again after each change, until aborted. */
  follow(signal: AbortSignal): AsyncIterable<DemoState>
  set(loadBalancerId: string, fault: DemoFault, on: boolean): void
}

/** Answers what the page asks of the demo cloud; `faults` is undefined where there is none. */
export const demoHandlers = (faults: DemoFaults | undefined) => {
  const demo = (): DemoFaults => {
    if (!faults) throw AppError.because('demo.unavailable', 'No demo cloud runs in this console.')
    return faults
  }
  return {
    async *'demo.follow'(_input, signal) {
      yield* demo().follow(signal)
    },
    'demo.fault': async ({ loadBalancerId, fault, on }) => {
      await Promise.resolve(demo().set(loadBalancerId, fault, on))
    },
  } satisfies Pick<Handlers<Contract>, 'demo.follow' | 'demo.fault'>
}
