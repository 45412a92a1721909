import type { Identity } from '../pair/identity'

/** An amphora that a question is about, as the page names it elsewhere. */
export interface KnownAmphora {
  id: string
  identity: Identity | undefined
  /** The name of its load balancer. */
  loadBalancer: string
}
