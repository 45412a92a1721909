import type { ProbeSample } from '../../../preload/contract/pair'
import { groupBy } from '../../base/groupBy'
import { canonicalAddress } from '../ip'
import { parseKeepalived } from '../config/keepalived'
import { classify } from '../keepalived/classify'
import type { Content, LogEntry, Place, Recognised } from './evidence'
import { findHosts, loadBalancerOf, type Host, type Whose } from './hosts'
import { mergeSources } from './merge'

/** A moment at which somebody saw who holds the VIP: an answer of a kernel, or an advert on the wire. */
export interface Seen {
  at: number
  hostId: string
  owns: boolean
  place: Place
}

/** One amphora of a scene, and all that is known of it. */
export interface Actor {
  id: string
  /** Absent for a neighbour that others speak of, and that no file is about. */
  host?: Host
  /** Its log, merged out of all its sources, in order of time. */
  entries: readonly LogEntry[]
  /** Files about it that are no logs. */
  files: readonly Recognised[]
}

/** One load balancer and everything that the evidence holds about it. */
export interface Scene {
  loadBalancerId: string
  /** The first is the one that names it; empty where nothing tells them. */
  vips: readonly string[]
  actors: readonly Actor[]
  probes: readonly ProbeSample[]
  seen: readonly Seen[]
  /** From the first to the last moment that anything tells of. */
  from: number
  until: number
}

/** Stands for a load balancer that no file names. */
const UNNAMED = 'unknown'
/** Adverts leave every second: so long after the first, whoever sends has been seen. */
const FIRST_ADVERTS_MS = 1500
const DAY_MS = 86_400_000

/** Puts the files together, load balancer by load balancer. */
export function scenesOf(files: readonly Recognised[]): {
  hosts: readonly Host[]
  scenes: Scene[]
} {
  const whose = findHosts(files)
  const byLoadBalancer = groupBy(whose.hosts, (host) => loadBalancerIdOf(host, whose.hosts))
  const known = [...byLoadBalancer.keys()]
  const scenes = Array.from(byLoadBalancer, ([id, hosts]) => {
    const ours = files.filter((file) => belongs(file, hosts, known.length === 1))
    return sceneOf(id, hosts, ours, whose)
  })
  return {
    hosts: whose.hosts.map((host) => ({
      ...host,
      loadBalancerId: loadBalancerIdOf(host, whose.hosts),
    })),
    scenes: scenes.sort((one, other) => (one.loadBalancerId < other.loadBalancerId ? -1 : 1)),
  }
}

/** A machine that does not say whom it serves serves the only load balancer of the evidence, or of its folder. */
function loadBalancerIdOf(host: Host, hosts: readonly Host[]): string {
  if (host.loadBalancerId !== undefined) return host.loadBalancerId
  const folders = new Set(host.files.map(folderOf))
  const near = hosts.filter(({ files }) => files.some((file) => folders.has(folderOf(file))))
  for (const group of [near, hosts]) {
    const told = new Set(group.flatMap(({ loadBalancerId }) => loadBalancerId ?? []))
    const [only] = told
    if (only !== undefined && told.size === 1) return only
  }
  return UNNAMED
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/** A file about several machines, or about none, belongs to whoever has files beside it. */
function belongs({ path }: Recognised, hosts: readonly Host[], isOnly: boolean): boolean {
  if (isOnly || hosts.some(({ files }) => files.includes(path))) return true
  return hosts.some(({ files }) => files.some((file) => folderOf(file).startsWith(folderOf(path))))
}

function sceneOf(
  loadBalancerId: string,
  hosts: readonly Host[],
  files: readonly Recognised[],
  whose: Whose,
): Scene {
  const own = new Set(hosts.map(({ id }) => id))
  const actors = hosts.map((host) => actorOf(host, files, whose))
  const probes = files.flatMap(({ content }) => (content.kind === 'probe' ? content.samples : []))
  const vips = vipsOf(files)
  const adverts = advertsOf(files, hosts)
  const times = [
    ...actors.flatMap(({ entries }) => [entries[0]?.at ?? [], entries.at(-1)?.at ?? []].flat()),
    ...probes.map(({ at }) => at),
    ...adverts.map(({ at }) => at),
  ]
  const looks = sightingsOf(files, whose, vips, times).filter(({ hostId }) => own.has(hostId))
  const dated = [...times, ...looks.map(({ at }) => at)]
  // Configurations alone have no time but that of their last change.
  const changed = files.reduce((newest, file) => Math.max(newest, file.modifiedAt ?? 0), 0)
  const all = dated.length ? dated : [changed]
  const peer = actors.length === 1 ? unseenPeer(actors[0]) : []
  return {
    ...{ loadBalancerId, vips, probes },
    actors: [...actors, ...peer],
    seen: [...looks, ...adverts].sort((one, other) => one.at - other.at),
    from: all.reduce((first, at) => Math.min(first, at), Infinity),
    until: all.reduce((last, at) => Math.max(last, at), -Infinity),
  }
}

function actorOf(host: Host, files: readonly Recognised[], whose: Whose): Actor {
  const sources: LogEntry[][] = []
  const others: Recognised[] = []
  for (const file of files) {
    const { path, content } = file
    if (content.kind === 'log') {
      const told = content.entries.filter((entry) => whose.ofEntry(path, entry)?.id === host.id)
      if (told.length) sources.push(told)
    } else if (whose.ofFile(path)?.id === host.id) others.push(file)
  }
  return { id: host.id, host, entries: mergeSources(sources), files: others }
}

/** keepalived runs on pairs only: where one side speaks of VRRP, there is another one. */
function unseenPeer(actor: Actor | undefined): Actor[] {
  if (!actor) return []
  const addresses = actor.entries.flatMap(({ message }) => classify(message).peer ?? [])
  const configured = configsOf(actor.files, 'keepalived').flatMap(({ text }) =>
    parseKeepalived(text).instances.flatMap(({ unicastPeers }) =>
      unicastPeers.map(({ value }) => value),
    ),
  )
  const isPair =
    configured.length > 0 ||
    actor.entries.some(({ message }) => loadBalancerOf(classify(message).instance) !== undefined)
  const id = configured[0] ?? addresses[0] ?? `neighbour of ${actor.id}`
  return isPair ? [{ id, entries: [], files: [] }] : []
}

/** Configurations of one kind among files. */
const configsOf = (files: readonly Recognised[], kind: string) =>
  files.flatMap(({ path, modifiedAt, content }) =>
    content.kind === 'config' && content.config === kind
      ? [{ path, modifiedAt, text: content.text }]
      : [],
  )

/** From the configurations and dumps of keepalived, from adverts, and from addresses that stand alone as VIPs do. */
function vipsOf(files: readonly Recognised[]): string[] {
  const of = (content: Content): string[] => {
    switch (content.kind) {
      case 'config':
        return content.config === 'keepalived'
          ? parseKeepalived(content.text).instances.flatMap(({ addresses }) =>
              addresses.map(({ address }) => address),
            )
          : []
      case 'dump':
        return content.dump.instances.flatMap(({ vips }) => vips)
      case 'capture':
        return content.packets.flatMap(({ addresses }) => addresses)
      case 'sightings':
        return content.sightings.flatMap(({ addresses }) => addresses.flatMap(vipIn))
      case 'log':
      case 'haproxy':
      case 'addresses':
      case 'probe':
        return []
    }
  }
  const found = files.flatMap(({ content }) => of(content))
  return [...new Set(found.map((address) => canonicalAddress(address.replace(/\/\d+$/, ''))))]
}

/** keepalived puts a VIP on without a network. */
const vipIn = (address: string): string[] =>
  /\/(?:32|128)$/.test(address) && !/^(?:127\.|::1\/)/.test(address) ? [address] : []

/** Who advertised first: the others did not hold the VIP then. */
function advertsOf(files: readonly Recognised[], hosts: readonly Host[]): Seen[] {
  return files.flatMap(({ path, content }) => {
    if (content.kind !== 'capture') return []
    const [first] = content.packets
    const early = content.packets.filter(({ at }) => first && at - first.at <= FIRST_ADVERTS_MS)
    const sources = new Set(early.map(({ source }) => canonicalAddress(source)))
    const isKnown = hosts.some(({ address }) => address !== undefined && sources.has(address))
    if (!first || !isKnown) return []
    return hosts.flatMap(({ id, address }): Seen[] => {
      if (address === undefined) return []
      const text = `VRRP advert of ${[...sources].join(', ')}`
      const place = { file: path, line: 1, text }
      return [{ at: first.at, hostId: id, owns: sources.has(address), place }]
    })
  })
}

/** Addresses at marked moments: the day is the one that brings them among what else is dated. */
function sightingsOf(
  files: readonly Recognised[],
  whose: Whose,
  vips: readonly string[],
  times: readonly number[],
): Seen[] {
  const [middle] = times.toSorted((one, other) => one - other).slice(times.length >> 1)
  if (middle === undefined) return []
  return files.flatMap(({ path, content }) => {
    if (content.kind !== 'sightings') return []
    return content.sightings.flatMap(({ label, timeOfDay, addresses, place }): Seen[] => {
      const host = whose.ofLabel(path, label)
      if (!host || timeOfDay === undefined) return []
      const days = Math.round((middle - timeOfDay) / DAY_MS)
      const here = addresses.map((address) => canonicalAddress(address.replace(/\/\d+$/, '')))
      const owns = vips.some((vip) => here.includes(vip))
      return [{ at: days * DAY_MS + timeOfDay, hostId: host.id, owns, place }]
    })
  })
}
