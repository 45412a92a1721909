import type { Unknown } from '../../../preload/contract/common'
import type { AmphoraFacts, InspectionPart } from '../../../preload/contract/inspect'
import { unknownAmphora } from '../../domain/amphora/unread'
import { notKnown } from '../../domain/fact'

/** An amphora of which nothing is known: the parts that were asked for have a reason, the others wait to be asked for. */
export function unreadFacts(
  amphoraId: string,
  parts: readonly InspectionPart[],
  reason: Unknown,
  startedAt: number,
): AmphoraFacts {
  const at = Date.now()
  const reasonOf = (part: InspectionPart) => (parts.includes(part) ? reason : 'notYet')
  const facts = unknownAmphora(amphoraId, reasonOf, startedAt, at)
  return { ...facts, clock: notKnown(reason, at) }
}
