import { AppError, type Failure } from '../../../preload/contract/error'
import type { Service } from '../cloudApi'
import { authTypeOf, credentialsOf, incomplete } from './credentials'
import type { CloudDefinition, Interface, ServiceOverride } from './definition'
import { pick, textOf, type Mapping } from './merge'
import { normalize } from './normalize'

const INTERFACES: readonly Interface[] = ['public', 'internal', 'admin']

/** How each service may be called in front of an option, such as `load_balancer_endpoint_override`. */
const PREFIXES: Readonly<Record<Service, readonly string[]>> = {
  'load-balancer': ['load_balancer', 'octavia'],
  network: ['network'],
  identity: ['identity'],
  compute: ['compute'],
}

/** Where an entry comes from. */
export type Origin = Pick<CloudDefinition, 'name' | 'source' | 'path'>

/** Turns a merged entry of clouds.yaml into a definition; what is wrong with it becomes its `problem`. Never throws. */
export function define(origin: Origin, raw: Mapping, problem?: Failure): CloudDefinition {
  const { cloud, auth } = normalize(raw)
  const named = pick(cloud, 'auth_type')
  const authType = authTypeOf(named, auth)
  const services = servicesOf(cloud, auth)
  const authUrl =
    pick(auth, 'auth_url') ??
    (authType === 'none' ? (services['load-balancer']?.url ?? pick(auth, 'endpoint')) : undefined)
  const region = pick(cloud, 'region_name')
  const timeout = Number(pick(cloud, 'api_timeout'))

  const definition: CloudDefinition = {
    ...origin,
    authUrl: authUrl ?? '',
    authType: authType ?? 'password',
    ...(region && { region }),
    interfaces: interfacesOf(cloud['interface']) ?? ['public'],
    tls: tlsOf(cloud),
    services,
    ...(timeout > 0 && { timeoutMs: timeout * 1000 }),
  }
  if (problem) return { ...definition, problem }
  try {
    if (!authType) {
      const values = { authType: named ?? '' }
      throw AppError.because('cloud.unsupportedAuth', named ?? '', { values })
    }
    const credentials = credentialsOf(authType, auth)
    if (!authUrl) throw incomplete(['auth_url'])
    if (!URL.canParse(authUrl)) {
      throw AppError.because('cloud.incomplete', `Not a URL: ${authUrl}`, {
        values: { fields: 'auth_url' },
      })
    }
    return { ...definition, credentials }
  } catch (error) {
    return { ...definition, problem: AppError.from(error).toFailure() }
  }
}

function servicesOf(cloud: Mapping, auth: Mapping): CloudDefinition['services'] {
  const services: Partial<Record<Service, ServiceOverride>> = {}
  const without = pick(cloud, 'auth_type') === 'none' ? pick(auth, 'endpoint') : undefined
  for (const [service, prefixes] of Object.entries(PREFIXES) as [Service, readonly string[]][]) {
    const option = (name: string) => pick(cloud, ...prefixes.map((prefix) => `${prefix}_${name}`))
    const url = option('endpoint_override') ?? option('endpoint') ?? without
    const interfaces = interfacesOf(option('interface'))
    const region = option('region_name')
    const type = option('service_type')
    const name = option('service_name')
    const override: ServiceOverride = {
      ...(url && { url }),
      ...(interfaces && { interfaces }),
      ...(region && { region }),
      ...(type && { type }),
      ...(name && { name }),
    }
    if (Object.keys(override).length) services[service] = override
  }
  return services
}

/** `internal,public` is a list of preferences; `publicURL` is how old files write it. */
function interfacesOf(value: unknown): Interface[] | undefined {
  const names = Array.isArray(value) ? value.map(textOf) : textOf(value)?.split(',')
  const known = names?.flatMap((name) => {
    const bare = name?.trim().replace(/URL$/, '')
    return INTERFACES.filter((one) => one === bare)
  })
  return known?.length ? known : undefined
}

function tlsOf(cloud: Mapping): CloudDefinition['tls'] {
  const caFile = pick(cloud, 'cacert')
  const certificateFile = pick(cloud, 'cert')
  const keyFile = pick(cloud, 'key')
  const insecure =
    textOf(cloud['insecure'])?.toLowerCase() === 'true' ||
    textOf(cloud['verify'])?.toLowerCase() === 'false'
  return {
    insecure,
    ...(caFile && { caFile }),
    ...(certificateFile && { certificateFile }),
    ...(keyFile && { keyFile }),
  }
}
