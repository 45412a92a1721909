import type { PairEvent, ProbeSample, VrrpState } from '../../../preload/contract/pair'

/** Steps over time, as the lanes draw them. */
export interface Steps<T> {
  at(instant: number): T | undefined
  read(from: number, to: number, visit: (from: number, to: number, value: T) => void): void
}

/** Who holds the VIP at a time. */
export type LaneOwner = { kind: 'one'; amphoraId: string } | { kind: 'both' | 'none' | 'unknown' }

/** Something that happened at an instant. */
export interface LaneEvent {
  at: number
  errorMs: number
  event: PairEvent
}

/** Everything the lanes draw besides the probes. */
export interface LaneSource {
  sides: ReadonlyMap<string, Steps<VrrpState | 'unknown'>>
  owner: Steps<LaneOwner>
  api: Steps<string>
  probing: Steps<'off' | 'running' | 'failed'>
  marks: readonly LaneEvent[]
}

/** Probes of a stretch of time; a width of 0 is a single one. */
export interface LaneStretch {
  at: number
  widthMs: number
  count: number
  failed: number
  /** Probes that could not be sent; nothing is known of the service then. */
  unsent: number
  minMs: number
  maxMs: number
}

/** The probes, as finely as the screen can show them. */
export interface ProbeSource {
  read(from: number, to: number, resolutionMs: number, visit: (stretch: LaneStretch) => void): void
  nearest(at: number): ProbeSample | undefined
}

/** How a mark is drawn: what it is about decides its form. */
export type MarkForm = 'transition' | 'problem' | 'action' | 'address' | 'watch' | 'notice'

/** The form of an event's mark. */
export function formOf(event: PairEvent): MarkForm {
  switch (event.kind) {
    case 'vipGained':
    case 'vipLost':
      // The first look is not a change: watching begins with it.
      return event.standing ? 'watch' : 'address'
    case 'action':
      return 'action'
    case 'watch':
      return 'watch'
    case 'unit':
      return event.active === 'failed' || event.active === 'inactive' ? 'problem' : 'notice'
    case 'api':
      return 'notice'
    case 'line':
      if (PROBLEMS.has(event.meaning)) return 'problem'
      return TRANSITIONS.has(event.meaning) ? 'transition' : 'notice'
  }
}

const PROBLEMS = new Set<string>([
  'enterFault',
  'scriptFailed',
  'linkDown',
  'died',
  'mismatch',
  'starved',
  'configProblem',
])
const TRANSITIONS = new Set<string>(['enterMaster', 'enterBackup', 'stopping', 'stopped'])
