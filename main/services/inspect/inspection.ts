import { AppError, type Reason } from '../../../preload/contract/error'
import type {
  AmphoraFacts,
  HaproxyFacts,
  InspectionPart,
  VrrpPacket,
} from '../../../preload/contract/inspect'
import type { Amphora } from '../../../preload/contract/loadBalancer'
import { delay } from '../../base/delay'
import { Lanes } from '../../base/lanes'
import type { AmphoraHosts } from '../amphoraHosts'
import type { EvidenceStore } from '../evidence'
import { Ask } from '../pairs/ask'
import type { PairSource } from '../pairs/source'
import { measureClock } from './clock'
import { readAgent } from './readAgent'
import { Reader } from './reader'
import { readFiles } from './readFiles'
import { HaproxyReader } from './readHaproxy'
import { readNamespace } from './readNamespace'
import { readServices } from './readServices'
import { readSystem } from './readSystem'
import { unreadFacts } from './unreadFacts'
import { captureVrrp } from './vrrpCapture'

/** Commands that run on one amphora at a time, whoever asks. */
const LANES = 5
/** Records of a live view that are kept; what the older ones prove is off the screen. */
const LIVE_RECORDS = 20
/** Pause after a live reading that failed, in milliseconds. */
const PAUSE_MS = 5000

export interface InspectionServices {
  hosts: AmphoraHosts
  evidence: EvidenceStore
  /** Where the amphorae are. */
  source: Pick<PairSource, 'amphorae'>
}

/** Looks into amphorae over SSH. Holds no facts: every reading is new. */
export class Inspection {
  private readonly shared = new Map<string, { lanes: Lanes; users: number }>()

  constructor(private readonly services: InspectionServices) {}

  /**
   * Reads parts of an amphora. What cannot be read is unknown, with its reason; without SSH that is everything.
   * Parts that were not asked for are `notYet`. The part `agent` waits for heartbeats, up to 25 seconds.
   * @throws AppError `amphora.gone`, `cancelled`, and what the API throws
   */
  async read(
    cloud: string,
    loadBalancerId: string,
    amphoraId: string,
    parts: readonly InspectionPart[],
    signal: AbortSignal,
  ): Promise<AmphoraFacts> {
    const startedAt = Date.now()
    const amphora = await this.find(cloud, loadBalancerId, amphoraId, signal)
    try {
      return await this.withReader(cloud, amphora, signal, (reader) =>
        readParts(reader, amphoraId, parts, startedAt),
      )
    } catch (error) {
      return unreadFacts(amphoraId, parts, reasonOf(error, signal), startedAt)
    }
  }

  /** `show info` and `show stat` over and over, until the signal is aborted. @throws AppError as `read` */
  async *follow(
    cloud: string,
    loadBalancerId: string,
    amphoraId: string,
    intervalMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ at: number; haproxy: HaproxyFacts }, void> {
    const amphora = await this.find(cloud, loadBalancerId, amphoraId, signal)
    const records: string[] = []
    while (!signal.aborted) {
      const startedAt = Date.now()
      const haproxy = await this.readLive(cloud, amphora, signal)
      yield { at: Date.now(), haproxy }
      const { evidence } = haproxy.stat
      if (evidence !== undefined) records.push(evidence)
      if (records.length > LIVE_RECORDS) this.services.evidence.drop(records.shift() ?? '')
      const pause = 'value' in haproxy.stat ? intervalMs : Math.max(intervalMs, PAUSE_MS)
      // The end of the signal is the end of the loop, and no failure.
      await delay(Math.max(0, startedAt + pause - Date.now()), signal).catch(() => undefined)
    }
  }

  /** VRRP on the VIP interface, for ten minutes at most. @throws AppError `ssh.*`, `amphora.noNamespace`, `amphora.gone` */
  async *vrrp(
    cloud: string,
    loadBalancerId: string,
    amphoraId: string,
    signal: AbortSignal,
  ): AsyncGenerator<{ packets: readonly VrrpPacket[]; evidence: string }, void> {
    const amphora = await this.find(cloud, loadBalancerId, amphoraId, signal)
    const ask = await this.connect(cloud, amphora, signal)
    const reader = new Reader(ask, new Lanes(1), signal)
    await measureClock(reader)
    yield* captureVrrp(reader, amphora)
  }

  private async readLive(
    cloud: string,
    amphora: Amphora,
    signal: AbortSignal,
  ): Promise<HaproxyFacts> {
    try {
      return await this.withReader(cloud, amphora, signal, (reader) =>
        new HaproxyReader(reader).read('live'),
      )
    } catch (error) {
      return unreadFacts(amphora.id, ['haproxy'], reasonOf(error, signal), Date.now()).haproxy
    }
  }

  private async find(
    cloud: string,
    loadBalancerId: string,
    amphoraId: string,
    signal: AbortSignal,
  ): Promise<Amphora> {
    const list = await this.services.source.amphorae(cloud, loadBalancerId, signal)
    const found = list.find(({ id }) => id === amphoraId)
    if (!found) throw AppError.because('amphora.gone', amphoraId, { values: { id: amphoraId } })
    return found
  }

  private async connect(cloud: string, amphora: Amphora, signal: AbortSignal): Promise<Ask> {
    const { id: amphoraId, managementAddress } = amphora
    if (managementAddress === undefined) throw AppError.because('ssh.noAddress', amphoraId)
    const { hosts, evidence } = this.services
    const host = await hosts.connect(cloud, { amphoraId, managementAddress }, signal)
    return new Ask(host, amphoraId, evidence)
  }

  /** All who read an amphora share its lanes. */
  private async withReader<T>(
    cloud: string,
    amphora: Amphora,
    signal: AbortSignal,
    task: (reader: Reader) => Promise<T>,
  ): Promise<T> {
    const key = `${cloud}\n${amphora.id}`
    const shared = this.shared.get(key) ?? { lanes: new Lanes(LANES), users: 0 }
    this.shared.set(key, shared)
    shared.users += 1
    try {
      const ask = await this.connect(cloud, amphora, signal)
      return await task(new Reader(ask, shared.lanes, signal))
    } finally {
      shared.users -= 1
      if (shared.users === 0) this.shared.delete(key)
    }
  }
}

/** Why nothing could be read. Rethrows what is no answer: the caller has gone, or it is a bug. */
function reasonOf(error: unknown, signal: AbortSignal): Reason {
  const { code, reason } = AppError.from(error)
  if (signal.aborted || code === 'cancelled' || !reason) throw error
  return reason
}

async function readParts(
  reader: Reader,
  amphoraId: string,
  parts: readonly InspectionPart[],
  startedAt: number,
): Promise<AmphoraFacts> {
  const clock = await measureClock(reader)
  const nothing = unreadFacts(amphoraId, [], 'notYet', startedAt)
  const asked = <T>(part: InspectionPart, read: () => Promise<T>, otherwise: T): Promise<T> =>
    parts.includes(part) ? read() : Promise.resolve(otherwise)
  const [namespace, services, files, haproxy, agent, system] = await Promise.all([
    asked('namespace', () => readNamespace(reader), nothing.namespace),
    asked('services', () => readServices(reader), nothing.services),
    asked('files', () => readFiles(reader), { files: nothing.files, unreadFiles: [] }),
    asked('haproxy', () => new HaproxyReader(reader).read('all'), nothing.haproxy),
    asked('agent', () => readAgent(reader), nothing.agent),
    asked('system', () => readSystem(reader), nothing.system),
  ])
  return {
    ...{ amphoraId, startedAt, endedAt: Date.now(), clock, namespace, services },
    ...{ ...files, haproxy, agent, system },
  }
}
