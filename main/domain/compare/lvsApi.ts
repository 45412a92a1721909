import type {
  HealthMonitor,
  Listener,
  LoadBalancerDetail,
  Member,
} from '../../../preload/contract/loadBalancer'
import type { Located } from '../config/located'
import type { LvsCheck, LvsConfig, LvsListener, LvsMember, LvsServer } from '../config/lvs'
import { canonicalAddress } from '../ip'
import type { Compared } from './compared'
import type { PoolDetail } from './connectionLimit'
import type { Subject } from './entries'
import { Judgements, type Pairing } from './judgements'
import { placeText } from './lvsPair'

/** Protocols that keepalived's virtual servers carry. */
export const LVS_PROTOCOLS: ReadonlySet<string> = new Set(['UDP', 'SCTP'])

/** How each algorithm is written (octavia/common/jinja/lvs/jinja_cfg.py). */
const ALGORITHMS: Readonly<Record<string, string>> = {
  ROUND_ROBIN: 'wrr',
  LEAST_CONNECTIONS: 'lc',
  SOURCE_IP: 'sh',
}

/** What Octavia writes where the API says nothing of it. */
const PERSISTENCE = { timeout: 360, granularity: '255.255.255.255' }

/**
 * Compares what keepalived balances UDP and SCTP by with what the API says, by the ids in the comments. What the API has
 * disabled is absent by design; what is being changed now (PENDING) differs for a while.
 */
export function compareLvsApi(config: LvsConfig, detail: LoadBalancerDetail): Compared {
  const judgements = new Judgements()
  const { loadBalancer, listeners, pools } = detail
  if (config.loadBalancerId && config.loadBalancerId.value !== loadBalancer.id) {
    judgements.differ({
      path: 'loadbalancer',
      actual: config.loadBalancerId,
      wanted: loadBalancer.id,
      why: 'otherLoadBalancer',
      subject: { kind: 'loadBalancer', id: loadBalancer.id },
    })
  }
  const files = new Map(config.listeners.map((file) => [file.id, file]))
  const byId = new Map(pools.map((pool) => [pool.id, pool]))
  for (const listener of listeners) {
    if (!LVS_PROTOCOLS.has(listener.protocol)) continue
    const file = files.get(listener.id)
    files.delete(listener.id)
    compareListener(judgements, file, listener, detail, byId)
  }
  judgements.about(loadBalancer)
  for (const { id, line, servers } of files.values()) {
    if (!servers.length) continue
    judgements.differ({
      path: `listener ${id}`,
      actual: { value: `listener ${id}`, line },
      why: 'notInApi',
      subject: { kind: 'listener', id },
    })
  }
  return judgements.result()
}

function compareListener(
  judgements: Judgements,
  file: LvsListener | undefined,
  listener: Listener,
  { loadBalancer }: LoadBalancerDetail,
  pools: ReadonlyMap<string, PoolDetail>,
): void {
  const { id, name } = listener
  const path = `listener ${id}`
  const subject: Subject = { kind: 'listener', id, ...(name && { name }) }
  judgements.about(listener)
  const isServed = listener.adminStateUp && loadBalancer.adminStateUp
  const pool = pools.get(listener.defaultPoolId ?? '')
  const [first] = file?.servers ?? []
  if (!isServed || (listener.defaultPoolId === undefined && first)) {
    const why = isServed ? 'notInApi' : 'disabledButServed'
    if (first) judgements.differ({ path, actual: { value: path, line: first.line }, why, subject })
    return
  }
  if (!pool) return
  if (!file || !first) {
    // Up to Yoga there is no virtual server without members, or while the pool is disabled.
    if (!pool.adminStateUp || !pool.members.some(({ adminStateUp }) => adminStateUp)) return
    const wanted = `${listener.protocol} ${String(listener.port)}`
    judgements.differ({ path, wanted, why: 'listenerNotServed', subject, ...nearTo(file) })
    return
  }
  compareVips(judgements, file.servers, path, listener, subject, [
    loadBalancer.vipAddress,
    ...loadBalancer.additionalVips.map(({ address }) => address),
  ])
  for (const server of file.servers)
    compareServer(judgements, server, path, listener, pool, subject)
  compareMembers(judgements, file.servers, path, listener, pool)
}

const nearTo = (file: LvsListener | undefined): { near?: number } =>
  file ? { near: file.line } : {}

function compareVips(
  judgements: Judgements,
  servers: readonly LvsServer[],
  path: string,
  { port }: Listener,
  subject: Subject,
  addresses: readonly string[],
): void {
  judgements.sets({
    path: `${path}.vip`,
    actual: servers.flatMap(({ vips }) =>
      vips.map((vip) => ({ value: placeText(vip), line: vip.line })),
    ),
    wanted: addresses.map((address) => `${address} ${String(port)}`),
    why: 'bind',
    subject,
    near: servers[0]?.line ?? 0,
    keyOf: canonicalPlace,
  })
}

/** An address in one spelling, with its port. */
function canonicalPlace(place: string): string {
  const [address = '', port = ''] = place.split(' ')
  return `${canonicalAddress(address)} ${port}`
}

const samePlace = (one: string, other: string): boolean =>
  canonicalPlace(one) === canonicalPlace(other)

/** What a virtual server says of the pool and of how it is checked. */
function compareServer(
  judgements: Judgements,
  { name, line, settings, poolId, poolDisabled }: LvsServer,
  listenerPath: string,
  listener: Listener,
  pool: PoolDetail,
  subject: Subject,
): void {
  const path = `${listenerPath}.${name}`
  const poolSubject: Subject = { kind: 'pool', id: pool.id, ...(pool.name && { name: pool.name }) }
  const say = (
    keyword: string,
    wanted: string | number | undefined,
    more: Pick<Pairing, 'why' | 'subject'>,
    equal?: (actual: string, wanted: string) => boolean,
  ) =>
    judgements.equal(
      {
        path: `${path}.${keyword}`,
        actual: settings.get(keyword),
        ...(wanted !== undefined && { wanted: String(wanted) }),
        near: line,
        ...more,
      },
      equal,
    )
  judgements.about(listener)
  say('protocol', listener.protocol, { why: 'listenerSetting', subject })
  judgements.about(pool)
  const ofPool = (why: string) => ({ why, subject: poolSubject })
  judgements.equal({
    path: `${path}.pool`,
    ...{ actual: poolId, wanted: pool.id, near: line, ...ofPool('poolSetting') },
  })
  const state = (disabled: boolean) => (disabled ? 'disabled' : 'enabled')
  judgements.equal({
    path: `${path}.pool`,
    actual: { value: state(poolDisabled), line: poolId?.line ?? line },
    wanted: state(!pool.adminStateUp),
    ...ofPool('adminState'),
  })
  // Up to Stein round robin was written without its weights.
  say(
    'lb_algo',
    ALGORITHMS[pool.algorithm] ?? pool.algorithm,
    ofPool('algorithm'),
    (actual, wanted) => actual === wanted || `w${actual}` === wanted,
  )
  const persistence =
    pool.sessionPersistence?.type === 'SOURCE_IP' ? pool.sessionPersistence : undefined
  // Octavia takes its own value for zero as for none.
  const timeout = persistence && (persistence.timeout || PERSISTENCE.timeout)
  const granularity = persistence && (persistence.granularity ?? PERSISTENCE.granularity)
  say('persistence_timeout', timeout, ofPool('persistence'))
  say('persistence_granularity', granularity, ofPool('persistence'))

  const { healthMonitor } = pool
  if (healthMonitor) judgements.about(healthMonitor)
  const monitor = enabledMonitor(pool)
  const ofMonitor = {
    why: 'monitor',
    subject: healthMonitor ? { kind: 'healthMonitor', id: healthMonitor.id } : poolSubject,
  }
  // Releases differ in which of them the other times stand for.
  say('delay_loop', monitor?.delay, ofMonitor)
  say('retry', monitor?.maxRetriesDown, ofMonitor)
}

const isIpv6 = (address: string): boolean => address.includes(':')

const enabledMonitor = ({ healthMonitor }: PoolDetail): HealthMonitor | undefined =>
  healthMonitor?.adminStateUp ? healthMonitor : undefined

function compareMembers(
  judgements: Judgements,
  servers: readonly LvsServer[],
  path: string,
  listener: Listener,
  pool: PoolDetail,
): void {
  if (!pool.adminStateUp) return
  const families = new Set(
    servers.flatMap(({ vips }) => vips.map(({ address }) => isIpv6(address))),
  )
  const known = new Map(
    servers.flatMap(({ members }) =>
      members.map((member) => [member.id ?? placeText(member), member] as const),
    ),
  )
  for (const member of pool.members) {
    const actual = known.get(member.id)
    known.delete(member.id)
    judgements.about(member)
    const place = `${path}.member ${member.id}`
    const subject = memberSubject(member)
    if (actual && member.adminStateUp) {
      compareMember(judgements, actual, place, listener, member, pool)
    } else if (actual) {
      const left = { value: placeText(actual), line: actual.line }
      judgements.differ({ path: place, actual: left, why: 'disabledButServed', subject })
    } else if (member.adminStateUp && families.has(isIpv6(member.address))) {
      const wanted = `${member.address} ${String(member.port)}`
      const near = servers[0]?.line
      const missing = { path: place, wanted, why: 'memberNotServed', subject }
      judgements.differ({ ...missing, ...(near !== undefined && { near }) })
    }
  }
  judgements.about(pool)
  for (const [id, member] of known) {
    judgements.differ({
      path: `${path}.member ${id}`,
      actual: { value: placeText(member), line: member.line },
      why: 'notInApi',
      subject: { kind: 'member', id },
    })
  }
}

const memberSubject = ({ id, name }: Member): Subject => ({
  kind: 'member',
  id,
  ...(name && { name }),
})

function compareMember(
  judgements: Judgements,
  actual: LvsMember,
  path: string,
  { connectionLimit }: Listener,
  member: Member,
  pool: PoolDetail,
): void {
  const { line, settings, check } = actual
  const common = { subject: memberSubject(member), near: line }
  const here = { value: placeText(actual), line }
  const wanted = `${member.address} ${String(member.port)}`
  judgements.equal(
    { ...common, path: `${path}.address`, actual: here, wanted, why: 'memberSetting' },
    samePlace,
  )
  judgements.equal({
    ...common,
    ...{ path: `${path}.weight`, actual: settings.get('weight'), why: 'weight' },
    wanted: String(member.weight),
  })
  judgements.equal({
    ...common,
    ...{ path: `${path}.uthreshold`, actual: settings.get('uthreshold'), why: 'connectionLimit' },
    wanted: connectionLimit > 0 ? String(connectionLimit) : undefined,
  })
  const monitor = enabledMonitor(pool)
  const told = monitor && checkTypeOf(monitor)
  const seen = check && readCheck(check, here.value)
  judgements.equal({
    ...common,
    ...{ path: `${path}.check`, actual: seen?.type, wanted: told, why: 'monitor' },
  })
  if (!seen || !told) return
  const target = `${member.monitorAddress ?? member.address} ${String(member.monitorPort ?? member.port)}`
  judgements.equal(
    { ...common, path: `${path}.check.place`, actual: seen.place, wanted: target, why: 'monitor' },
    samePlace,
  )
}

/** HTTP is checked by GET only; with another method Octavia writes no check. */
const checkTypeOf = ({ type, httpMethod = 'GET' }: HealthMonitor): string | undefined =>
  type === 'HTTP' && httpMethod !== 'GET' ? undefined : type

/** The type of health monitor that a check stands for, and what it looks at: without a word of it, the member itself. */
function readCheck(
  { kind, line, directives }: LvsCheck,
  itself: string,
): { type: Located<string>; place: Located<string> } {
  const of = (keyword: string) => directives.find(({ words }) => words[0] === keyword)
  const at = (value: string, from = line): Located<string> => ({ value, line: from })
  if (kind === 'MISC_CHECK') {
    const command = of('misc_path')
    const words = command?.words.slice(1).join(' ').split(' ') ?? []
    const type = words.includes('sctp')
      ? 'SCTP'
      : words[0]?.endsWith('udp_check.sh')
        ? 'UDP-CONNECT'
        : kind
    return { type: at(type), place: at(words.slice(-2).join(' '), command?.line) }
  }
  const [address, port] = itself.split(' ')
  const [ip, connect] = [of('connect_ip'), of('connect_port')]
  const place = `${ip?.words[1] ?? address ?? ''} ${connect?.words[1] ?? port ?? ''}`
  const type = { HTTP_GET: 'HTTP', TCP_CHECK: 'TCP' }[kind] ?? kind
  return { type: at(type), place: at(place, ip?.line) }
}
