import type { Fact } from '../../../preload/contract/common'
import { AppError } from '../../../preload/contract/error'
import type { AmphoraFacts } from '../../../preload/contract/inspect'
import type { Amphora, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import { compareVersionsOf } from '../../domain/compare/before'
import { comparisonsOf, factOf, type ComparisonFact } from '../../domain/compare/comparisons'
import type { Layer7 } from '../../domain/compare/haproxyApiLayer7'
import type { Amphorae } from '../amphorae'
import type { Inspection } from '../inspect/inspection'
import type { LoadBalancers } from '../loadBalancers'
import type { SeenFile, SeenFiles } from './seenFiles'

export interface ComparisonServices {
  loadBalancers: Pick<LoadBalancers, 'read'>
  amphorae: Pick<Amphorae, 'list'>
  inspection: Pick<Inspection, 'read'>
  /** The L7 policies of a load balancer; undefined where they cannot be had. */
  layer7: (
    cloud: string,
    detail: LoadBalancerDetail,
    signal: AbortSignal,
  ) => Promise<Layer7 | undefined>
  seen: Pick<SeenFiles, 'look'>
  /** Takes a bug of ours: what was seen could not be remembered. */
  report: (error: unknown) => void
}

/** What is compared. */
export interface ReadForComparison {
  detail: Fact<LoadBalancerDetail>
  amphorae: Fact<readonly Amphora[]>
  /** By id of the amphora, with their files and their system; those that could not be read are absent. */
  inspections: ReadonlyMap<string, AmphoraFacts>
}

/** Files whose history is worth a line even when nothing happened. */
const ALWAYS: ReadonlySet<string> = new Set(['keepalived', 'haproxy', 'agent'])

/** Compares what amphorae are configured to do with each other, with the API, and with what they were. */
export class Comparisons {
  constructor(private readonly services: ComparisonServices) {}

  /**
   * Reads the files of every amphora of a load balancer anew, and compares. What cannot be read is unknown, with its reason.
   * @throws AppError `cancelled`, and bugs of ours
   */
  async read(
    cloud: string,
    loadBalancerId: string,
    signal: AbortSignal,
  ): Promise<ComparisonFact[]> {
    const { loadBalancers, amphorae: list } = this.services
    const [detail, amphorae] = await Promise.all([
      asFact(signal, () => loadBalancers.read(cloud, loadBalancerId, signal)),
      asFact(signal, async () => {
        const { amphorae: value, at } = await list.list(cloud, loadBalancerId, signal)
        return { value, at }
      }),
    ])
    const all: Fact<readonly Amphora[]> = 'value' in amphorae ? amphorae.value : amphorae
    const known = 'value' in all ? all.value : []
    const inspections = await this.inspect(cloud, loadBalancerId, known, signal)
    return this.of(cloud, { detail, amphorae: all, inspections }, signal)
  }

  /** Compares what somebody has read already. @throws AppError `cancelled`, and bugs of ours */
  async of(
    cloud: string,
    { detail, amphorae, inspections }: ReadForComparison,
    signal: AbortSignal,
  ): Promise<ComparisonFact[]> {
    const [layer7, ...before] = await Promise.all([
      'value' in detail ? this.layer7(cloud, detail.value, signal) : undefined,
      ...Array.from(inspections.values(), (facts) => this.changes(facts)),
    ])
    return [...comparisonsOf({ detail, layer7, amphorae, inspections }), ...before.flat()]
  }

  private async layer7(cloud: string, detail: LoadBalancerDetail, signal: AbortSignal) {
    const policies = await asFact(signal, () => this.services.layer7(cloud, detail, signal))
    return 'value' in policies ? policies.value : undefined
  }

  private async inspect(
    cloud: string,
    loadBalancerId: string,
    amphorae: readonly Amphora[],
    signal: AbortSignal,
  ): Promise<Map<string, AmphoraFacts>> {
    const allocated = amphorae.filter(({ status }) => status === 'ALLOCATED')
    const facts = await Promise.all(
      allocated.map(({ id }) =>
        asFact(signal, () =>
          this.services.inspection.read(cloud, loadBalancerId, id, ['files', 'system'], signal),
        ),
      ),
    )
    return new Map(
      facts.flatMap((fact) => ('value' in fact ? [[fact.value.amphoraId, fact.value]] : [])),
    )
  }

  /** What changed in the files of one amphora; what cannot be remembered is told, and hides nothing else. */
  private async changes({ amphoraId, files }: AmphoraFacts): Promise<ComparisonFact[]> {
    if (!('value' in files)) return [{ ...files, what: 'before', amphoraId }]
    try {
      const seen = await this.services.seen.look(amphoraId, files.value, files.at)
      return files.value.flatMap(({ path }) => {
        const file = seen.get(path)
        return file && (file.before || ALWAYS.has(file.kind))
          ? [changeOf(amphoraId, path, file, files.evidence)]
          : []
      })
    } catch (error) {
      const { reason } = AppError.from(error)
      if (!reason) this.services.report(error)
      return [{ unknown: reason ?? 'notMeasured', what: 'before', amphoraId }]
    }
  }
}

function changeOf(
  amphoraId: string,
  path: string,
  { kind, before, now }: SeenFile,
  evidence: string | undefined,
): ComparisonFact {
  const old = before ?? { ...now, lastAt: now.firstAt }
  const left = { title: path, amphoraId, text: old.text, at: old.lastAt }
  const right = {
    title: path,
    amphoraId,
    text: now.text,
    at: before ? now.firstAt : now.lastAt,
    ...(evidence !== undefined && { evidence }),
  }
  const fact = factOf('before', left, right, compareVersionsOf(kind, old, now))
  return { ...fact, at: now.lastAt, amphoraId, ...(evidence !== undefined && { evidence }) }
}

/** What a call answers, or the reason why it does not; bugs and cancelling go on as errors. */
async function asFact<T>(signal: AbortSignal, call: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { value: await call(), at: Date.now() }
  } catch (error) {
    const { code, reason } = AppError.from(error)
    if (signal.aborted || code === 'cancelled' || !reason) throw error
    return { unknown: reason, at: Date.now() }
  }
}
