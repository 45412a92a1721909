import type {
  ALGORITHMS,
  HTTP_METHODS,
  LISTENER_PROTOCOLS,
  MONITOR_TYPES,
  POOL_PROTOCOLS,
} from '../../../preload/contract/plan'
import { subnetOf, type SubnetChoice } from './subnetOf'

/** A member while it is edited; `key` keeps rows apart. */
export interface MemberDraft {
  key: number
  name: string
  address: string
  port: number | undefined
  weight: number | undefined
  /** Empty: none, so that it is reached as the VIP's network routes. */
  subnetId: string
  /** The operator chose the subnet, or none; a suggestion no longer replaces it. */
  subnetChosen: boolean
  backup: boolean
}

export interface MonitorDraft {
  type: (typeof MONITOR_TYPES)[number]
  delay: number | undefined
  timeout: number | undefined
  maxRetries: number | undefined
  maxRetriesDown: number | undefined
  httpMethod: (typeof HTTP_METHODS)[number]
  urlPath: string
  expectedCodes: string
}

export interface PoolDraft {
  name: string
  protocol: (typeof POOL_PROTOCOLS)[number]
  algorithm: (typeof ALGORITHMS)[number]
  persistence: 'none' | 'SOURCE_IP' | 'HTTP_COOKIE' | 'APP_COOKIE'
  cookieName: string
  members: MemberDraft[]
  /** A list of members that was pasted and not taken in yet. */
  pasted: string
  /** How many of its lines were not understood when it was last taken in. */
  rejected: number
  /** Whether members are checked. */
  monitored: boolean
  monitor: MonitorDraft
}

export interface ListenerDraft {
  key: number
  name: string
  protocol: (typeof LISTENER_PROTOCOLS)[number]
  port: number | undefined
  /** Empty: unlimited. */
  connectionLimit: number | undefined
  /** One per line, or with commas. */
  allowedCidrs: string
  hasPool: boolean
  pool: PoolDraft
}

/** A load balancer with all its parts while it is edited. */
export interface PlanDraft {
  name: string
  description: string
  vipSubnetId: string
  vipAddress: string
  /** With commas. */
  tags: string
  listeners: ListenerDraft[]
}

let last = 0
const nextKey = (): number => (last += 1)

export const newMember = (parts: Partial<MemberDraft> = {}): MemberDraft => ({
  key: nextKey(),
  name: '',
  address: '',
  port: undefined,
  weight: 1,
  subnetId: '',
  subnetChosen: false,
  backup: false,
  ...parts,
})

/** A listener as most are: HTTP on 80, round robin, checked every five seconds. */
export const newListener = (port?: number): ListenerDraft => ({
  key: nextKey(),
  name: '',
  protocol: 'HTTP',
  port,
  connectionLimit: undefined,
  allowedCidrs: '',
  hasPool: true,
  pool: {
    name: '',
    protocol: 'HTTP',
    algorithm: 'ROUND_ROBIN',
    persistence: 'none',
    cookieName: '',
    members: [],
    pasted: '',
    rejected: 0,
    monitored: true,
    monitor: {
      type: 'HTTP',
      delay: 5,
      timeout: 4,
      maxRetries: 3,
      maxRetriesDown: 3,
      httpMethod: 'GET',
      urlPath: '/',
      expectedCodes: '200',
    },
  },
})

export const newPlan = (): PlanDraft => ({
  name: '',
  description: '',
  vipSubnetId: '',
  vipAddress: '',
  tags: '',
  listeners: [newListener(80)],
})

/**
 * Reads members from lines such as `192.0.2.10:8080`, `[2001:db8::1]:8080`, `192.0.2.10 8080` or only an address,
 * which gets `port`. `rejected` are the lines that say nothing of the kind.
 */
export function membersOf(
  text: string,
  port: number | undefined,
): { members: MemberDraft[]; rejected: string[] } {
  const members: MemberDraft[] = []
  const rejected: string[] = []
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (!line) continue
    const [, bracketed, four, six, own] = LINE.exec(line) ?? []
    const address = bracketed ?? four ?? six
    if (!address) {
      rejected.push(line)
      continue
    }
    members.push(newMember({ address, port: own === undefined ? port : Number(own) }))
  }
  return { members, rejected }
}

/** A member with the subnet that its address lies in, unless the operator has chosen one. */
export function placed(member: MemberDraft, subnets: readonly SubnetChoice[]): MemberDraft {
  if (member.subnetChosen) return member
  return { ...member, subnetId: subnetOf(member.address, subnets)?.value ?? '' }
}

/**
 * Makes members of a pool's pasted list, each in the subnet that its address lies in. Lines that were not understood
 * stay in the list. True when none stays.
 */
export function takePasted(pool: PoolDraft, subnets: readonly SubnetChoice[]): boolean {
  if (pool.pasted.trim() === '') {
    pool.pasted = ''
    pool.rejected = 0
    return true
  }
  const { members, rejected } = membersOf(pool.pasted, pool.members[0]?.port)
  // A row that was never filled in gives way.
  const kept = pool.members.filter((member) => member.address.trim() !== '')
  pool.members = [...kept, ...members.map((member) => placed(member, subnets))]
  pool.pasted = rejected.join('\n')
  pool.rejected = rejected.length
  return rejected.length === 0
}

/** Bracketed IPv6, IPv4 or bare IPv6, then an optional port after a colon, comma or space. */
const LINE = /^(?:\[([\da-f:.]+)\]|([\d.]+)|([\da-f]*:[\da-f:]*[\d.]*))(?:[:,\s]\s*(\d{1,5}))?$/i
