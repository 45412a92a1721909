import { AppError } from '../../../preload/contract/error'
import { INSPECTION_PARTS, type AmphoraFacts } from '../../../preload/contract/inspect'
import type { Amphora } from '../../../preload/contract/loadBalancer'
import type { Pair } from '../../../preload/contract/pair'
import { valueOf } from '../../domain/fact'
import type { LoadBalancerFacts } from '../../domain/findings/facts'
import { Amphorae } from '../amphorae'
import type { AmphoraHosts } from '../amphoraHosts'
import type { CloudApi } from '../cloudApi'
import { Comparisons } from '../compare/comparisons'
import { readLayer7 } from '../compare/layer7'
import { attempt } from '../diagnosis/answers'
import { ApiLooks } from '../diagnosis/apiLooks'
import type { EvidenceStore } from '../evidence'
import { Inspection } from '../inspect/inspection'
import { LoadBalancers } from '../loadBalancers'
import { composePair, vipsOf } from '../pairs/composePair'
import { OctaviaPairSource } from '../pairs/source'
import { ComputeChecks } from '../surroundings/computeChecks'
import { NetworkChecks } from '../surroundings/networkChecks'
import { readSide, type SideReading } from './sideReading'

/** Where a dossier is read: in a cloud, or in what was captured of one. */
export interface DossierPorts {
  api: CloudApi
  hosts: AmphoraHosts
  evidence: EvidenceStore
  /** Our clock; that of the capture where it is read again. */
  now: () => number
  /** Milliseconds between two looks at keepalived's counters. */
  betweenLooksMs?: number
}

/** All that can be read of one load balancer at one time. What could not be read is unknown in it, with its reason. */
export interface Dossier {
  facts: LoadBalancerFacts
  pair: Pair
  /** What was read of each amphora that is there. */
  sides: readonly DossierSide[]
}

/** One amphora of a dossier. */
interface DossierSide extends SideReading {
  /** Absent where it could not be inspected. */
  inspected?: AmphoraFacts
}

/**
 * Reads everything of one load balancer once: what the APIs tell of it and of what is around it, and of each amphora its
 * present state, its log, and an inspection. The same reading over what was captured gives the same dossier again.
 *
 * @throws AppError only `cancelled`, and bugs of ours
 */
export async function readDossier(
  ports: DossierPorts,
  { cloud, loadBalancerId, ssh }: { cloud: string; loadBalancerId: string; ssh: boolean },
  signal: AbortSignal,
): Promise<Dossier> {
  const { api, hosts, evidence, now } = ports
  const loadBalancers = new LoadBalancers(api)
  const amphorae = new Amphorae(api)
  const source = new OctaviaPairSource(api, amphorae)
  const inspection = new Inspection({ hosts, evidence, source })
  const looks = new ApiLooks(
    { loadBalancers, amphorae, network: new NetworkChecks(api), compute: new ComputeChecks(api) },
    { cloud, loadBalancerId },
  )
  await looks.read(signal)
  const surroundings = looks.readSurroundings(signal)

  const loadBalancer = valueOf(looks.detail)?.loadBalancer
  const vips = loadBalancer ? vipsOf(loadBalancer) : []
  const present = (valueOf(looks.amphorae) ?? []).filter(({ status }) => status !== 'DELETED')
  const subject = { cloud, loadBalancerId, vips }
  const readOne = async (amphora: Amphora): Promise<DossierSide> => {
    const reading = await readSide(ports, subject, amphora, signal)
    if (reading.side.connection.state !== 'live') return reading
    const read = inspection.read(cloud, loadBalancerId, amphora.id, INSPECTION_PARTS, signal)
    const inspected = await attempt(signal, read)
    return inspected ? { ...reading, inspected } : reading
  }
  const sides = ssh ? await Promise.all(present.map(readOne)) : []
  await surroundings

  const inspections = new Map(
    sides.flatMap(({ amphora, inspected }) => (inspected ? [[amphora.id, inspected]] : [])),
  )
  const comparisons = await compare({ ...ports, loadBalancers, amphorae, inspection }, cloud, {
    read: { detail: looks.detail, amphorae: looks.amphorae, inspections },
    signal,
  })
  const at = now()
  const pair = composePair({ loadBalancerId, vips }, sides, at)
  const bySide = new Map(sides.map((reading) => [reading.amphora.id, reading]))
  return {
    pair,
    sides,
    facts: {
      ...{ loadBalancerId, now: at, detail: looks.detail, amphorae: looks.amphorae },
      ...{ network: looks.network, compute: looks.compute },
      sides: pair.sides.flatMap((live) => {
        const reading = bySide.get(live.amphoraId)
        if (!reading) return []
        const { lines, counters, inspected } = reading
        const inspection = inspected && { inspection: inspected }
        return [{ amphoraId: live.amphoraId, live, lines, counters, ...inspection }]
      }),
      ownership: pair.ownership,
      ...(comparisons && { comparisons }),
    },
  }
}

/** What the console saw before is its own to tell; it is no part of what is there now. */
const NOTHING_SEEN = { look: () => Promise.resolve(new Map()) }

async function compare(
  services: { api: CloudApi } & Pick<
    ConstructorParameters<typeof Comparisons>[0],
    'loadBalancers' | 'amphorae' | 'inspection'
  >,
  cloud: string,
  what: { read: Parameters<Comparisons['of']>[1]; signal: AbortSignal },
): Promise<LoadBalancerFacts['comparisons']> {
  const { api, loadBalancers, amphorae, inspection } = services
  const { read, signal } = what
  if (!read.inspections.size) return undefined
  const comparisons = new Comparisons({
    ...{ loadBalancers, amphorae, inspection, seen: NOTHING_SEEN },
    layer7: (name, detail, aborted) => readLayer7(api, name, detail, aborted),
    report: (error) => {
      throw AppError.from(error)
    },
  })
  return attempt(signal, comparisons.of(cloud, read, signal))
}
