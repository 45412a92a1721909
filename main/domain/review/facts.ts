import type { AmphoraFacts, ConfigFile } from '../../../preload/contract/inspect'
import type { LogLine, PairSide } from '../../../preload/contract/pair'
import { unknownAmphora } from '../amphora/unread'
import { mapFact, notKnown } from '../fact'
import type { LoadBalancerFacts, SideFacts } from '../findings/facts'
import { redact } from '../redact'
import { ownership } from '../vrrp/ownership'
import { comparisonsAt } from './compared'
import { answeredAt } from './answerTime'
import type { Recognised } from './evidence'
import type { Actor, Scene } from './scene'
import { servicesOf, unitOf, type Stand } from './stand'

/** Where the files of an amphora lie, as rules quote them. */
const PATHS: Partial<Record<ConfigFile['kind'], string>> = {
  keepalived: '/var/lib/octavia/vrrp/octavia-keepalived.conf',
  haproxy: '/var/lib/octavia/haproxy.cfg',
  agent: '/etc/octavia/amphora-agent.conf',
  lvs: '/var/lib/octavia/lvs/octavia-keepalivedlvs.conf',
}
/** Rules look back no further; more lines only cost time. */
const LINES = 1000
const MISSING = notKnown('notCaptured')
/** Stands for a VIP that no file names. */
export const NAMELESS = '?'

/** Files that count from one moment on, made once: rules remember what they have read of a file. */
export interface Shelf {
  at: number
  path: string
  file?: ConfigFile
  recognised: Recognised
}

/** What files say of an amphora from when on: their last change, or the end where that is later or not known. */
export function shelvesOf({ files, entries }: Actor, until: number): Shelf[] {
  return files.map((recognised) => {
    const { path, modifiedAt = until, content } = recognised
    const changedAt = Math.min(modifiedAt, until)
    const stat = content.kind === 'haproxy' ? content.stat : undefined
    const at = stat ? answeredAt(stat, entries, changedAt) : changedAt
    if (content.kind !== 'config') return { at, path, recognised }
    const { config: kind, text } = content
    const clean = redact(text)
    const file = {
      ...{ kind, path: PATHS[kind] ?? path, text: clean.text, digest: path },
      redacted: clean.found,
    }
    return { at, path, recognised, file }
  })
}

/** One side at a moment. */
export interface SideAt {
  actor: Actor
  stand: Stand
  lines: readonly LogLine[]
  shelves: readonly Shelf[]
}

/** All that is known of a load balancer at a moment; what no file tells is not known. */
export function factsAt(
  scene: Scene,
  sides: readonly SideAt[],
  service: LoadBalancerFacts['service'],
  now: number,
): LoadBalancerFacts {
  const comparisons = comparisonsAt(sides, now)
  return {
    loadBalancerId: scene.loadBalancerId,
    now,
    detail: MISSING,
    amphorae: MISSING,
    sides: sides.map((side) => sideFacts(scene, side, now)),
    ownership: ownership(sides.map(standing)),
    ...(service && { service }),
    ...(comparisons && { comparisons }),
    network: {
      ...{ vipPort: MISSING, vrrpPorts: {}, securityGroups: MISSING },
      ...{ orphans: MISSING, freeAddresses: MISSING },
    },
    compute: { servers: {}, groupPolicies: MISSING, strays: MISSING },
  }
}

/** Since when a side holds the VIP or not is since the line that says so. */
function standing({ actor, stand: { owns } }: SideAt) {
  const amphoraId = actor.id
  return 'value' in owns ? { amphoraId, owns: owns.value, since: owns.at } : { amphoraId }
}

function sideFacts({ vips }: Scene, side: SideAt, now: number): SideFacts {
  const { actor, stand, lines } = side
  const amphoraId = actor.id
  const isTold = actor.entries.length > 0
  const live: PairSide = {
    ...{ amphoraId, clock: MISSING, effectivePriority: MISSING, adverts: MISSING },
    connection: { state: 'live', since: now },
    vips: mapFact(stand.owns, (owns) => (owns ? heldBy(vips) : [])),
    ...vrrpOf(side, now),
    keepalived: unitOf(stand, 'keepalived'),
    haproxy: unitOf(stand, 'haproxy'),
  }
  return {
    amphoraId,
    live,
    inspection: inspectionOf(side, now),
    lines: isTold ? { value: lines.slice(-LINES), at: now } : MISSING,
    counters: MISSING,
  }
}

/** By the log, or by a dump that is newer than its last word on it. */
function vrrpOf(
  { stand, shelves }: SideAt,
  now: number,
): Pick<PairSide, 'vrrp' | 'lastTransition'> {
  const told = { vrrp: stand.vrrp, lastTransition: stand.transition }
  return shelves.reduce((known, { at, path, recognised: { content } }) => {
    const isNewer = at <= now && at >= (known.vrrp.at ?? -Infinity)
    const [instance] = content.kind === 'dump' && isNewer ? content.dump.instances : []
    if (!instance?.state) return known
    const { state, lastTransition = at } = instance
    return {
      vrrp: { value: state, at, evidence: path },
      lastTransition: { value: lastTransition, at, evidence: path },
    }
  }, told)
}

/** keepalived puts all VIPs on and takes all off together. */
const heldBy = (vips: readonly string[]): readonly string[] => (vips.length ? vips : [NAMELESS])

function inspectionOf({ actor, stand, shelves }: SideAt, now: number): AmphoraFacts {
  const nothing = unknownAmphora(actor.id, () => 'notCaptured', now, now)
  const here = shelves.filter(({ at }) => at <= now)
  const files = here.flatMap(({ file }) => file ?? [])
  const facts: AmphoraFacts = {
    ...nothing,
    services: servicesOf(stand),
    servicesAreTold: true,
    haproxy: { ...nothing.haproxy, stat: stand.rows },
    ...(files.length && { files: { value: files, at: now } }),
  }
  return here.reduce(withContent, facts)
}

/** What a file that is no configuration adds. */
function withContent(facts: AmphoraFacts, { at, path, recognised }: Shelf): AmphoraFacts {
  const { content } = recognised
  const fact = <T>(value: T) => ({ value, at, evidence: path })
  if (content.kind === 'addresses') {
    return { ...facts, namespace: { ...facts.namespace, interfaces: fact(content.interfaces) } }
  }
  if (content.kind !== 'haproxy') return facts
  const { info, stat } = content
  const isNewer = stat && at >= (facts.haproxy.stat.at ?? -Infinity)
  return {
    ...facts,
    haproxy: {
      ...facts.haproxy,
      ...(info && { info: fact(info) }),
      ...(isNewer && { stat: fact(stat) }),
    },
  }
}
