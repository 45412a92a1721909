import { z } from 'zod'
import type { Network, Subnet } from '../../preload/contract/network'
import { AppError } from '../../preload/contract/error'
import type { CloudApi } from './cloudApi'

const PAGE_SIZE = 500

const WireNetwork = z.object({
  id: z.string(),
  name: z.string(),
  'router:external': z.boolean().nullish(),
  shared: z.boolean().nullish(),
})

const WireSubnet = z
  .object({
    id: z.string(),
    name: z.string(),
    network_id: z.string(),
    cidr: z.string(),
    gateway_ip: z.string().nullish(),
    ip_version: z.union([z.literal(4), z.literal(6)]),
  })
  .transform((raw): Subnet => ({
    id: raw.id,
    name: raw.name,
    networkId: raw.network_id,
    cidr: raw.cidr,
    ...(raw.gateway_ip && { gateway: raw.gateway_ip }),
    ipVersion: raw.ip_version,
  }))

const Links = z.array(z.object({ rel: z.string() })).catch([])

/** Networks of a cloud, as Neutron tells them. Holds no state. */
export class Networks {
  constructor(private readonly api: CloudApi) {}

  /**
   * Every network the credentials may see, with its subnets, both by name.
   * @throws AppError `catalog.noService` where there is no Neutron, `answer.malformed`, and what `CloudApi` throws
   */
  async list(cloud: string, signal: AbortSignal): Promise<Network[]> {
    const [networks, subnets] = await Promise.all([
      this.pages(cloud, 'networks', WireNetwork, signal),
      this.pages(cloud, 'subnets', WireSubnet, signal),
    ])
    return networks.toSorted(byName).map((raw) => ({
      id: raw.id,
      name: raw.name,
      external: raw['router:external'] ?? false,
      shared: raw.shared ?? false,
      subnets: subnets.filter(({ networkId }) => networkId === raw.id).toSorted(byName),
    }))
  }

  /** A page may be shorter than asked for, by `pagination_max_limit`; only the link tells that there is more. */
  private async pages<T extends { id: string }>(
    cloud: string,
    plural: 'networks' | 'subnets',
    item: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T[]> {
    const all: T[] = []
    for (let more = true; more;) {
      const { body, requestId } = await this.api.call(cloud, 'network', {
        method: 'GET',
        path: `/v2.0/${plural}`,
        query: { limit: PAGE_SIZE, marker: all.at(-1)?.id },
        signal,
      })
      const page = z.record(z.string(), z.unknown()).safeParse(body)
      const items = z.array(item).safeParse(page.data?.[plural])
      if (!items.success) {
        throw AppError.because('answer.malformed', z.prettifyError(items.error), { requestId })
      }
      all.push(...items.data)
      const links = Links.parse(page.data?.[`${plural}_links`])
      more = items.data.length > 0 && links.some(({ rel }) => rel === 'next')
    }
    return all
  }
}

const byName = (a: { name: string; id: string }, b: { name: string; id: string }): number =>
  a.name.localeCompare(b.name) || a.id.localeCompare(b.id)
