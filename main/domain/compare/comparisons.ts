import type { ComparedSide, Comparison } from '../../../preload/contract/compare'
import type { Fact, Unknown } from '../../../preload/contract/common'
import type { AmphoraFacts } from '../../../preload/contract/inspect'
import type { Amphora, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import { parseHaproxy } from '../config/haproxy'
import { parseIni } from '../config/ini'
import { parseLvs } from '../config/lvs'
import { compareAgents } from './agents'
import type { Compared } from './compared'
import { named } from './entries'
import { keepalivedOf, openFile, type ComparedKind, type OpenedFile } from './files'
import { compareHaproxyApi } from './haproxyApi'
import type { Layer7 } from './haproxyApiLayer7'
import { compareHaproxyPair } from './haproxyPair'
import { compareKeepalivedApi } from './keepalivedApi'
import { compareKeepalivedPair } from './keepalivedPair'
import { compareLvsApi, LVS_PROTOCOLS } from './lvsApi'
import { compareLvsPair } from './lvsPair'
import { namesOf } from './names'
import { compareVersions } from './versions'

/** One comparison, or why there is none. */
export type ComparisonFact = Fact<Comparison> & { what: Comparison['what']; amphoraId?: string }

/** What is known of a load balancer and its amphorae: read live, or from files. */
export interface CompareFacts {
  detail: Fact<LoadBalancerDetail>
  /** Absent where L7 policies were not read. */
  layer7?: Layer7 | undefined
  amphorae: Fact<readonly Amphora[]>
  /** The parts `files` and `system`, by amphora id. */
  inspections: ReadonlyMap<string, AmphoraFacts>
}

/** What the API's side of a comparison is called. */
const API = 'Octavia API'

/**
 * Compares the amphorae of a load balancer with each other and with the API. A single amphora is compared with the API
 * only; without listeners there is no haproxy.cfg, and nothing to compare.
 */
export function comparisonsOf(facts: CompareFacts): ComparisonFact[] {
  if (!('value' in facts.amphorae)) return allUnknown(facts.amphorae)
  const amphorae = facts.amphorae.value.filter(({ status }) => status === 'ALLOCATED').sort(byRole)
  const sides = amphorae.map((amphora) => sideOf(amphora, facts.inspections.get(amphora.id)))
  const [left, right] = sides
  const withLvs = hasLvs(facts, sides)
  const names = 'value' in facts.detail ? namesOf(facts.detail.value) : new Map<string, string>()
  return [
    ...(left && right ? pairComparisons(left, right, withLvs) : []),
    ...sides.flatMap((side) => apiComparisons(side, amphorae, facts, withLvs)),
  ].map((fact) =>
    'value' in fact
      ? { ...fact, value: { ...fact.value, differences: named(fact.value.differences, names) } }
      : fact,
  )
}

interface Side {
  amphora: Amphora
  facts?: AmphoraFacts | undefined
  files: Readonly<Record<ComparedKind, Fact<OpenedFile | undefined>>>
}

function sideOf(amphora: Amphora, facts: AmphoraFacts | undefined): Side {
  return {
    amphora,
    facts,
    files: {
      keepalived: openFile(facts, 'keepalived'),
      haproxy: openFile(facts, 'haproxy'),
      agent: openFile(facts, 'agent'),
      lvs: openFile(facts, 'lvs'),
    },
  }
}

/** Whether anything is balanced by keepalived: without UDP and SCTP nobody misses its files. */
const hasLvs = ({ detail }: CompareFacts, sides: readonly Side[]): boolean =>
  sides.some(({ files: { lvs } }) => 'value' in lvs && lvs.value) ||
  ('value' in detail && detail.value.listeners.some(({ protocol }) => LVS_PROTOCOLS.has(protocol)))

/** The one that was built as MASTER is on the left. */
const byRole = (one: Amphora, other: Amphora): number =>
  rankOf(one) - rankOf(other) || (one.id < other.id ? -1 : 1)
const rankOf = ({ role }: Amphora): number => (role === 'MASTER' ? 0 : 1)

const allUnknown = (fact: { unknown: Unknown; at?: number; evidence?: string }): ComparisonFact[] =>
  (['keepalived', 'haproxy', 'agent', 'versions', 'haproxyApi', 'keepalivedApi'] as const).map(
    (what) => ({ ...fact, what }),
  )

function pairComparisons(left: Side, right: Side, withLvs: boolean): ComparisonFact[] {
  const both = (
    what: ComparedKind,
    compare: (one: OpenedFile, other: OpenedFile) => Compared,
  ): ComparisonFact[] => {
    const [one, other] = [left.files[what], right.files[what]]
    if (!('value' in one)) return [{ ...one, what }]
    if (!('value' in other)) return [{ ...other, what }]
    if (!one.value && !other.value) return []
    const nothing = { title: '', text: '', at: one.at, tokens: {} }
    const [here, there] = [one.value ?? nothing, other.value ?? nothing]
    return [
      factOf(
        what,
        sideWith(here, left.amphora.id, one.evidence),
        sideWith(there, right.amphora.id, other.evidence),
        compare(here, there),
      ),
    ]
  }
  return [
    ...both('keepalived', (one, other) =>
      compareKeepalivedPair(keepalivedOf(one), keepalivedOf(other)),
    ),
    ...both('haproxy', (one, other) =>
      compareHaproxyPair(parseHaproxy(one.text), parseHaproxy(other.text), {
        ...versionOf('left', left),
        ...versionOf('right', right),
      }),
    ),
    ...(withLvs
      ? both('lvs', (one, other) => compareLvsPair(parseLvs(one.text), parseLvs(other.text)))
      : []),
    ...both('agent', (one, other) => {
      const [key, otherKey] = [one.tokens['heartbeat_key'], other.tokens['heartbeat_key']]
      const heartbeatKeysEqual =
        key === undefined || otherKey === undefined ? undefined : key === otherKey
      return compareAgents(parseIni(one.text), parseIni(other.text), {
        ...(heartbeatKeysEqual !== undefined && { heartbeatKeysEqual }),
      })
    }),
    versionsFact(left, right),
  ]
}

function versionOf<K extends string>(key: K, { facts }: Side): Partial<Record<K, string>> {
  const versions = facts?.system.versions
  const version = versions && 'value' in versions ? versions.value.haproxy : undefined
  return (version === undefined ? {} : { [key]: version }) as Partial<Record<K, string>>
}

function versionsFact(left: Side, right: Side): ComparisonFact {
  const side = ({ amphora, facts }: Side): ComparedSide => {
    const versions = facts?.system.versions
    return {
      title: amphora.id,
      amphoraId: amphora.id,
      ...(versions?.evidence !== undefined && { evidence: versions.evidence }),
      ...(versions?.at !== undefined && { at: versions.at }),
    }
  }
  return factOf(
    'versions',
    side(left),
    side(right),
    compareVersions(
      { amphora: left.amphora, system: left.facts?.system },
      { amphora: right.amphora, system: right.facts?.system },
    ),
  )
}

function apiComparisons(
  side: Side,
  amphorae: readonly Amphora[],
  { detail, layer7 }: CompareFacts,
  withLvs: boolean,
): ComparisonFact[] {
  const { amphora, files } = side
  const beside = (
    what: 'keepalivedApi' | 'haproxyApi' | 'lvsApi',
    file: Fact<OpenedFile | undefined>,
    compare: (file: OpenedFile, detail: LoadBalancerDetail) => Compared,
  ): ComparisonFact[] => {
    if (!('value' in file)) return [{ ...file, what, amphoraId: amphora.id }]
    if (!('value' in detail)) return [{ ...detail, what, amphoraId: amphora.id }]
    const found = file.value ?? { title: '', text: '', at: file.at, tokens: {} }
    const compared = compare(found, detail.value)
    // Without a file and without anything to say there is nothing to look at.
    if (!file.value && !compared.differences.length) return []
    const left = sideWith(found, amphora.id, file.evidence)
    const fact = factOf(what, left, { title: API, at: detail.value.at }, compared)
    return [{ ...fact, amphoraId: amphora.id }]
  }
  // A load balancer with one amphora has no keepalived.
  const single = amphora.role === 'STANDALONE'
  return [
    ...(single
      ? []
      : beside('keepalivedApi', files.keepalived, (file, known) =>
          compareKeepalivedApi(keepalivedOf(file), known, amphora, amphorae),
        )),
    ...beside('haproxyApi', files.haproxy, (file, known) =>
      compareHaproxyApi(parseHaproxy(file.text), known, layer7),
    ),
    ...(withLvs
      ? beside('lvsApi', files.lvs, (file, known) => compareLvsApi(parseLvs(file.text), known))
      : []),
  ]
}

function sideWith(file: OpenedFile, amphoraId: string, evidence: string | undefined): ComparedSide {
  const { title, text, at } = file
  return { title, amphoraId, text, at, ...(evidence !== undefined && { evidence }) }
}

/** A comparison that was made, as old as the older of its sides. */
export function factOf(
  what: Comparison['what'],
  left: ComparedSide,
  right: ComparedSide,
  { differences, unjudged }: Compared,
): ComparisonFact {
  const at = Math.min(left.at ?? Infinity, right.at ?? Infinity)
  return {
    what,
    at: Number.isFinite(at) ? at : 0,
    ...(left.evidence !== undefined && { evidence: left.evidence }),
    value: { what, left, right, differences, ...(unjudged.length && { unjudged }) },
  }
}
