import type { Listener, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import type { HaproxyBackend, HaproxyConfig, HaproxyFrontend } from '../config/haproxy'
import { readPlace } from '../config/haproxyServer'
import type { Located } from '../config/located'
import { canonicalAddress } from '../ip'
import type { Compared } from './compared'
import type { Subject } from './entries'
import { isInternal } from './haproxyEntries'
import { compareBackend } from './haproxyApiPool'
import { compareLimit, texted, type PoolDetail } from './connectionLimit'
import { compareLayer7, type Layer7 } from './haproxyApiLayer7'
import { Judgements } from './judgements'
import { LVS_PROTOCOLS } from './lvsApi'
import { compareHsts, compareTls } from './listenerExtras'

const HTTP_PROTOCOLS: ReadonlySet<string> = new Set(['HTTP', 'TERMINATED_HTTPS', 'PROMETHEUS'])

type Detail = LoadBalancerDetail

/**
 * Compares haproxy.cfg with what the API says the load balancer is: every listener, pool, member and monitor by its id.
 * What the API has disabled is absent by design; what is being changed now (PENDING) differs for a while. A limit of -1 is
 * a default that only the controller's configuration knows. Up to Stein give the files of all listeners one behind the other.
 *
 * @param layer7 policies and rules, where they were read; without them only their number is judged
 */
export function compareHaproxyApi(
  config: HaproxyConfig,
  detail: Detail,
  layer7?: Layer7,
): Compared {
  const judgements = new Judgements()
  const { loadBalancer } = detail
  if (config.loadBalancerId && config.loadBalancerId.value !== loadBalancer.id) {
    judgements.differ({
      path: 'loadbalancer',
      actual: config.loadBalancerId,
      wanted: loadBalancer.id,
      why: 'otherLoadBalancer',
      subject: { kind: 'loadBalancer', id: loadBalancer.id },
    })
  }
  const frontends = new Map(config.frontends.map((frontend) => [frontend.name, frontend]))
  const backends = backendsByPlace(config)
  const pools = new Map(detail.pools.map((pool) => [pool.id, pool]))
  const poolsOf = poolsByListener(detail)
  const policiesOf = layer7 && policiesByListener(layer7)
  const served = new Set<string>()
  const carried = new Set<string>()

  for (const listener of detail.listeners) {
    if (LVS_PROTOCOLS.has(listener.protocol)) continue
    const frontend = frontends.get(listener.id)
    frontends.delete(listener.id)
    judgements.about(listener)
    if (!frontend) {
      if (isServed(listener, detail)) missing(judgements, listener)
      continue
    }
    if (!isServed(listener, detail)) {
      disabledButServed(judgements, frontend)
      continue
    }
    compareFrontend(judgements, frontend, listener, detail, pools)
    const policies = policiesOf && (policiesOf.get(listener.id) ?? [])
    compareLayer7(judgements, frontend, listener, policies, pools)
    served.add(listener.id)
    for (const pool of poolsOf.get(listener.id) ?? []) {
      const place = `${pool.id}:${listener.id}`
      carried.add(place)
      compareBackend(judgements, backends.get(place), pool, listener)
    }
  }
  for (const frontend of frontends.values()) {
    if (isInternal(frontend.name)) continue
    judgements.about(loadBalancer)
    unknownProxy(judgements, `frontend ${frontend.name}`, frontend.line, {
      kind: 'listener',
      id: frontend.name,
    })
  }
  for (const [place, backend] of backends) {
    if (carried.has(place) || isInternal(backend.name)) continue
    const frontend = place.split(':')[1] ?? ''
    // A listener that is not known was told already; its pools say nothing new.
    if (!served.has(frontend)) continue
    judgements.about(pools.get(backend.poolId) ?? loadBalancer)
    unknownProxy(judgements, `backend ${backend.name}`, backend.line, {
      kind: 'pool',
      id: backend.poolId,
    })
  }
  return judgements.result()
}

/** The pools that each listener uses: its own, and those its L7 policies send to. */
function poolsByListener({ listeners, pools }: Detail): Map<string, PoolDetail[]> {
  const byListener = new Map<string, Set<PoolDetail>>()
  const use = (listenerId: string, pool: PoolDetail) => {
    const used = byListener.get(listenerId)
    if (used) used.add(pool)
    else byListener.set(listenerId, new Set([pool]))
  }
  const byId = new Map(pools.map((pool) => [pool.id, pool]))
  for (const { id, defaultPoolId } of listeners) {
    const pool = defaultPoolId === undefined ? undefined : byId.get(defaultPoolId)
    if (pool) use(id, pool)
  }
  for (const pool of pools) for (const id of pool.listenerIds) use(id, pool)
  return new Map(Array.from(byListener, ([id, used]) => [id, [...used]]))
}

function policiesByListener(policies: Layer7): Map<string, Layer7[number][]> {
  const byListener = new Map<string, Layer7[number][]>()
  for (const policy of policies) {
    const known = byListener.get(policy.listenerId)
    if (known) known.push(policy)
    else byListener.set(policy.listenerId, [policy])
  }
  return byListener
}

/** Each backend by `pool:listener`; up to Stein the listener is that of the frontend above it. */
function backendsByPlace(config: HaproxyConfig): Map<string, HaproxyBackend> {
  const places = new Map<string, HaproxyBackend>()
  const frontends = [...config.frontends].sort((a, b) => a.line - b.line)
  let next = 0
  for (const backend of config.backends) {
    while ((frontends[next]?.line ?? Infinity) < backend.line) next += 1
    const listener = backend.listenerId ?? frontends[next - 1]?.name ?? ''
    places.set(`${backend.poolId}:${listener}`, backend)
  }
  return places
}

/** Whether Octavia renders the listener at all. */
const isServed = (listener: Listener, { loadBalancer }: Detail): boolean =>
  listener.adminStateUp && loadBalancer.adminStateUp

const listenerSubject = ({ id, name }: Pick<Listener, 'id' | 'name'>): Subject => ({
  kind: 'listener',
  id,
  ...(name && { name }),
})

function missing(judgements: Judgements, listener: Listener): void {
  judgements.differ({
    path: `frontend ${listener.id}`,
    wanted: `${listener.protocol} ${String(listener.port)}`,
    why: 'listenerNotServed',
    subject: listenerSubject(listener),
  })
}

function disabledButServed(judgements: Judgements, frontend: HaproxyFrontend): void {
  judgements.differ({
    path: `frontend ${frontend.name}`,
    actual: { value: `frontend ${frontend.name}`, line: frontend.line },
    why: 'disabledButServed',
    subject: { kind: 'listener', id: frontend.name },
  })
}

function unknownProxy(judgements: Judgements, path: string, line: number, subject: Subject): void {
  judgements.differ({ path, actual: { value: path, line }, why: 'notInApi', subject })
}

function compareFrontend(
  judgements: Judgements,
  frontend: HaproxyFrontend,
  listener: Listener,
  { loadBalancer }: Detail,
  pools: ReadonlyMap<string, PoolDetail>,
): void {
  const path = `frontend ${listener.id}`
  const subject = listenerSubject(listener)
  const say = (name: string, actual: Located<string> | undefined, wanted: string | undefined) =>
    judgements.equal({ path: `${path}.${name}`, actual, wanted, why: 'listenerSetting', subject })

  compareTls(judgements, frontend.binds, listener, subject)
  compareHsts(judgements, frontend, listener, subject)
  compareBinds(judgements, frontend, listener, [
    loadBalancer.vipAddress,
    ...loadBalancer.additionalVips.map(({ address }) => address),
  ])
  say('mode', frontend.mode, HTTP_PROTOCOLS.has(listener.protocol) ? 'http' : 'tcp')
  compareLimit(judgements, `${path}.maxconn`, frontend.maxconn, listener)

  const usual = listener.defaultPoolId === undefined ? undefined : pools.get(listener.defaultPoolId)
  if (listener.protocol !== 'PROMETHEUS' && (usual || listener.defaultPoolId === undefined)) {
    const actual = frontend.defaultBackend && {
      value: frontend.defaultBackend.value.split(':')[0] ?? '',
      line: frontend.defaultBackend.line,
    }
    say('default_backend', actual, usual?.adminStateUp ? usual.id : undefined)
  }
  if (listener.timeoutClientData !== undefined) {
    say(
      'timeout client',
      texted(frontend.timeouts.get('client')),
      String(listener.timeoutClientData),
    )
  }
}

/** One `bind` for the VIP and for each additional one, all with the listener's port. */
function compareBinds(
  judgements: Judgements,
  { binds, line }: HaproxyFrontend,
  listener: Listener,
  addresses: readonly string[],
): void {
  judgements.sets({
    path: `frontend ${listener.id}.bind`,
    actual: binds.map((bind) => ({
      value: `${bind.address}:${String(bind.port ?? '')}`,
      line: bind.line,
    })),
    wanted: addresses.map((address) => `${address}:${String(listener.port)}`),
    why: 'bind',
    subject: listenerSubject(listener),
    near: line,
    keyOf: canonicalBind,
  })
}

/** An address in one spelling, with its port. */
function canonicalBind(place: string): string {
  const { address, port = '' } = readPlace(place)
  return `${canonicalAddress(address)}:${String(port)}`
}
