import type { HealthMonitor, Listener, Member } from '../../../preload/contract/loadBalancer'
import type { HaproxyBackend } from '../config/haproxy'
import { readPlace, type HaproxyServer } from '../config/haproxyServer'
import type { Located } from '../config/located'
import { canonicalAddress } from '../ip'
import type { Subject } from './entries'
import { compareLimit, texted, type PoolDetail } from './connectionLimit'
import type { Judgements } from './judgements'
import { compareHeaders } from './listenerExtras'
import { compareMemberTls, compareProxyProtocol } from './memberTls'

const ALGORITHMS: Readonly<Record<string, string>> = {
  ROUND_ROBIN: 'roundrobin',
  LEAST_CONNECTIONS: 'leastconn',
  SOURCE_IP: 'source',
}

/** Compares one pool, as one listener uses it, with its backend; absent where the file has none. */
export function compareBackend(
  judgements: Judgements,
  backend: HaproxyBackend | undefined,
  pool: PoolDetail,
  listener: Listener,
): void {
  judgements.about(pool)
  const subject: Subject = { kind: 'pool', id: pool.id, ...(pool.name && { name: pool.name }) }
  const path = `backend ${backend?.name ?? `${pool.id}:${listener.id}`}`
  if (!backend || !pool.adminStateUp) {
    const actual = backend && { value: path, line: backend.line }
    if (actual) judgements.differ({ path, actual, why: 'disabledButServed', subject })
    else if (pool.adminStateUp)
      judgements.differ({ path, wanted: pool.protocol, why: 'poolNotServed', subject })
    return
  }
  const say = (
    name: string,
    actual: Located<string> | undefined,
    wanted: string | undefined,
    why = 'poolSetting',
  ) =>
    judgements.equal({ path: `${path}.${name}`, actual, wanted, why, subject, near: backend.line })

  say('balance', backend.balance, ALGORITHMS[pool.algorithm] ?? pool.algorithm, 'algorithm')
  say('persistence', persistenceOf(backend), wantedPersistence(pool), 'persistence')
  compareLimit(judgements, `${path}.fullconn`, backend.fullconn, listener)
  compareHeaders(judgements, backend, listener, subject)
  const { timeoutMemberConnect: connect, timeoutMemberData: data } = listener
  if (connect !== undefined)
    say('timeout connect', texted(backend.timeouts.get('connect')), String(connect), 'timeout')
  if (data !== undefined)
    say('timeout server', texted(backend.timeouts.get('server')), String(data), 'timeout')

  compareMonitor(judgements, backend, path, enabledMonitor(pool), pool.healthMonitor)
  compareMembers(judgements, backend, path, pool, listener)
}

const enabledMonitor = ({ healthMonitor }: PoolDetail): HealthMonitor | undefined =>
  healthMonitor?.adminStateUp ? healthMonitor : undefined

function persistenceOf({ persistence }: HaproxyBackend): Located<string> | undefined {
  for (const { value, line } of persistence) {
    const words = value.split(' ')
    if (words[0] === 'cookie') return { value: 'HTTP_COOKIE', line }
    if (words[0] === 'stick' && words[1] === 'on') return { value: 'SOURCE_IP', line }
    const [, cookie] = /^stick (?:match|store-response) re[qs]\.cook\(([^)]*)\)/.exec(value) ?? []
    if (cookie !== undefined) return { value: `APP_COOKIE ${cookie}`, line }
  }
  return undefined
}

function wantedPersistence({ sessionPersistence }: PoolDetail): string | undefined {
  if (!sessionPersistence) return undefined
  const { type, cookieName } = sessionPersistence
  return type === 'APP_COOKIE' ? `${type} ${cookieName ?? ''}`.trim() : type
}

/** The monitor's own lines; what is said of it beside each member is compared with the members. */
function compareMonitor(
  judgements: Judgements,
  backend: HaproxyBackend,
  path: string,
  monitor: HealthMonitor | undefined,
  known: HealthMonitor | undefined,
): void {
  if (known) judgements.about(known)
  const subject = known && {
    kind: 'healthMonitor',
    id: known.id,
    ...(known.name && { name: known.name }),
  }
  const say = (
    name: string,
    actual: Located<string> | undefined,
    wanted: string | undefined,
    equal?: (actual: string, wanted: string) => boolean,
  ) =>
    judgements.equal(
      {
        path: `${path}.${name}`,
        actual,
        wanted,
        why: 'monitor',
        near: backend.line,
        ...(subject && { subject }),
      },
      equal,
    )
  say(
    'timeout check',
    texted(backend.timeouts.get('check')),
    monitor && String(monitor.timeout * 1000),
  )
  const http = monitor && /^HTTPS?$/.test(monitor.type) ? monitor : undefined
  const request = checkLine(backend, 'option httpchk')
  say(
    'option httpchk',
    request,
    http && `${http.httpMethod ?? 'GET'} ${http.urlPath ?? '/'}`,
    // The version and the host behind it are no part of what the API's answer is read for.
    (actual, wanted) => actual.split(' ').slice(0, 2).join(' ') === wanted,
  )
  say(
    'http-check expect',
    checkLine(backend, 'http-check expect rstatus'),
    http && (http.expectedCodes ?? '200'),
    (actual, wanted) => String(codesOf(actual)) === String(codesOf(wanted)),
  )
  say(
    'option external-check',
    checkLine(backend, 'option external-check'),
    monitor?.type === 'PING' ? 'option external-check' : undefined,
  )
}

/** What stands behind a check's keywords, or the keywords where nothing does. */
function checkLine({ checks }: HaproxyBackend, keywords: string): Located<string> | undefined {
  const found = checks.find(({ value }) => value === keywords || value.startsWith(`${keywords} `))
  return found && { value: found.value.slice(keywords.length + 1) || keywords, line: found.line }
}

/** `200`, `200,202`, `200-204` of the API, and `200|202` of haproxy: the codes in order. */
function codesOf(text: string): string[] {
  return text
    .split(/[,|]\s*/)
    .flatMap((part) => {
      const [from, to] = part.trim().split('-').map(Number)
      if (from === undefined || to === undefined || to - from > 599 || !(to >= from))
        return [part.trim()]
      return Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
    })
    .sort()
}

function compareMembers(
  judgements: Judgements,
  backend: HaproxyBackend,
  path: string,
  pool: PoolDetail,
  listener: Listener,
): void {
  const servers = new Map(backend.servers.map((server) => [server.name, server]))
  for (const member of pool.members) {
    const server = servers.get(member.id)
    servers.delete(member.id)
    judgements.about(member)
    const subject = memberSubject(member)
    if (server)
      compareMember(judgements, server, `${path}.server ${member.id}`, member, pool, listener)
    // Up to Stein a disabled member is left out.
    else if (member.adminStateUp)
      judgements.differ({
        path: `${path}.server ${member.id}`,
        wanted: placeOf(member),
        why: 'memberNotServed',
        subject,
        near: backend.line,
      })
  }
  judgements.about(pool)
  for (const server of servers.values()) {
    judgements.differ({
      path: `${path}.server ${server.name}`,
      actual: { value: placeOf(server), line: server.line },
      why: 'notInApi',
      subject: { kind: 'member', id: server.name },
    })
  }
}

const memberSubject = ({ id, name }: Member): Subject => ({
  kind: 'member',
  id,
  ...(name && { name }),
})

const placeOf = ({ address, port }: { address: string; port?: number }): string =>
  `${address}:${String(port ?? '')}`

const sameAddress = (one: string, other: string): boolean =>
  canonicalAddress(one) === canonicalAddress(other)

/** `address:port`, the address in whatever spelling. */
function samePlace(one: string, other: string): boolean {
  const [left, right] = [readPlace(one), readPlace(other)]
  return left.port === right.port && sameAddress(left.address, right.address)
}

function compareMember(
  judgements: Judgements,
  server: HaproxyServer,
  path: string,
  member: Member,
  pool: PoolDetail,
  listener: Listener,
): void {
  const { line } = server
  const subject = memberSubject(member)
  const say = (
    name: string,
    actual: string | number | undefined,
    wanted: string | number | undefined,
    why = 'memberSetting',
    equal?: (actual: string, wanted: string) => boolean,
  ) =>
    judgements.equal(
      {
        path: `${path}.${name}`,
        actual: actual === undefined ? undefined : { value: String(actual), line },
        wanted: wanted === undefined ? undefined : String(wanted),
        why,
        subject,
        near: line,
      },
      equal,
    )
  const flag = (name: string, actual: boolean, wanted: boolean, why?: string) =>
    say(name, actual ? name : undefined, wanted ? name : undefined, why)

  say('address', placeOf(server), placeOf(member), 'memberSetting', samePlace)
  say('weight', server.weight, member.weight, 'weight')
  flag('backup', server.backup, member.backup)
  flag('disabled', server.disabled, !member.adminStateUp, 'adminState')
  compareProxyProtocol(
    (name, actual, wanted) => say(name, actual, wanted, 'proxyProtocol'),
    server,
    pool,
    listener,
  )
  compareMemberTls(
    (name, actual, wanted) => say(name, actual, wanted, 'memberTls'),
    (name, wanted) => {
      const missing = { path: `${path}.${name}`, wanted, why: 'haproxyVersion', subject }
      judgements.expect({ ...missing, near: line })
    },
    server,
    pool,
  )
  const monitor = enabledMonitor(pool)
  flag('check', server.check, monitor !== undefined, 'monitor')
  if (!server.check || !monitor) return
  say('inter', server.interval, monitor.delay * 1000, 'monitor')
  say('fall', server.fall, monitor.maxRetriesDown, 'monitor')
  say('rise', server.rise, monitor.maxRetries, 'monitor')
  say('addr', server.checkAddress, member.monitorAddress, 'monitor', sameAddress)
  say('port', server.checkPort, member.monitorPort, 'monitor')
  // TLS-HELLO has its own line up to 2023.2.
  if (monitor.type !== 'TLS-HELLO')
    flag('check-ssl', server.checkTls, monitor.type === 'HTTPS', 'monitor')
}
