import type { HttpAnswer, HttpRequest } from '../platform/http'

export type Service = 'load-balancer' | 'network' | 'identity' | 'compute'

/** A call to a service of an open cloud. */
export interface ApiCall {
  method: HttpRequest['method']
  /** Below the endpoint with its version, such as `/v2.0/lbaas/loadbalancers`. */
  path: string
  query?: HttpRequest['query']
  body?: unknown
  signal: AbortSignal
}

/**
 * The APIs of the open clouds. Adds the token, renews it before it ends and once after a 401,
 * keeps each exchange as evidence, and turns refusals into errors that name their cause.
 */
export interface CloudApi {
  /**
   * @returns an answer below 400
   * @throws AppError `octavia.*`, `neutron.*`, `keystone.*`, `network.*`, `tls.*`, `catalog.noService`, `cloud.notOpen`
   */
  call(cloud: string, service: Service, call: ApiCall): Promise<HttpAnswer>
  /** Highest minor version of Octavia's API in an open cloud. @throws AppError `cloud.notOpen` */
  octaviaMinor(cloud: string): number
}
