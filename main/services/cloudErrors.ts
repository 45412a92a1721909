import { AppError, type Reason } from '../../preload/contract/error'
import type { HttpAnswer } from '../platform/http'
import type { Service } from './cloudApi'

/** A page of a proxy is quoted by its title; other text by its beginning. */
const LONGEST_MESSAGE = 500

/** What a service may refuse with; each carries `service` (its type in the catalog) and `status` (of HTTP). */
type RefusalReason =
  | Extract<Reason, `octavia.${string}` | `neutron.${string}` | `compute.${string}`>
  | 'keystone.tokenRefused'
  | 'keystone.failed'
  | 'service.unavailable'
  | 'answer.malformed'

/** Octavia's own sentences (releases 2 to 18, `octavia/common/exceptions.py`), by what they ask of the operator. */
const CONFLICTS: readonly [RegExp, RefusalReason][] = [
  [/immutable|Invalid state/i, 'octavia.immutable'],
  [/in use|it has children/i, 'octavia.inUse'],
]

/**
 * Why a service has refused a call, by its status and its own words.
 * @see Octavia's faults `{faultcode, faultstring}`, Neutron's `{NeutronError: {message}}`, Keystone's `{error: {message}}`
 */
export function refusal(service: Service, answer: HttpAnswer): AppError {
  const message = messageOf(answer)
  const { status, requestId } = answer
  const details = { requestId, values: { service, status } }
  return AppError.because(reasonOf(service, answer, message), message, details)
}

/**
 * Checks that an answer below 400 is what APIs give: a JSON object, or nothing where nothing was asked for.
 * @throws AppError `answer.malformed`, such as for the page of a proxy
 */
export function requireObject(service: Service, method: string, answer: HttpAnswer): void {
  const { body, status, requestId } = answer
  const empty = body === '' && method !== 'GET'
  if (status < 300 && (isObject(body) || empty || method === 'HEAD')) return
  throw AppError.because('answer.malformed', messageOf(answer), {
    requestId,
    values: { service, status },
  })
}

/** What the other system says, in its own words; the status where it says nothing. */
export function messageOf({ body, status, headers }: HttpAnswer): string {
  const words = isObject(body) ? wordsOf(body) : typeof body === 'string' ? plain(body) : ''
  const location = headers['location'] ? ` ${withoutQuery(headers['location'])}` : ''
  return (words || `HTTP ${status}${location}`).slice(0, LONGEST_MESSAGE)
}

function reasonOf(service: Service, { status, body }: HttpAnswer, message: string): RefusalReason {
  if (status === 401) return 'keystone.tokenRefused'
  if (!isObject(body)) {
    return [502, 503, 504].includes(status) ? 'service.unavailable' : 'answer.malformed'
  }
  switch (service) {
    case 'load-balancer':
      return octaviaReason(status, message)
    case 'network':
      return status === 403
        ? 'neutron.forbidden'
        : status === 404
          ? 'neutron.notFound'
          : 'neutron.failed'
    case 'compute':
      return status === 403
        ? 'compute.forbidden'
        : status === 404
          ? 'compute.notFound'
          : 'compute.failed'
    case 'identity':
      return 'keystone.failed'
  }
}

function octaviaReason(status: number, message: string): RefusalReason {
  switch (status) {
    case 400:
      return /it has children/i.test(message) ? 'octavia.inUse' : 'octavia.invalid'
    case 403:
      return /quota/i.test(message) ? 'octavia.quota' : 'octavia.forbidden'
    case 404:
      return 'octavia.notFound'
    case 409:
      return CONFLICTS.find(([pattern]) => pattern.test(message))?.[1] ?? 'octavia.duplicate'
    case 405:
    case 406:
    case 501:
      return 'octavia.unsupported'
    case 429:
      return 'octavia.busy'
    case 503:
      return /busy|lock/i.test(message) ? 'octavia.busy' : 'service.unavailable'
    default:
      return status < 500 ? 'octavia.invalid' : 'octavia.failed'
  }
}

function wordsOf(body: Readonly<Record<string, unknown>>): string {
  const [first] = Array.isArray(body['errors']) ? (body['errors'] as unknown[]) : []
  const inner = [body['NeutronError'], body['error'], first, ...Object.values(body)].filter(
    isObject,
  )
  const candidates = [body, ...inner].flatMap((one) => [
    one['faultstring'],
    one['message'],
    one['description'],
    one['detail'],
    one['title'],
  ])
  return [...candidates, body['NeutronError'], body['error']].filter(isText)[0]?.trim() ?? ''
}

function plain(text: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]
  return (title ?? (text.trimStart().startsWith('<') ? '' : text)).replace(/\s+/g, ' ').trim()
}

/** Redirects to sign-in pages carry tickets in their queries. */
const withoutQuery = (location: string): string => location.replace(/[?#].*$/s, '')

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
