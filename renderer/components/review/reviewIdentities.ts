import type { ReviewContent } from '../../../preload/contract/review'
import { identitiesOf, type Identity } from '../pair/identity'

/** A letter for each machine of a review, beginning anew at each load balancer. */
export const identitiesOfReview = (
  content: ReviewContent | undefined,
): ReadonlyMap<string, Identity> =>
  new Map((content?.loadBalancers ?? []).flatMap(({ hostIds }) => [...identitiesOf(hostIds)]))
