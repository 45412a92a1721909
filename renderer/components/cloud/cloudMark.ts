import type { CloudSession } from '../../../preload/contract/cloud'
import { UNKNOWN, type Mark } from '../status/marks'

/** How an open cloud stands, with its words under `cloud.state.<state>`. */
export interface CloudState {
  state: 'connected' | 'failing' | 'unknown'
  mark: Mark
}

/** Read from the last answer: connected only while the cloud answered the last call. */
export function cloudMark(session: CloudSession, lost: boolean): CloudState {
  if (lost) return { state: 'unknown', mark: UNKNOWN }
  return session.failure
    ? { state: 'failing', mark: { tone: 'bad', shape: 'cross' } }
    : { state: 'connected', mark: { tone: 'good', shape: 'check' } }
}
