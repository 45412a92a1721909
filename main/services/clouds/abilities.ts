import { z } from 'zod'
import type { CloudSession } from '../../../preload/contract/cloud'
import { AppError } from '../../../preload/contract/error'
import type { CloudConnection } from './connection'

/** Octavia's version list, `GET /` (A1.2): Queens lists `v1` and `v2.0`, later releases every `v2.x`. */
const Versions = z.object({ versions: z.array(z.object({ id: z.string() })).min(1) })

/**
 * Where Octavia is and the highest version it offers. Gateways that pass only `/v2.0` on leave the version unknown.
 * @throws AppError `catalog.noService`, `service.notOctavia`, `service.unavailable`, `network.*`, `tls.*`
 */
export async function findOctavia(
  connection: CloudConnection,
  signal: AbortSignal,
): Promise<CloudSession['octavia']> {
  const url = connection.endpoint('load-balancer')
  const answer = await connection.visit(`${url}/`, signal)
  const list = Versions.safeParse(answer.body)
  const minors = list.data?.versions.flatMap(({ id }) => {
    const minor = /^v2\.(\d+)$/.exec(id)?.[1]
    return minor === undefined ? [] : [Number(minor)]
  })
  if (minors?.length) {
    const minor = Math.max(...minors)
    return { url, version: `v2.${minor}`, minor }
  }
  try {
    await listOne(connection, signal)
  } catch (error) {
    const failure = AppError.from(error)
    const answers = failure.reason?.startsWith('octavia.') && failure.reason !== 'octavia.notFound'
    if (failure.reason === 'answer.malformed' || failure.reason === 'octavia.notFound') {
      const values = { url, status: answer.status }
      throw AppError.because('service.notOctavia', failure.message, { values, cause: error })
    }
    if (!answers) throw failure
  }
  return { url, version: 'v2.0', minor: 0 }
}

/** Whether load balancers may be listed. @throws AppError as `CloudApi.call`, `answer.malformed` */
export async function listOne(connection: CloudConnection, signal: AbortSignal): Promise<void> {
  const answer = await connection.call('load-balancer', {
    method: 'GET',
    path: '/v2.0/lbaas/loadbalancers',
    query: { limit: 1 },
    signal,
  })
  if (!z.object({ loadbalancers: z.array(z.unknown()) }).safeParse(answer.body).success) {
    throw AppError.because('answer.malformed', 'No list of load balancers.', {
      requestId: answer.requestId,
    })
  }
}

/** Whether these credentials may use the amphora API, found out by asking it (A10.3). @throws AppError `cancelled` */
export async function askAmphorae(
  connection: CloudConnection,
  signal: AbortSignal,
): Promise<CloudSession['amphorae']> {
  try {
    await connection.call('load-balancer', {
      method: 'GET',
      path: '/v2.0/octavia/amphorae',
      query: { limit: 1 },
      signal,
    })
    return { allowed: true }
  } catch (error) {
    const failure = AppError.from(error)
    if (failure.code === 'cancelled') throw failure
    return { allowed: false, failure: failure.toFailure() }
  }
}

/** Whether Neutron can be reached by this cloud's catalog. */
export function hasNetwork(connection: CloudConnection): boolean {
  try {
    return Boolean(connection.endpoint('network'))
  } catch {
    return false
  }
}
