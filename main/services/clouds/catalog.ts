import { z } from 'zod'
import { AppError } from '../../../preload/contract/error'
import type { Service } from '../cloudApi'
import type { CloudDefinition } from './definition'

/** The catalog of a Keystone v3 token. Entries the console cannot read are left out. */
export const Catalog = z
  .array(z.unknown())
  .catch([])
  .transform((entries) => entries.flatMap((entry) => Entry.safeParse(entry).data ?? []))
export type Catalog = z.infer<typeof Catalog>

const optionalText = z.string().nullish().catch(undefined)
const Entry = z.object({
  type: z.string(),
  name: optionalText,
  endpoints: z
    .array(
      z.object({
        interface: z.string(),
        region: optionalText,
        region_id: optionalText,
        url: z.string(),
      }),
    )
    .catch([]),
})

/** Types under which a service stands in catalogs, the official one first. */
const TYPES: Readonly<Record<Service, readonly string[]>> = {
  'load-balancer': ['load-balancer', 'octavia'],
  network: ['network', 'neutron'],
  identity: ['identity', 'identityv3'],
  compute: ['compute'],
}

/** The version a catalog may append to an endpoint. Paths of calls begin with their version. */
const VERSIONS: Readonly<Record<Service, RegExp>> = {
  'load-balancer': /\/v2(?:\.\d+)?$/,
  network: /\/v2(?:\.0)?$/,
  identity: /\/v(?:3|2\.0)$/,
  compute: /\/v2(?:\.\d+)?(?:\/[0-9a-f-]{32,36})?$/,
}

/** An endpoint without a trailing slash and version. */
export function rootOf(service: Service, url: string): string {
  return url.trim().replace(/\/+$/, '').replace(VERSIONS[service], '').replace(/\/+$/, '')
}

/**
 * Where a service is: as the cloud's definition says, else the catalog's endpoint of the first interface and the region.
 * @throws AppError `catalog.noService`; its values say what there is instead
 */
export function endpointOf(service: Service, cloud: CloudDefinition, catalog: Catalog): string {
  const override = cloud.services[service]
  if (override?.url) return rootOf(service, override.url)

  const types = override?.type ? [override.type] : TYPES[service]
  const entries = catalog.filter(
    ({ type, name }) =>
      types.includes(type) && (override?.name === undefined || override.name === name),
  )
  const region = override?.region ?? cloud.region
  const endpoints = entries.flatMap((entry) => entry.endpoints)
  const here = endpoints.filter(
    (endpoint) =>
      region === undefined || endpoint.region_id === region || endpoint.region === region,
  )
  for (const wanted of override?.interfaces ?? cloud.interfaces) {
    const found = here.find((endpoint) => endpoint.interface.replace(/URL$/, '') === wanted)
    if (found) return rootOf(service, found.url)
  }
  throw missing(service, cloud, catalog, endpoints)
}

function missing(
  service: Service,
  cloud: CloudDefinition,
  catalog: Catalog,
  endpoints: Catalog[number]['endpoints'],
): AppError {
  const override = cloud.services[service]
  const there = endpoints.map((one) => `${one.interface} in ${one.region_id ?? one.region ?? '-'}`)
  const found = there.length ? there : catalog.map(({ type }) => type)
  const values = {
    service,
    region: override?.region ?? cloud.region ?? '',
    interface: (override?.interfaces ?? cloud.interfaces).join(', '),
    found: [...new Set(found)].join(', '),
  }
  const message = `${service}: ${values.found || 'the catalog is empty'}`
  return AppError.because('catalog.noService', message, { values })
}
