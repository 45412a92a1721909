import { z } from 'zod'
import { request } from './channel'
import { CloudName, Id } from './common'

export const Subnet = z.object({
  id: Id,
  name: z.string(),
  networkId: Id,
  /** Such as `192.168.30.0/24`. */
  cidr: z.string(),
  gateway: z.string().optional(),
  ipVersion: z.union([z.literal(4), z.literal(6)]),
})
export type Subnet = z.infer<typeof Subnet>

export const Network = z.object({
  id: Id,
  name: z.string(),
  external: z.boolean(),
  shared: z.boolean(),
  subnets: z.array(Subnet),
})
export type Network = z.infer<typeof Network>

export const network = {
  /** Every network with its subnets, by name. Fails with `catalog.noService` where there is no Neutron. */
  'network.list': request(z.object({ cloud: CloudName }), z.array(Network)),
}
