import { fill, isMapping, pick, textOf, withUnderscores, type Mapping } from './merge'

/** Options that openstacksdk takes at the top of a cloud as well as below `auth`; below `auth` wins. */
const AUTH_OPTIONS = [
  'auth_url',
  'username',
  'user_name',
  'user_id',
  'password',
  'passcode',
  'trust_id',
  'system_scope',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
  'endpoint',
  'default_domain',
  'default_domain_id',
  'default_domain_name',
]

/** Old names first, so that the last one found wins (openstacksdk 4.0, `config/loader.py: _fix_backwards_project`). */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  domain_id: ['domain_id'],
  domain_name: ['domain_name'],
  user_domain_id: ['user_domain_id'],
  user_domain_name: ['user_domain_name'],
  project_domain_id: ['project_domain_id'],
  project_domain_name: ['project_domain_name'],
  token: ['auth_token', 'token'],
  project_id: ['tenant_id', 'project_id'],
  project_name: ['tenant_name', 'project_name'],
}

/** Placeholders are not looked for in these: a brace is an ordinary character of a password. */
const VERBATIM = new Set([
  'password',
  'token',
  'passcode',
  'application_credential_secret',
  'username',
])

/** A cloud's options in their present names: scalars of the cloud, and those that sign in. */
export interface Options {
  cloud: Mapping
  auth: Mapping
}

/**
 * Brings a merged cloud entry to its present form: underscores, `interface` for `endpoint_type`, `auth_type` for
 * `auth_plugin`, `project_*` for `tenant_*`, a single `domain_*` spread over user and project, placeholders filled.
 */
export function normalize(raw: Mapping): Options {
  const cloud: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(withUnderscores(raw))) {
    cloud[key.replace(/endpoint_type$/, 'interface')] = value
  }
  cloud['auth_type'] = pick(cloud, 'auth_type', 'auth_plugin')
  const below = cloud['auth']
  const auth: Record<string, unknown> = isMapping(below) ? { ...below } : {}

  for (const [target, names] of Object.entries(ALIASES)) {
    let found: string | undefined
    for (const name of names) {
      found = textOf(cloud[name]) ?? found
      found = textOf(auth[name]) ?? found
      cloud[name] = undefined
      auth[name] = undefined
    }
    if (found !== undefined) auth[target] = found
  }
  for (const name of AUTH_OPTIONS) auth[name] = textOf(auth[name]) ?? textOf(cloud[name])
  spreadDomain(auth)

  const context = { ...cloud, ...auth, auth: undefined, password: undefined }
  const filled = (options: Mapping): Mapping =>
    Object.fromEntries(
      Object.entries(options).map(([key, value]) => [
        key,
        typeof value === 'string' && !VERBATIM.has(key) ? fill(value, context) : value,
      ]),
    )
  return { cloud: filled({ ...cloud, auth: undefined }), auth: filled(auth) }
}

/** Only with a project does a bare domain mean the domain of user and project; without one it is the scope. */
function spreadDomain(auth: Record<string, unknown>): void {
  if (auth['project_id'] === undefined && auth['project_name'] === undefined) return
  for (const part of ['id', 'name']) {
    const domain = auth[`domain_${part}`]
    auth[`user_domain_${part}`] ??= domain
    auth[`project_domain_${part}`] ??= domain
    auth[`domain_${part}`] = undefined
  }
}
