import {
  rankOf,
  type Diagnosis,
  type Finding,
  type FindingChange,
  type Severity,
} from '../../../preload/contract/finding'
import { firstSeen, groupUnjudged, keyOf, type UnjudgedGroup } from '../finding/reading'

/** A finding of one load balancer among those of all. */
export interface FleetRow {
  key: string
  cloud: string
  loadBalancerId: string
  /** Empty where it was never read. */
  name: string
  finding: Finding
  /** When the console first saw it; it may have begun before. */
  seen?: number
}

/** A finding that came or went, of a cloud. */
export interface CloudChange extends FindingChange {
  cloud: string
}

/** A load balancer of which something could not be judged. */
export interface UnjudgedRow {
  key: string
  cloud: string
  diagnosis: Diagnosis
  groups: readonly UnjudgedGroup[]
}

/** What the overview is narrowed to; empty fields do not narrow. */
export interface FleetQuery {
  severities: readonly Severity[]
  /** Words that must all occur. */
  text: string
}

type Histories = ReadonlyMap<string, readonly FindingChange[]>
type Clouds = Iterable<readonly [cloud: string, diagnoses: Iterable<Diagnosis>]>

/** All findings, worst first; of equal ones the newest first, those of which no time is known last. */
export function fleetRows(clouds: Clouds, histories: Histories = new Map()): FleetRow[] {
  const rows: FleetRow[] = []
  for (const [cloud, diagnoses] of clouds) {
    const seen = firstSeen(histories.get(cloud) ?? [], (one) => keyIn(one.loadBalancerId, one))
    for (const { loadBalancerId, name, findings } of diagnoses) {
      for (const finding of findings) {
        const at = keyIn(loadBalancerId, finding)
        const seenAt = seen.get(at)
        rows.push({
          ...{ key: `${cloud} ${at}`, cloud, loadBalancerId, name, finding },
          ...(seenAt !== undefined && { seen: seenAt }),
        })
      }
    }
  }
  return rows.sort(
    (one, other) =>
      rankOf(one.finding) - rankOf(other.finding) ||
      (timeOf(other) ?? -Infinity) - (timeOf(one) ?? -Infinity) ||
      one.name.localeCompare(other.name, undefined, { numeric: true }) ||
      (one.key < other.key ? -1 : 1),
  )
}

const timeOf = ({ finding, seen }: FleetRow): number | undefined => finding.since ?? seen

const keyIn = (loadBalancerId: string, finding: Pick<Finding, 'rule' | 'subject'>): string =>
  `${loadBalancerId} ${keyOf(finding)}`

/** Rows that a query wants, in their order. `wordsOf` gives the sentences a finding is shown with. */
export function fleetFiltered(
  rows: readonly FleetRow[],
  { severities, text }: FleetQuery,
  wordsOf: (finding: Finding) => string,
): FleetRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    const { finding } = row
    if (severities.length > 0 && !severities.includes(finding.severity)) return false
    if (words.length === 0) return true
    const { id, name } = finding.subject
    const searched = [row.cloud, row.name, row.loadBalancerId, finding.rule, id, name]
    const all = [...searched, wordsOf(finding)].join('\n').toLowerCase()
    return words.every((word) => all.includes(word))
  })
}

/** Load balancers of which not everything could be judged, those with most first. */
export function unjudgedRows(clouds: Clouds): UnjudgedRow[] {
  const rows: UnjudgedRow[] = []
  for (const [cloud, diagnoses] of clouds) {
    for (const diagnosis of diagnoses) {
      if (diagnosis.unknown.length === 0) continue
      const key = `${cloud} ${diagnosis.loadBalancerId}`
      rows.push({ key, cloud, diagnosis, groups: groupUnjudged(diagnosis.unknown) })
    }
  }
  return rows.sort((one, other) => other.diagnosis.unknown.length - one.diagnosis.unknown.length)
}

/** The changes of several clouds as one list, newest first. */
export const mergedHistory = (
  histories: Iterable<readonly [cloud: string, changes: readonly FindingChange[]]>,
): CloudChange[] =>
  [...histories]
    .flatMap(([cloud, changes]) => changes.map((change) => ({ ...change, cloud })))
    .sort((one, other) => other.at - one.at)

/** The address of a load balancer's findings, at one of them. */
export const findingAddress = (
  cloud: string,
  loadBalancerId: string,
  finding?: Pick<Finding, 'rule' | 'subject'>,
): string => {
  const path = `/cloud/${encodeURIComponent(cloud)}/load-balancers/${encodeURIComponent(loadBalancerId)}/findings`
  return finding ? `${path}?finding=${encodeURIComponent(keyOf(finding))}` : path
}
