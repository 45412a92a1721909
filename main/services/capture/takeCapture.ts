import type { CaptureOrder, CapturePart, Unread } from '../../../preload/contract/capture'
import { AppError } from '../../../preload/contract/error'
import type { ConfigFile } from '../../../preload/contract/inspect'
import { valueOf } from '../../domain/fact'
import type { AmphoraHosts } from '../amphoraHosts'
import type { CloudApi } from '../cloudApi'
import type { EvidenceStore } from '../evidence'
import type { EpisodeLog } from '../monitor/episodeLog'
import { Bundle, type BundleFile } from './bundle'
import { readDossier, type Dossier } from './dossier'
import { copyLogs } from './logs'
import { Masking } from './masking'
import { RecordingApi, RecordingHosts } from './recording'

/** Where a capture reads, and who writes. */
export interface CaptureServices {
  api: CloudApi
  hosts: AmphoraHosts
  evidence: EvidenceStore
  episodes: Pick<EpisodeLog, 'read'>
  /** Of the console. */
  version: string
  /** Draws a key by which one bundle is masked: numbers from 0 to 2³²-1 out of texts. */
  maskNumbers: () => (text: string) => number
}

/** What a capture came to. */
export interface Taken {
  partial: boolean
  records: number
  octets: number
  unread: readonly Unread[]
  redacted: readonly string[]
}

type Tell = (
  part: CapturePart,
  done: { records: number; octets: number; amphoraId?: string },
) => void

/** Configurations that the review of files knows; each as a file of its own, too. */
const KINDS: ReadonlySet<ConfigFile['kind']> = new Set(['keepalived', 'haproxy', 'agent', 'lvs'])

/**
 * Reads a load balancer into a bundle: its state, then its logs. A signal that is aborted ends the reading, and what was
 * read until then is a bundle all the same.
 * @throws AppError `store.unwritable`, `cloud.notOpen`; bugs of ours
 */
export async function takeCapture(
  services: CaptureServices,
  order: CaptureOrder,
  file: BundleFile,
  signal: AbortSignal,
  tell: Tell,
): Promise<Taken> {
  const { cloud, loadBalancerId, hours, ssh } = order
  const { api, hosts, evidence, version } = services
  const startedAt = Date.now()
  const octaviaMinor = api.octaviaMinor(cloud)
  let part: CapturePart = 'state'
  const progress = () => tell(part, { records: bundle.count, octets: bundle.size })
  const masking = order.mask ? new Masking(services.maskNumbers()) : undefined
  const bundle = new Bundle(file, masking, progress)
  const ports = {
    ...{ evidence, now: Date.now },
    api: new RecordingApi(api, bundle),
    hosts: new RecordingHosts(hosts, bundle),
  }
  progress()
  const unread: Unread[] = []
  let dossier: Dossier | undefined
  let stateAt = startedAt
  try {
    dossier = await readDossier(ports, { cloud, loadBalancerId, ssh }, signal)
    stateAt = dossier.facts.now
    unread.push(...unreadOf(dossier))
    part = 'logs'
    await addFiles(bundle, dossier)
    await addEpisodes(services, order, bundle, stateAt)
    for (const { side } of dossier.sides)
      unread.push(...(await addLogs(services, { cloud, hours, dossier }, side, bundle, signal)))
  } catch (error) {
    if (!signal.aborted) throw error
    stateAt = dossier ? stateAt : Date.now()
  }
  part = 'writing'
  progress()
  const loadBalancer = dossier && valueOf(dossier.facts.detail)?.loadBalancer
  await bundle.finish({
    ...{
      version,
      cloud,
      octaviaMinor,
      startedAt,
      stateAt,
      endedAt: Date.now(),
      hours,
      ssh,
      unread,
    },
    loadBalancer: { id: loadBalancerId, ...(loadBalancer && { name: loadBalancer.name }) },
    partial: signal.aborted,
    masked: order.mask,
    amphorae: (dossier?.sides ?? []).map(({ side: { amphoraId, clock } }) => {
      const offset = valueOf(clock)
      return { id: amphoraId, ...(offset && { clock: offset }) }
    }),
  })
  const { count: records, size: octets, redacted } = bundle
  return { partial: signal.aborted, records, octets, unread, redacted }
}

/** Amphorae that were not reached, and APIs that did not answer. */
function unreadOf({ facts, sides }: Dossier): Unread[] {
  const parts = [
    ['load balancer', facts.detail],
    ['amphorae', facts.amphorae],
  ] as const
  return [
    ...parts.flatMap(([what, fact]) => ('value' in fact ? [] : [{ what, reason: fact.unknown }])),
    ...sides.flatMap(({ side: { amphoraId, connection } }) =>
      connection.state === 'live'
        ? []
        : [{ what: `amphora ${amphoraId}`, reason: connection.failure?.reason ?? 'ssh.lost' }],
    ),
  ]
}

/** What amphorae are configured by, each file by itself: for people, for other tools, and for the history of a review. */
async function addFiles(bundle: Bundle, { sides }: Dossier): Promise<void> {
  for (const { amphora, inspected } of sides) {
    for (const { kind, path, text, modifiedAt } of (inspected && valueOf(inspected.files)) ?? []) {
      if (!KINDS.has(kind)) continue
      const name = path.slice(path.lastIndexOf('/') + 1)
      await bundle.addText(`amphora-${amphora.id}/${name}`, text, modifiedAt ?? Date.now())
    }
  }
}

/** Episodes that this console saw; what it cannot read of its own is no reason to end. */
async function addEpisodes(
  { episodes }: Pick<CaptureServices, 'episodes'>,
  { cloud, loadBalancerId }: Pick<CaptureOrder, 'cloud' | 'loadBalancerId'>,
  bundle: Bundle,
  at: number,
): Promise<void> {
  const seen = await episodes.read(cloud, loadBalancerId).catch(() => [])
  if (seen.length) await bundle.addText('console/episodes.json', JSON.stringify(seen, null, 2), at)
}

async function addLogs(
  { hosts }: Pick<CaptureServices, 'hosts'>,
  { cloud, hours, dossier }: { cloud: string; hours: number; dossier: Dossier },
  { amphoraId, managementAddress, connection, clock }: Dossier['sides'][number]['side'],
  bundle: Bundle,
  signal: AbortSignal,
): Promise<Unread[]> {
  if (connection.state !== 'live' || managementAddress === undefined) return []
  const what = `logs of amphora ${amphoraId}`
  try {
    const host = await hosts.connect(cloud, { amphoraId, managementAddress }, signal)
    const amphoraNow = dossier.facts.now + (valueOf(clock)?.offsetMs ?? 0)
    const missing = await copyLogs(
      host,
      { hours, amphoraNow },
      (log, text) => bundle.addLog({ amphoraId, ...log }, text, dossier.facts.now),
      signal,
    )
    return missing.map((each) => ({ ...each, what: `${what}: ${each.what}` }))
  } catch (error) {
    const { reason } = AppError.from(error)
    if (signal.aborted || !reason || reason.startsWith('store.')) throw error
    return [{ what, reason }]
  }
}
