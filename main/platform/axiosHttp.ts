import axios, { type AxiosResponse } from 'axios'
import { setMaxListeners } from 'node:events'
import * as http from 'node:http'
import * as https from 'node:https'
import { createSecureContext, type SecureContext } from 'node:tls'
import { AppError } from '../../preload/contract/error'
import type { Http, HttpRequest, ReceivedAnswer, TlsOptions } from './http'
import { networkError, targetOf } from './networkErrors'
import { proxyFor } from './proxyEnvironment'
import { trustedCertificates } from './trustStore'

const TIMEOUT_MS = 60_000
/** Octets of an answer; a list of 1000 load balancers takes about 2 MiB. */
const LARGEST_ANSWER = 64 * 1024 * 1024
const REDIRECTS = 5
const REDIRECT_STATUSES = [301, 302, 303, 307, 308]
/** An idle connection is closed by us before most servers do. */
const IDLE_MS = 15_000

interface Agents {
  http?: http.Agent
  https?: http.Agent
}

/**
 * Sends requests by axios, through the proxy the environment names.
 * Redirects are followed to the same origin only, so that a token never reaches another host.
 * Reading requests share connections; a change has its own, because a connection that ends while
 * it is being reused leaves unknown whether the change was made.
 */
export class AxiosHttp implements Http {
  private readonly reading = new WeakMap<TlsOptions, Agents>()
  private readonly contexts = new WeakMap<TlsOptions, SecureContext>()

  constructor(private readonly environment: Readonly<Record<string, string | undefined>>) {}

  async send(request: HttpRequest): Promise<ReceivedAnswer> {
    const at = Date.now()
    const started = performance.now()
    const answer = await this.follow(request)
    const headers = flatten(answer.headers)
    const text = textOf(answer.data)
    const requestId = headers['x-openstack-request-id'] ?? headers['x-compute-request-id']
    return {
      status: answer.status,
      headers,
      body: parse(text, headers['content-type'] ?? ''),
      text,
      ...(requestId && { requestId }),
      at,
      durationMs: performance.now() - started,
    }
  }

  private async follow(request: HttpRequest): Promise<AxiosResponse<string>> {
    const limit = new Limit(request.signal, request.timeoutMs ?? TIMEOUT_MS)
    const reads = request.method === 'GET' || request.method === 'HEAD'
    let url = withQuery(request)
    try {
      for (let hop = 0; ; hop += 1) {
        const answer = await this.exchange(request, url, limit)
        const location = flatten(answer.headers)['location']
        if (!reads || !location || !REDIRECT_STATUSES.includes(answer.status)) return answer
        if (!URL.canParse(location, url) || hop === REDIRECTS) return answer
        const next = new URL(location, url)
        if (next.origin !== new URL(url).origin) return answer
        url = next.href
      }
    } finally {
      limit.clear()
    }
  }

  private async exchange(
    request: HttpRequest,
    url: string,
    limit: Limit,
    again = true,
  ): Promise<AxiosResponse<string>> {
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!URL.canParse(url))
      throw AppError.because('cloud.incomplete', `Not a URL: ${url}`, { values: { fields: url } })
    const agent = this.agentFor(url, request.tls, reads)
    const proxy = proxyFor(url, this.environment)
    try {
      const answer = await axios.request<string>({
        url,
        method: request.method,
        headers: {
          Accept: 'application/json',
          'User-Agent': 'octavia-console',
          ...(request.body !== undefined && { 'Content-Type': 'application/json' }),
          ...request.headers,
        },
        ...(request.body !== undefined && { data: JSON.stringify(request.body) }),
        responseType: 'text',
        transformRequest: (body: unknown) => body,
        transformResponse: (body: unknown) => body,
        validateStatus: () => true,
        maxRedirects: 0,
        maxContentLength: LARGEST_ANSWER,
        maxBodyLength: Infinity,
        signal: limit.signal,
        httpAgent: agent,
        httpsAgent: agent,
        proxy: proxy ?? false,
      })
      // Only a proxy asks for this; it has not let the request through.
      if (proxy && answer.status === 407) {
        const values = { host: proxy.host, port: proxy.port }
        throw AppError.because('network.proxy', 'HTTP 407', { values })
      }
      return answer
    } catch (error) {
      if (request.signal.aborted) throw new AppError('cancelled', 'Cancelled.', { cause: error })
      const values = targetOf(url)
      if (limit.signal.aborted) {
        const message = `No answer within ${limit.milliseconds / 1000} s`
        throw AppError.because('network.timeout', message, { values })
      }
      if (isTooLarge(error)) {
        const message = `The answer is larger than ${LARGEST_ANSWER / 1024 / 1024} MiB`
        throw AppError.because('answer.malformed', message, { values })
      }
      if (reads && again && wasReused(error)) return this.exchange(request, url, limit, false)
      throw networkError(stripped(error), url)
    }
  }

  private agentFor(url: string, tls: TlsOptions, reads: boolean): http.Agent {
    const secure = new URL(url).protocol === 'https:'
    if (!reads) return this.agent(secure, tls, false)
    const known = this.reading.get(tls) ?? {}
    this.reading.set(tls, known)
    return (known[secure ? 'https' : 'http'] ??= this.agent(secure, tls, true))
  }

  private agent(secure: boolean, tls: TlsOptions, keepAlive: boolean): http.Agent {
    const plain = { keepAlive, ...(keepAlive && { timeout: IDLE_MS }) }
    if (!secure) return new http.Agent(plain)
    return new https.Agent({
      ...plain,
      rejectUnauthorized: !tls.insecure,
      secureContext: this.context(tls),
    })
  }

  /** Reading the authorities takes a tenth of a second, so it is done once for each way to connect. */
  private context(tls: TlsOptions): SecureContext {
    const known = this.contexts.get(tls)
    if (known) return known
    try {
      const context = createSecureContext({
        ca: tls.ca ?? trustedCertificates(this.environment),
        ...(tls.certificate && { cert: tls.certificate }),
        ...(tls.key && { key: tls.key }),
      })
      this.contexts.set(tls, context)
      return context
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw AppError.because('tls.file', message, { cause })
    }
  }
}

/** Ends a request when its caller leaves or its time is over, and holds on to neither afterwards. */
class Limit {
  private readonly abort = new AbortController()
  private readonly stop = () => this.abort.abort()
  private readonly timer

  constructor(
    private readonly caller: AbortSignal,
    readonly milliseconds: number,
  ) {
    this.timer = setTimeout(this.stop, milliseconds)
    // One signal may stand for all that a look asks at the same time.
    setMaxListeners(0, caller)
    if (caller.aborted) this.stop()
    else caller.addEventListener('abort', this.stop)
  }

  get signal(): AbortSignal {
    return this.abort.signal
  }

  clear(): void {
    clearTimeout(this.timer)
    this.caller.removeEventListener('abort', this.stop)
  }
}

function withQuery({ url, query = {} }: HttpRequest): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    const values = typeof value === 'object' ? value : [String(value)]
    for (const one of values) pairs.append(name, one)
  }
  return pairs.size ? `${url}${url.includes('?') ? '&' : '?'}${pairs.toString()}` : url
}

/** Without a body axios may answer anything. */
const textOf = (received: unknown): string => (typeof received === 'string' ? received : '')

/** Some gateways call JSON text, and some services call text JSON. */
function parse(text: string, contentType: string): unknown {
  if (!contentType.includes('json') && !/^\s*[[{"]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function flatten(headers: AxiosResponse['headers']): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') flat[name.toLowerCase()] = value
    else if (Array.isArray(value)) flat[name.toLowerCase()] = value.join(', ')
  }
  return flat
}

const isTooLarge = (error: unknown): boolean =>
  axios.isAxiosError(error) && error.message.startsWith('maxContentLength')

/** The server closed an idle connection in the moment we took it up again. */
function wasReused(error: unknown): boolean {
  if (!axios.isAxiosError(error)) return false
  const request: unknown = error.request
  return (
    (error.code === 'ECONNRESET' || error.code === 'EPIPE') &&
    request instanceof http.ClientRequest &&
    request.reusedSocket
  )
}

/** Axios errors carry the request with its token and body; only the cause may travel on. */
function stripped(error: unknown): unknown {
  if (!axios.isAxiosError(error)) return error
  const { message, code, cause } = error
  return Object.assign(new Error(message, cause && { cause: bareCause(cause) }), { code })
}

const bareCause = (cause: Error): Error =>
  Object.assign(
    cause instanceof AggregateError
      ? new AggregateError(cause.errors, cause.message)
      : new Error(cause.message),
    'code' in cause && { code: cause.code },
  )
