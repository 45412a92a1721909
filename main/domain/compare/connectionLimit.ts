import type { Listener, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import type { Located } from '../config/located'
import type { Judgements } from './judgements'

/** A pool with its members and its monitor. */
export type PoolDetail = LoadBalancerDetail['pools'][number]

/** A limit of -1 is rendered as the controller's default, which no API tells. */
export function compareLimit(
  judgements: Judgements,
  path: string,
  actual: Located<number> | undefined,
  listener: Listener,
): void {
  const { id, name } = listener
  const subject = { kind: 'listener', id, ...(name && { name }) }
  const wanted = String(listener.connectionLimit)
  if (listener.connectionLimit >= 0) {
    judgements.equal({ path, actual: texted(actual), wanted, why: 'connectionLimit', subject })
  } else if (actual) {
    judgements.expect({ path, actual: texted(actual), wanted, why: 'defaultLimit', subject })
  }
}

/** A number as the text that it is compared as. */
export const texted = (located: Located<number> | undefined): Located<string> | undefined =>
  located && { value: String(located.value), line: located.line }
