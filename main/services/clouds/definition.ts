import type { AuthType, CloudSummary } from '../../../preload/contract/cloud'
import type { Failure } from '../../../preload/contract/error'
import type { Service } from '../cloudApi'

/** A Keystone domain, by whichever is known. */
export type Domain = { id: string } | { name: string }

/** A user, by id alone or by name within a domain. */
export type User = { id: string } | { name: string; domain: Domain }

/** What a token is to be good for, as Keystone v3 takes it; left out, Keystone takes the user's default project. */
export type Scope =
  | { project: { id: string } | { name: string; domain: Domain } }
  | { domain: Domain }
  | { system: { all: true } }
  | { 'OS-TRUST:trust': { id: string } }

/** Who signs in and how, with the secret. */
export type Credentials =
  | { type: 'password'; user: User; password: string; scope?: Scope }
  | { type: 'applicationCredential'; credential: { id: string } | NamedCredential; secret: string }
  | { type: 'token'; token: string; scope?: Scope }
  /** Octavia without Keystone: requests carry a project and no token. */
  | { type: 'none'; projectId?: string }

interface NamedCredential {
  name: string
  user: User
}

/** What openstacksdk lets a configuration say about one service. */
export interface ServiceOverride {
  /** Instead of the catalog's. */
  url?: string
  interfaces?: readonly Interface[]
  region?: string
  /** Type of the service in the catalog. */
  type?: string
  /** Name of the service in the catalog. */
  name?: string
}

export type Interface = 'public' | 'internal' | 'admin'

/** Everything needed to sign in to a cloud. Lives in main's memory only: it holds secrets. */
export interface CloudDefinition {
  name: string
  source: CloudSummary['source']
  /** The file it was read from. */
  path?: string
  authUrl: string
  region?: string
  /** In order of preference. */
  interfaces: readonly Interface[]
  /** Undefined where something is missing: then `problem` says what. */
  credentials?: Credentials
  /** Paths of PEM files. */
  tls: { caFile?: string; certificateFile?: string; keyFile?: string; insecure: boolean }
  services: Partial<Record<Service, ServiceOverride>>
  /** Milliseconds to wait for an answer. */
  timeoutMs?: number
  /** Why it cannot be opened as it is written. */
  problem?: Failure
  /** How it signs in, where `credentials` cannot tell. */
  authType: AuthType
}

/** What the page may know of a cloud: no secrets. */
export function summaryOf(definition: CloudDefinition): CloudSummary {
  const { name, source, path, authUrl, region, authType, tls, problem, credentials } = definition
  const userName = credentials && userNameOf(credentials)
  const projectName = credentials && projectNameOf(credentials)
  return {
    name,
    source,
    authUrl,
    authType,
    insecure: tls.insecure,
    ...(path && { path }),
    ...(region && { region }),
    ...(userName && { userName }),
    ...(projectName && { projectName }),
    ...(problem && { problem }),
  }
}

/** Texts that must not appear in an error, in evidence or on the page. */
export function secretsOf(credentials: Credentials | undefined): string[] {
  switch (credentials?.type) {
    case 'password':
      return [credentials.password]
    case 'applicationCredential':
      return [credentials.secret]
    case 'token':
      return [credentials.token]
    case 'none':
    case undefined:
      return []
  }
}

function userNameOf(credentials: Credentials): string | undefined {
  switch (credentials.type) {
    case 'password':
      return nameOrId(credentials.user)
    case 'applicationCredential':
      return nameOrId(credentials.credential)
    case 'token':
    case 'none':
      return undefined
  }
}

function projectNameOf(credentials: Credentials): string | undefined {
  if (credentials.type === 'none') return credentials.projectId
  if (credentials.type === 'applicationCredential') return undefined
  const { scope } = credentials
  return scope && 'project' in scope ? nameOrId(scope.project) : undefined
}

const nameOrId = (value: { id: string } | { name: string }): string =>
  'name' in value ? value.name : value.id
