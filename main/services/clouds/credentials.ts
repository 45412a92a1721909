import type { AuthType } from '../../../preload/contract/cloud'
import { AppError } from '../../../preload/contract/error'
import type { Credentials, Domain, Scope, User } from './definition'
import { pick, type Mapping } from './merge'

/** Names of keystoneauth's plugins that the console speaks. */
const AUTH_TYPES: Readonly<Record<string, AuthType>> = {
  password: 'password',
  v3password: 'password',
  v3applicationcredential: 'applicationCredential',
  token: 'token',
  v3token: 'token',
  none: 'none',
}

/** The domain that openstackclient assumes where none is named. */
const DEFAULT_DOMAIN = 'default'

/** How these options sign in: as `auth_type` says, else as what is given allows. Undefined for other plugins. */
export function authTypeOf(authType: string | undefined, auth: Mapping): AuthType | undefined {
  const named = authType?.toLowerCase()
  if (named && named !== 'password') return AUTH_TYPES[named]
  // `password` is what the loader assumes, and people leave it there.
  if (pick(auth, 'password')) return 'password'
  if (pick(auth, 'application_credential_secret')) return 'applicationCredential'
  if (pick(auth, 'token') && !pick(auth, 'username', 'user_name', 'user_id')) return 'token'
  return 'password'
}

/** @throws AppError `cloud.incomplete` with the missing `fields` */
export function credentialsOf(type: AuthType, auth: Mapping): Credentials {
  switch (type) {
    case 'password': {
      const { password } = required(auth, ['password'])
      const scope = scopeOf(auth)
      return { type, user: userOf(auth), password, ...(scope && { scope }) }
    }
    case 'applicationCredential': {
      const id = pick(auth, 'application_credential_id')
      const name = pick(auth, 'application_credential_name')
      const { application_credential_secret: secret } = required(auth, [
        'application_credential_secret',
      ])
      if (id) return { type, credential: { id }, secret }
      if (name) return { type, credential: { name, user: userOf(auth) }, secret }
      throw incomplete(['application_credential_id'])
    }
    case 'token': {
      const { token } = required(auth, ['token'])
      const scope = scopeOf(auth)
      return { type, token, ...(scope && { scope }) }
    }
    case 'none': {
      const projectId = pick(auth, 'project_id', 'project_name')
      return { type, ...(projectId && { projectId }) }
    }
  }
}

/** An option that must be there is not. */
export const incomplete = (fields: readonly string[]): AppError =>
  AppError.because('cloud.incomplete', `Missing: ${fields.join(', ')}`, {
    values: { fields: fields.join(', ') },
  })

function userOf(auth: Mapping): User {
  const id = pick(auth, 'user_id')
  if (id) return { id }
  const name = pick(auth, 'username', 'user_name')
  if (!name) throw incomplete(['username'])
  return { name, domain: domainOf(auth, 'user') }
}

function scopeOf(auth: Mapping): Scope | undefined {
  const trust = pick(auth, 'trust_id')
  if (trust) return { 'OS-TRUST:trust': { id: trust } }
  const system = pick(auth, 'system_scope')
  if (system) return { system: { all: true } }
  const projectId = pick(auth, 'project_id')
  if (projectId) return { project: { id: projectId } }
  const name = pick(auth, 'project_name')
  if (name) return { project: { name, domain: domainOf(auth, 'project') } }
  const domainId = pick(auth, 'domain_id')
  if (domainId) return { domain: { id: domainId } }
  const domainName = pick(auth, 'domain_name')
  return domainName ? { domain: { name: domainName } } : undefined
}

function domainOf(auth: Mapping, owner: 'user' | 'project'): Domain {
  const id = pick(auth, `${owner}_domain_id`)
  if (id) return { id }
  const name = pick(auth, `${owner}_domain_name`, 'default_domain_name')
  if (name) return { name }
  return { id: pick(auth, 'default_domain_id', 'default_domain') ?? DEFAULT_DOMAIN }
}

function required<K extends string>(auth: Mapping, keys: readonly K[]): Record<K, string> {
  const values = keys.map((key) => [key, pick(auth, key)] as const)
  const missing = values.filter(([, value]) => value === undefined).map(([key]) => key)
  if (missing.length) throw incomplete(missing)
  return Object.fromEntries(values) as Record<K, string>
}
