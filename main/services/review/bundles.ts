import { IGNORED } from '../../../preload/contract/ignored'
import type { LoadBalancerFacts } from '../../domain/findings/facts'
import type { Recognised } from '../../domain/review/evidence'
import type { OpenedFile, Unopened } from '../../platform/evidenceFiles'
import { readDossier, type Dossier } from '../capture/dossier'
import { exchangeOf, MANIFEST, parseManifest, type Manifest } from '../capture/manifest'
import { Answers, ReplayingApi, ReplayingHosts } from '../capture/replaying'
import { EvidenceStore } from '../evidence'

/** Octets of records that are held until the manifest is there that tells what they are. */
const MOST_HELD = 512 * 1024 * 1024
/** Files of a bundle that only its manifest can tell of. */
const RECORD = /(?:^|\/)(?:amphora-[\w-]{1,80}\/commands|api|console)\/[^/]+$/
/** No bundle takes so long to read again, whatever is in it. */
const LONGEST_MS = 60_000

/** A capture of the console that was among the files. */
export interface FoundBundle {
  /** The path of everything in it begins so. */
  root: string
  manifest: Manifest
  answers: Answers
}

/** What a bundle shows of its load balancer, as it was when it was captured. */
export interface Snapshot extends Pick<FoundBundle, 'root' | 'manifest'> {
  facts: LoadBalancerFacts
  dossier: Dossier
  /** The records that the facts are proven by. */
  evidence: EvidenceStore
}

/** Finds bundles among files that are opened one after the other. */
export class BundleFinder {
  /** Those that were found; complete when all files have been sifted. */
  readonly found: FoundBundle[] = []
  private readonly held = new Map<string, HeldFile>()
  private size = 0

  /** The files that are no record of a bundle: its logs and configurations are files like any other. */
  async *sift(
    opened: AsyncIterable<OpenedFile | Unopened> | Iterable<OpenedFile | Unopened>,
  ): AsyncGenerator<OpenedFile | Unopened, void> {
    for await (const file of opened) {
      if ('reason' in file || !isRecord(file.path)) yield file
      else {
        const whole = await this.wholeOf(file)
        if ('octets' in whole) this.held.set(file.path, whole)
        else yield whole
      }
    }
    for (const path of [...this.held.keys()].filter(isManifest)) this.take(path)
    yield* this.held.values()
    this.held.clear()
  }

  /** A file with all its octets, as long as there is room for them. */
  private async wholeOf(file: OpenedFile): Promise<HeldFile | Unopened> {
    const { path, modifiedAt } = file
    const octets: Uint8Array[] = []
    for await (const piece of 'octets' in file ? [file.octets] : file.pieces) {
      this.size += piece.length
      if (this.size > MOST_HELD) return { file: path, reason: IGNORED.tooMuchOfBundle }
      octets.push(piece.slice())
    }
    const [only = new Uint8Array()] = octets
    return {
      path,
      octets: octets.length > 1 ? Buffer.concat(octets) : only,
      ...(modifiedAt !== undefined && { modifiedAt }),
    }
  }

  private take(path: string): void {
    const manifest = parseManifest(this.textOf(path) ?? '')
    if (!manifest) return
    const root = path.slice(0, -MANIFEST.length)
    const exchanges = manifest.records.flatMap((entry) => {
      const file = entry.kind === 'connect' ? undefined : entry.file
      const output = file === undefined ? undefined : this.textOf(root + file)
      return exchangeOf(entry, output) ?? []
    })
    this.found.push({ root, manifest, answers: new Answers(exchanges) })
    for (const name of this.held.keys())
      if (name.startsWith(root) && RECORD.test(`/${name.slice(root.length)}`))
        this.held.delete(name)
    this.held.delete(path)
  }

  private textOf(path: string): string | undefined {
    const octets = this.held.get(path)?.octets
    return octets && new TextDecoder().decode(octets)
  }
}

type HeldFile = Extract<OpenedFile, { octets: Uint8Array }>

const isRecord = (path: string): boolean => isManifest(path) || RECORD.test(path)
const isManifest = (path: string): boolean => path === MANIFEST || path.endsWith(`/${MANIFEST}`)

/**
 * Reads what a bundle holds just as it was read when it was captured. What is not in it is unknown in the facts.
 * @throws where the records lead round in circles: no bundle of the console does
 */
export async function replay({ root, manifest, answers }: FoundBundle): Promise<Snapshot> {
  const { cloud, loadBalancer, ssh, stateAt, octaviaMinor } = manifest
  const evidence = new EvidenceStore()
  const ports = {
    ...{ evidence, now: () => stateAt, betweenLooksMs: 0 },
    api: new ReplayingApi(answers, octaviaMinor),
    hosts: new ReplayingHosts(answers),
  }
  const subject = { cloud, loadBalancerId: loadBalancer.id, ssh }
  const dossier = await readDossier(ports, subject, AbortSignal.timeout(LONGEST_MS))
  return { root, manifest, evidence, dossier, facts: dossier.facts }
}

/** A log of a bundle with its times by the console's clock: how far the amphora's was ahead is known. */
export function byOurClock(file: Recognised, bundles: readonly FoundBundle[]): Recognised {
  const { path, content } = file
  const bundle = bundles.find(({ root }) => path.startsWith(root))
  if (!bundle || content.kind !== 'log') return file
  const { root, manifest } = bundle
  const { clock } =
    manifest.amphorae.find(({ id }) => path.startsWith(`${root}amphora-${id}/`)) ?? {}
  if (!clock) return file
  const entries = content.entries.map((entry) => ({ ...entry, at: entry.at - clock.offsetMs }))
  return { ...file, content: { ...content, entries } }
}
