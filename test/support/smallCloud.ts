import * as http from 'node:http'
import * as https from 'node:https'
import type { AddressInfo } from 'node:net'

/** One request as it arrived. */
export interface Arrived {
  method: string
  url: string
  headers: http.IncomingHttpHeaders
  body: string
}

type Answer = (request: Arrived, response: http.ServerResponse) => void

interface SmallCloudOptions {
  tls?: https.ServerOptions
  host?: string
}

/** Paths that tests answer in other ways. */
export const LIST = '/load-balancer/v2.0/lbaas/loadbalancers'
export const TOKENS = 'POST /identity/v3/auth/tokens'

export const PASSWORD = 'correct horse battery'
const HOUR_MS = 3_600_000

/** The smallest Keystone, Octavia and Neutron that can be signed in to, on one port of loopback. */
export class SmallCloud {
  readonly arrived: Arrived[] = []
  /** Tokens that services accept now. */
  readonly tokens = new Set<string>()
  /** How long a new token lives, and how far the cloud's clock is ahead; milliseconds. */
  tokenLifeMs = HOUR_MS
  clockAheadMs = 0
  /** Types in the catalog. */
  services = ['identity', 'load-balancer', 'network']
  roles = ['member', 'reader']
  /** Answers instead of the cloud, by `METHOD /path`. */
  readonly instead = new Map<string, Answer>()
  private issued = 0

  private constructor(
    private readonly server: http.Server,
    private readonly protocol: string,
    private readonly host: string,
  ) {
    server.on('request', (incoming: http.IncomingMessage, response: http.ServerResponse) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        const request = {
          method: incoming.method ?? '',
          url: incoming.url ?? '',
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString(),
        }
        this.arrived.push(request)
        this.answer(request, response)
      })
    })
  }

  static async start({ tls, host = '127.0.0.1' }: SmallCloudOptions = {}): Promise<SmallCloud> {
    const server = tls ? https.createServer(tls) : http.createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new SmallCloud(server, tls ? 'https' : 'http', host)
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo
    return `${this.protocol}://${this.host}:${port}`
  }

  /** Paths of the requests so far, with their methods. */
  get calls(): string[] {
    return this.arrived.map(({ method, url }) => `${method} ${url}`)
  }

  /** How often somebody asked for a token. */
  get signIns(): number {
    return this.calls.filter((call) => call === TOKENS).length
  }

  /** Waits until such a request has come. */
  async arrival(call: string): Promise<void> {
    while (!this.calls.includes(call)) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private answer(request: Arrived, response: http.ServerResponse): void {
    response.setHeader('Date', new Date(Date.now() + this.clockAheadMs).toUTCString())
    response.setHeader('x-openstack-request-id', `req-${this.arrived.length}`)
    const path = request.url.replace(/\?.*/, '')
    const instead = this.instead.get(`${request.method} ${path}`) ?? this.instead.get(path)
    if (instead) {
      instead(request, response)
      return
    }
    if (path === '/identity/v3/auth/tokens') {
      this.authenticate(request, response)
      return
    }
    if (path === '/load-balancer/') {
      json(response, 200, { versions: [{ id: 'v2.0' }, { id: 'v2.9' }, { id: 'v2.26' }] })
      return
    }
    const token = request.headers['x-auth-token']
    if (typeof token !== 'string' || !this.tokens.has(token)) {
      json(response, 401, {
        error: { code: 401, message: 'The request you have made requires authentication.' },
      })
      return
    }
    const content = CONTENT[path]
    if (content) json(response, 200, content)
    else
      json(response, 404, {
        faultcode: 'Client',
        faultstring: `${path} not found.`,
        debuginfo: null,
      })
  }

  private authenticate(request: Arrived, response: http.ServerResponse): void {
    const { identity, scope } = (
      JSON.parse(request.body) as {
        auth: {
          identity: {
            password?: { user: { password: string } }
            token?: { id: string }
            application_credential?: { secret: string }
          }
          scope?: { project?: { id?: string } }
        }
      }
    ).auth
    const secret = identity.password?.user.password ?? identity.application_credential?.secret
    const accepted = identity.token ? this.tokens.has(identity.token.id) : secret === PASSWORD
    if (!accepted) {
      json(response, 401, {
        error: { code: 401, message: 'The request you have made requires authentication.' },
      })
      return
    }
    const id = `gAAAAA-token-${(this.issued += 1)}`
    this.tokens.add(id)
    response.setHeader('X-Subject-Token', id)
    const now = Date.now() + this.clockAheadMs
    json(response, 201, {
      token: {
        methods: ['password'],
        user: { id: 'u1', name: 'operator', domain: { id: 'default', name: 'Default' } },
        project: { id: scope?.project?.id ?? 'p1', name: scope?.project?.id ?? 'web' },
        roles: this.roles.map((name) => ({ id: name, name })),
        issued_at: new Date(now).toISOString(),
        expires_at: new Date(now + this.tokenLifeMs).toISOString(),
        catalog: this.services.map((type) => ({
          type,
          name: type,
          endpoints: [
            { interface: 'internal', region: 'one', region_id: 'one', url: 'http://127.0.0.1:1' },
            { interface: 'public', region: 'one', region_id: 'one', url: `${this.url}/${type}` },
          ],
        })),
      },
    })
  }
}

const CONTENT: Readonly<Record<string, object>> = {
  '/identity/v3/auth/projects': {
    projects: [
      { id: 'p2', name: 'web', domain_id: 'default', enabled: true },
      { id: 'p1', name: 'database', domain_id: 'default', enabled: true },
    ],
  },
  [LIST]: { loadbalancers: [], loadbalancers_links: [] },
  '/load-balancer/v2.0/octavia/amphorae': { amphorae: [], amphorae_links: [] },
}

/** Answers with JSON. */
export function json(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

/** Answers with a page, as proxies do. */
export function page(response: http.ServerResponse, status: number, title: string): void {
  response
    .writeHead(status, { 'Content-Type': 'text/html' })
    .end(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`)
}
