import type { Clock } from '../clock'
import { newId, newMac } from '../identity'
import { neutronTime } from '../timestamps'

export interface NetworkRecord {
  id: string
  name: string
  project: string
  shared: boolean
  createdAt: string
}

export interface SubnetRecord {
  id: string
  name: string
  network: NetworkRecord
  cidr: string
  /** First three numbers, such as `192.168.30`. */
  stem: string
  gateway: string | null
  pool: { start: number; end: number }
  createdAt: string
}

export interface PortRecord {
  id: string
  name: string
  project: string
  subnet: SubnetRecord
  address: string
  mac: string
  up: boolean
  deviceId: string
  deviceOwner: string
  pair: string | undefined
  securityGroups: string[]
  qosPolicyId: string | null
  createdAt: string
  updatedAt: string
}

export interface SecurityGroupRecord {
  id: string
  name: string
  project: string
  description: string
}

/** What Neutron keeps: networks, subnets, ports, security groups. */
export class Networks {
  readonly networks: NetworkRecord[] = []
  readonly subnets: SubnetRecord[] = []
  readonly ports = new Map<string, PortRecord>()
  readonly groups = new Map<string, SecurityGroupRecord>()

  constructor(private readonly clock: Clock) {}

  addSubnet(
    names: { network: string; subnet: string },
    stem: string,
    options: { project: string; shared: boolean; hasGateway: boolean; start: number },
  ): SubnetRecord {
    const createdAt = this.now()
    const { project, shared, hasGateway, start } = options
    const network = { id: newId(), name: names.network, project, shared, createdAt }
    const subnet = {
      id: newId(),
      name: names.subnet,
      network,
      cidr: `${stem}.0/24`,
      stem,
      gateway: hasGateway ? `${stem}.1` : null,
      pool: { start, end: 250 },
      createdAt,
    }
    this.networks.push(network)
    this.subnets.push(subnet)
    return subnet
  }

  /** @returns 'taken' or 'outside' where the address cannot be had */
  addPort(
    subnet: SubnetRecord,
    port: Partial<Omit<PortRecord, 'address'>> & { project: string },
    wanted?: string,
  ): PortRecord | 'taken' | 'outside' {
    if (wanted !== undefined && !this.fits(subnet, wanted)) return 'outside'
    if (wanted !== undefined && this.isTaken(subnet, wanted)) return 'taken'
    const address = wanted ?? this.freeAddress(subnet)
    const now = this.now()
    const record: PortRecord = {
      id: newId(),
      name: '',
      mac: newMac(),
      up: true,
      deviceId: '',
      deviceOwner: '',
      pair: undefined,
      securityGroups: [],
      qosPolicyId: null,
      ...port,
      subnet,
      address,
      createdAt: now,
      updatedAt: now,
    }
    this.ports.set(record.id, record)
    return record
  }

  addGroup(name: string, project: string): SecurityGroupRecord {
    const group = { id: newId(), name, project, description: '' }
    this.groups.set(group.id, group)
    return group
  }

  private now(): string {
    return neutronTime(this.clock.now())
  }

  private fits({ stem }: SubnetRecord, address: string): boolean {
    const last = Number(address.slice(stem.length + 1))
    return address.startsWith(`${stem}.`) && Number.isInteger(last) && last > 0 && last < 255
  }

  private isTaken(subnet: SubnetRecord, address: string): boolean {
    return (
      subnet.gateway === address ||
      [...this.ports.values()].some((port) => port.subnet === subnet && port.address === address)
    )
  }

  private freeAddress(subnet: SubnetRecord): string {
    const { start, end } = subnet.pool
    const offset = Math.floor(Math.random() * (end - start))
    for (let step = 0; step <= end - start; step += 1) {
      const address = `${subnet.stem}.${start + ((offset + step) % (end - start + 1))}`
      if (!this.isTaken(subnet, address)) return address
    }
    throw new Error(`No more IP addresses available on network ${subnet.network.id}.`)
  }
}
