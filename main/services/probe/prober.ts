import { AppError } from '../../../preload/contract/error'
import type { ProbeSample, ProbeSettings } from '../../../preload/contract/pair'
import type { Dial } from '../../platform/dial'
import type { AmphoraHosts } from '../amphoraHosts'
import { probe } from './probe'
import { NoProgram, vantageProbe } from './vantageProbe'

/** What to ask, from where, and which sequence number comes first. */
export interface ProbeOrder {
  cloud: string
  address: string
  settings: ProbeSettings
  firstSequence: number
}

/** Carries out probes. */
export interface Prober {
  /**
   * Samples in batches, in the order of their starts, until the signal is aborted.
   * @throws AppError `ssh.*` when the way to where the probe starts from cannot be had or is lost
   */
  probe(order: ProbeOrder, signal: AbortSignal): AsyncGenerator<ProbeSample[], void>
  /** Closes the connections of a cloud. */
  close(cloud: string): void
}

/** Probes in the thread of the caller, whose pauses falsify what is measured: see `ThreadProber`. */
export class LocalProber implements Prober {
  constructor(
    /** Connections from this machine. */
    private readonly dial: Dial,
    private readonly hosts: Pick<AmphoraHosts, 'jump'>,
    readonly close: (cloud: string) => void = () => undefined,
  ) {}

  async *probe(order: ProbeOrder, signal: AbortSignal): AsyncGenerator<ProbeSample[], void> {
    const { cloud, address, settings, firstSequence } = order
    if (settings.from === 'machine') {
      yield* probe(this.dial, address, settings, signal, firstSequence)
      return
    }
    const host = await this.hosts.jump(cloud, signal)
    if (!host) throw AppError.because('ssh.noJump', cloud, { values: { cloud } })
    try {
      yield* vantageProbe(host, order, signal)
    } catch (error) {
      if (!(error instanceof NoProgram)) throw error
      // Many jump hosts only forward; then the way there and back is part of each time.
      yield* probe(host, address, settings, signal, firstSequence)
    }
  }
}
