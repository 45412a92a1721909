import { z } from 'zod'
import type { Project } from '../../preload/contract/cloud'
import { AppError } from '../../preload/contract/error'
import type { HttpAnswer } from '../platform/http'
import { Catalog, rootOf } from './clouds/catalog'
import type { Credentials, Scope, User } from './clouds/definition'
import { messageOf } from './cloudErrors'

/** A token of Keystone v3 and what it says. The id is a secret. */
export interface Token {
  id: string
  /** Milliseconds since the epoch by our own clock. */
  expiresAt: number
  userName: string
  project: { id: string; name: string } | undefined
  /** Whether it is good for a project, a domain or the system. */
  scoped: boolean
  roles: string[]
  catalog: Catalog
}

const Named = z.object({ id: z.string(), name: z.string() })

const Answer = z.object({
  token: z.object({
    expires_at: z.iso.datetime({ offset: true }),
    user: Named,
    project: Named.optional(),
    domain: Named.optional(),
    system: z.unknown().optional(),
    roles: z.array(z.object({ name: z.string() })).catch([]),
    catalog: Catalog.optional(),
  }),
})

const Projects = z.object({
  projects: z.array(
    z
      .object({ id: z.string(), name: z.string(), domain_id: z.string(), enabled: z.boolean() })
      .transform(({ id, name, domain_id: domainId, enabled }): Project => ({
        id,
        name,
        domainId,
        enabled,
      })),
  ),
})

/** Where tokens come from; an address without a version is taken for the root of Keystone. */
export const tokensUrl = (authUrl: string): string =>
  `${rootOf('identity', authUrl)}/v3/auth/tokens`

/** The body that asks for a token (Identity API v3, `POST /v3/auth/tokens`). Holds the secret. */
export function tokenRequest(
  credentials: Exclude<Credentials, { type: 'none' }>,
  projectId: string | undefined,
): object {
  const identity = identityOf(credentials)
  // An application credential is bound to its project; Keystone refuses a scope beside it.
  if (credentials.type === 'applicationCredential') return { auth: { identity } }
  const scope: Scope | undefined = projectId ? { project: { id: projectId } } : credentials.scope
  return { auth: { identity, ...(scope && { scope }) } }
}

function identityOf(credentials: Exclude<Credentials, { type: 'none' }>): object {
  switch (credentials.type) {
    case 'password':
      return {
        methods: ['password'],
        password: { user: { ...userOf(credentials.user), password: credentials.password } },
      }
    case 'applicationCredential': {
      const { credential, secret } = credentials
      const who =
        'id' in credential ? credential : { name: credential.name, user: userOf(credential.user) }
      return {
        methods: ['application_credential'],
        application_credential: { ...who, secret },
      }
    }
    case 'token':
      return { methods: ['token'], token: { id: credentials.token } }
  }
}

const userOf = (user: User): object => user

/**
 * Reads Keystone's answer to a request for a token. Its end is counted by our own clock, for which
 * the answer's `Date` tells the difference between the two.
 * @throws AppError `keystone.*`, `cloud.incomplete`
 */
export function readToken(answer: HttpAnswer, type: Credentials['type'], url: string): Token {
  if (answer.status >= 400) throw refusal(answer, type, url)
  const id = answer.headers['x-subject-token']
  const parsed = Answer.safeParse(answer.body)
  if (!id || !parsed.success) throw notKeystone(answer, url)
  const { user, project, domain, system, roles, catalog, expires_at: end } = parsed.data.token
  const scoped = Boolean(project ?? domain ?? system)
  if (!scoped) {
    throw AppError.because('keystone.noProject', 'The token has no scope.', {
      requestId: answer.requestId,
      values: { user: user.name },
    })
  }
  return {
    id,
    expiresAt: Date.parse(end) - clockAhead(answer),
    userName: user.name,
    project: project && { id: project.id, name: project.name },
    scoped,
    roles: roles.map(({ name }) => name),
    catalog: catalog ?? [],
  }
}

/** @throws AppError `answer.malformed` */
export function readProjects({ body, requestId }: HttpAnswer): Project[] {
  const parsed = Projects.safeParse(body)
  if (!parsed.success) {
    throw AppError.because('answer.malformed', z.prettifyError(parsed.error), { requestId })
  }
  return parsed.data.projects.toSorted((a, b) => a.name.localeCompare(b.name))
}

/** Milliseconds by which the other clock is ahead of ours; 0 within the second that `Date` cannot tell. */
function clockAhead({ headers, at, durationMs }: HttpAnswer): number {
  const theirs = Date.parse(headers['date'] ?? '')
  if (Number.isNaN(theirs)) return 0
  const ahead = theirs + 500 - (at + durationMs / 2)
  return Math.abs(ahead) < 1500 ? 0 : ahead
}

function refusal(answer: HttpAnswer, type: Credentials['type'], url: string): AppError {
  const { status, headers, requestId } = answer
  const message = messageOf(answer)
  const details = { requestId, values: { url, status } }
  if (typeof answer.body !== 'object' && status < 500) return notKeystone(answer, url)
  if (status === 401) {
    if (headers['openstack-auth-receipt']) {
      return AppError.because('keystone.multiFactor', message, details)
    }
    const reason = type === 'token' ? 'keystone.tokenExpired' : 'keystone.credentials'
    return AppError.because(reason, message, details)
  }
  if (status === 403) return AppError.because('keystone.credentials', message, details)
  if (status === 400) {
    return AppError.because('cloud.incomplete', message, {
      requestId,
      values: { fields: message },
    })
  }
  if (status === 404 || status === 405) return notKeystone(answer, url)
  return AppError.because('keystone.failed', message, details)
}

const notKeystone = (answer: HttpAnswer, url: string): AppError =>
  AppError.because('keystone.notKeystone', messageOf(answer), {
    requestId: answer.requestId,
    values: { url, status: answer.status },
  })
