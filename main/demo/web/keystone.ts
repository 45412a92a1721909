import type { Clock } from '../clock'
import { newHex } from '../identity'
import { keystoneTime } from '../timestamps'
import type { WebAnswer, WebRequest } from './httpServer'
import type { ApplicationCredential, Person, ProjectRecord, Session } from './people'

const DOMAIN = { id: 'default', name: 'Default' }
const TOKEN_LIFE_MS = 3_600_000
const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

/** A small Keystone v3: passwords, application credentials and tokens; projects, catalog, expiry. */
export class Keystone {
  /** Endpoints by service type, once they are known. */
  readonly services = new Map<string, { name: string; url: string }>()
  private readonly sessions = new Map<string, Session>()
  private readonly roleIds = new Map<string, string>()
  private readonly ids = new Map<string, string>()

  constructor(
    private readonly clock: Clock,
    private readonly people: readonly Person[],
    private readonly credentials: readonly ApplicationCredential[],
  ) {}

  /** Whose token it is, while it lasts. */
  session(token: string | undefined): Session | undefined {
    const session = token === undefined ? undefined : this.sessions.get(token)
    if (session && session.expiresAt <= this.clock.now()) {
      this.sessions.delete(session.token)
      return undefined
    }
    return session
  }

  answer(request: WebRequest): WebAnswer {
    const { path, method, origin } = request
    const vary = { Vary: 'X-Auth-Token' }
    const answer = this.route(request, `${method} ${path}`, origin)
    return { ...answer, headers: { ...vary, ...answer.headers } }
  }

  private route(request: WebRequest, route: string, origin: string): WebAnswer {
    const version = {
      id: 'v3.14',
      status: 'stable',
      updated: '2020-04-07T00:00:00Z',
      links: [{ rel: 'self', href: `${origin}/v3/` }],
      'media-types': [
        { base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' },
      ],
    }
    switch (route) {
      case 'GET ':
        return {
          status: 300,
          body: { versions: { values: [version] } },
          headers: { Location: `${origin}/v3/` },
        }
      case 'GET /v3':
        return { status: 200, body: { version } }
      case 'POST /v3/auth/tokens':
        return this.issue(request)
      default:
    }
    const session = this.session(header(request, 'x-auth-token'))
    if (!session) return this.unauthorized(request)
    switch (route) {
      case 'GET /v3/auth/tokens':
      case 'HEAD /v3/auth/tokens':
      case 'DELETE /v3/auth/tokens':
        return this.inspect(request)
      case 'GET /v3/auth/projects':
        return projectList([session.person.project], origin, '/v3/auth/projects')
      case 'GET /v3/projects':
        return this.allProjects(session, origin)
      case 'GET /v3/auth/catalog':
        return {
          status: 200,
          body: { catalog: this.catalog(), links: { self: `${origin}/v3/auth/catalog` } },
        }
      case 'GET /v3/auth/domains':
        return { status: 200, body: { domains: [], links: links(`${origin}/v3/auth/domains`) } }
      default:
        return {
          status: 404,
          body: '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n',
          headers: { 'Content-Type': 'text/html; charset=utf-8' },
        }
    }
  }

  private issue(request: WebRequest): WebAnswer {
    if (request.malformed) return bad(`Expecting to find valid JSON in request body. ${MALFORMED}`)
    const auth = field(request.body, 'auth')
    if (!auth) return bad(`Expecting to find auth in request body. ${MALFORMED}`)
    const identity = field(auth, 'identity')
    const methods = field(identity, 'methods')
    const method: unknown = Array.isArray(methods) ? methods[0] : undefined
    const scope = field(auth, 'scope')
    const found =
      method === 'password'
        ? this.byPassword(field(field(identity, 'password'), 'user'))
        : method === 'application_credential'
          ? this.byCredential(field(identity, 'application_credential'))
          : method === 'token'
            ? this.byToken(field(identity, 'token'))
            : undefined
    if (method === 'token' && !found) return notFound('Could not recognize Fernet token')
    if (!found) return this.unauthorized(request)
    if (found.credential && scope !== undefined) {
      return {
        status: 401,
        body: {
          error: {
            code: 401,
            identity: {},
            message:
              'Error authenticating with application credential: Application credentials cannot request a scope.',
            title: 'Unauthorized',
          },
        },
        headers: { 'WWW-Authenticate': `Keystone uri="${request.origin}/v3"` },
      }
    }
    const project = found.credential ? found.person.project : this.scoped(found.person, scope)
    if (project === 'refused') return this.unauthorized(request)
    const now = this.clock.now()
    const auditId = Buffer.from(newHex(), 'hex').toString('base64url')
    const session: Session = {
      token: `gAAAAAB${Buffer.from(newHex(260), 'hex').toString('base64url')}`,
      person: found.person,
      project,
      methods: [
        ...new Set([...(found.parent?.methods ?? []), typeof method === 'string' ? method : '']),
      ],
      auditIds: [auditId, ...(found.parent ? found.parent.auditIds.slice(-1) : [])],
      issuedAt: now,
      expiresAt: found.parent?.expiresAt ?? now + TOKEN_LIFE_MS,
      credential: found.credential,
    }
    this.sessions.set(session.token, session)
    return {
      status: 201,
      body: { token: this.tokenShape(session, !request.query.has('nocatalog')) },
      headers: { 'X-Subject-Token': session.token },
    }
  }

  private byPassword(user: unknown) {
    const person = this.people.find(
      ({ id, name }) => id === field(user, 'id') || name === field(user, 'name'),
    )
    const isRight = person !== undefined && person.password === field(user, 'password')
    return isRight ? { person, parent: undefined, credential: undefined } : undefined
  }

  private byCredential(given: unknown) {
    const credential = this.credentials.find(
      ({ id, secret }) => id === field(given, 'id') && secret === field(given, 'secret'),
    )
    return credential && { person: credential.person, parent: undefined, credential }
  }

  private byToken(given: unknown) {
    const id = field(given, 'id')
    const parent = this.session(typeof id === 'string' ? id : undefined)
    return parent && { person: parent.person, parent, credential: parent.credential }
  }

  private scoped(person: Person, scope: unknown): ProjectRecord | undefined | 'refused' {
    if (scope === undefined || scope === 'unscoped') return undefined
    const project = field(scope, 'project')
    const isOwn =
      field(project, 'id') === person.project.id || field(project, 'name') === person.project.name
    return isOwn ? person.project : 'refused'
  }

  private inspect(request: WebRequest): WebAnswer {
    const subject = this.session(header(request, 'x-subject-token'))
    if (!subject) return notFound('Could not recognize Fernet token')
    if (request.method === 'DELETE') {
      this.sessions.delete(subject.token)
      return { status: 204 }
    }
    return {
      status: 200,
      body: { token: this.tokenShape(subject, !request.query.has('nocatalog')) },
      headers: { 'X-Subject-Token': subject.token },
    }
  }

  private allProjects({ person }: Session, origin: string): WebAnswer {
    if (!person.roles.includes('admin')) return forbidden('identity:list_projects')
    const all = this.people.map(({ project }) => project)
    return projectList(all, origin, '/v3/projects')
  }

  private tokenShape(session: Session, withCatalog: boolean): object {
    const { person, project, credential } = session
    return {
      methods: session.methods,
      user: { domain: DOMAIN, id: person.id, name: person.name, password_expires_at: null },
      audit_ids: session.auditIds,
      expires_at: keystoneTime(session.expiresAt),
      issued_at: keystoneTime(session.issuedAt),
      ...(project && {
        project: { domain: DOMAIN, id: project.id, name: project.name },
        is_domain: false,
        roles: person.roles.map((name) => ({ id: remember(this.roleIds, name), name })),
        ...(withCatalog && { catalog: this.catalog() }),
      }),
      ...(credential && {
        application_credential: { id: credential.id, name: credential.name, restricted: true },
      }),
    }
  }

  private catalog(): object[] {
    return [...this.services].map(([type, { name, url }]) => ({
      endpoints: ['admin', 'internal', 'public'].map((kind) => ({
        id: remember(this.ids, `${type} ${kind}`),
        interface: kind,
        region_id: 'RegionOne',
        url,
        region: 'RegionOne',
      })),
      id: remember(this.ids, type),
      type,
      name,
    }))
  }

  private unauthorized({ origin }: WebRequest): WebAnswer {
    return {
      status: 401,
      body: {
        error: {
          code: 401,
          message: 'The request you have made requires authentication.',
          title: 'Unauthorized',
        },
      },
      headers: { 'WWW-Authenticate': `Keystone uri="${origin}/v3"` },
    }
  }
}

/** What keystonemiddleware answers for a service when the token is missing or no good. */
export const unauthorized = (keystone: string): WebAnswer => ({
  status: 401,
  body: {
    error: {
      code: 401,
      title: 'Unauthorized',
      message: 'The request you have made requires authentication.',
    },
  },
  headers: { 'WWW-Authenticate': `Keystone uri="${keystone}"` },
})

/** A header that comes once. */
export const header = ({ headers }: WebRequest, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

function remember(ids: Map<string, string>, name: string): string {
  const id = ids.get(name) ?? newHex()
  ids.set(name, id)
  return id
}

function projectList(all: readonly ProjectRecord[], origin: string, path: string): WebAnswer {
  const projects = all.map(({ id, name, description }) => ({
    id,
    name,
    domain_id: DOMAIN.id,
    description,
    enabled: true,
    parent_id: DOMAIN.id,
    is_domain: false,
    tags: [],
    options: {},
    links: { self: `${origin}/v3/projects/${id}` },
  }))
  return { status: 200, body: { projects, links: links(`${origin}${path}`) } }
}

const links = (self: string): object => ({ next: null, self, previous: null })

const bad = (message: string): WebAnswer => ({
  status: 400,
  body: { error: { code: 400, message, title: 'Bad Request' } },
})

const forbidden = (action: string): WebAnswer => ({
  status: 403,
  body: {
    error: {
      code: 403,
      message: `You are not authorized to perform the requested action: ${action}.`,
      title: 'Forbidden',
    },
  },
})

const notFound = (message: string): WebAnswer => ({
  status: 404,
  body: { error: { code: 404, message, title: 'Not Found' } },
})
