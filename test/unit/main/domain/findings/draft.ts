import type { Fact, Unknown } from '../../../../../preload/contract/common'
import type { ConfigFile } from '../../../../../preload/contract/inspect'
import type { VrrpState } from '../../../../../preload/contract/pair'
import { counters, logged, type FactsDraft } from './healthyFacts'
import { NOW } from './healthyPair'

/** A change to healthy facts. */
export type Change = (facts: FactsDraft) => void

/** What a rule answers: to facts with its fault, without (healthy facts where it is not said), and with too little. */
export interface Cases {
  holds: Change | readonly Change[]
  fine?: Change
  unknown: Change
}

export const because = (unknown: Unknown): Fact<never> => ({ unknown })
export const NO_SSH = because('ssh.refused')

/** The value of a fact of healthy facts. */
export function value<T>(fact: { value: T } | { unknown: unknown }): T {
  if (!('value' in fact)) throw new Error('not known')
  return fact.value
}

export const fact = <T>(of: T, ago = 1000): { value: T; at: number; evidence: string } => ({
  value: of,
  at: NOW - ago,
  evidence: 'e2',
})

export const side = (facts: FactsDraft, index = 0) => facts.sides[index]!
export const live = (facts: FactsDraft, index = 0) => side(facts, index).live!
export const inspection = (facts: FactsDraft, index = 0) => side(facts, index).inspection!
export const amphora = (facts: FactsDraft, index = 0) => value(facts.amphorae)[index]!
export const loadBalancer = (facts: FactsDraft) => value(facts.detail).loadBalancer
export const vrrpPort = (facts: FactsDraft, index = 0) =>
  value(facts.network.vrrpPorts[side(facts, index).amphoraId]!)
export const server = (facts: FactsDraft, index = 0) =>
  value(facts.compute.servers[side(facts, index).amphoraId]!)

/** Both sides hold the VIP and are MASTER. */
export function twoOwners(facts: FactsDraft): void {
  const vips = value(live(facts).vips)
  live(facts, 1).vips = fact([...vips])
  setState(facts, 1, 'MASTER')
  facts.ownership = {
    kind: 'two',
    amphoraIds: facts.sides.map(({ amphoraId }) => amphoraId),
    since: NOW - 60_000,
  }
  const grown = (sent: number, received: number) =>
    fact({ first: counters({}), last: counters({ sent, received }), seconds: 5 })
  for (const each of facts.sides) each.counters = grown(5, 0)
}

/** Nobody holds the VIP. */
export function noOwner(facts: FactsDraft): void {
  for (const index of [0, 1]) {
    live(facts, index).vips = fact([])
    setState(facts, index, 'FAULT')
  }
  facts.ownership = { kind: 'none', since: NOW - 60_000 }
}

export function setState(facts: FactsDraft, index: number, state: VrrpState): void {
  live(facts, index).vrrp = fact(state)
}

/** A unit that is not `active`, live and by inspection. */
export function setUnit(
  facts: FactsDraft,
  index: number,
  role: 'keepalived' | 'haproxy' | 'agent' | 'lvs' | 'netns',
  active: string,
): void {
  const services = value(inspection(facts, index).services)
  for (const unit of services.filter((each) => each.role === role)) {
    Object.assign(unit, { active, sub: 'dead', since: NOW - 60_000 })
    if (role === 'keepalived' || role === 'haproxy') live(facts, index)[role] = fact(unit)
  }
}

/** Changes the text of a configuration file. */
export function editFile(
  facts: FactsDraft,
  index: number,
  kind: ConfigFile['kind'],
  change: (text: string) => string,
): void {
  const files = value(inspection(facts, index).files)
  for (const file of files) if (file.kind === kind) file.text = change(file.text)
}

export const keepalived = (facts: FactsDraft, from: RegExp, to: string, index = 0): void =>
  editFile(facts, index, 'keepalived', (text) => text.replace(from, to))

/** Adds lines to a log, one second apart, the last one a second old. */
export function log(facts: FactsDraft, index: number, ...texts: string[]): void {
  const { amphoraId, lines } = side(facts, index)
  value(lines).push(
    ...texts.map((text, place) => logged(amphoraId, text, (texts.length - place) * 1000)),
  )
}

export const noFiles = (facts: FactsDraft): void => {
  for (const index of [0, 1]) inspection(facts, index).files = NO_SSH
}
export const noLog = (facts: FactsDraft): void => {
  for (const each of facts.sides) each.lines = NO_SSH
}
export const noServices = (facts: FactsDraft): void => {
  for (const index of [0, 1]) {
    inspection(facts, index).services = NO_SSH
    live(facts, index).keepalived = NO_SSH
    live(facts, index).haproxy = NO_SSH
  }
}
export const noState = (facts: FactsDraft): void => {
  for (const index of [0, 1]) live(facts, index).vrrp = NO_SSH
}
export const noInterfaces = (facts: FactsDraft): void => {
  for (const index of [0, 1]) inspection(facts, index).namespace.interfaces = NO_SSH
}
export const noAddresses = (facts: FactsDraft): void => {
  noInterfaces(facts)
  for (const index of [0, 1]) live(facts, index).vips = NO_SSH
  delete facts.ownership
}
export const noDetail = (facts: FactsDraft): void => {
  facts.detail = because('octavia.forbidden')
}
export const noAmphorae = (facts: FactsDraft): void => {
  facts.amphorae = because('octavia.forbidden')
}
export const noPorts = (facts: FactsDraft): void => {
  facts.network.vrrpPorts = {}
}
export const noServers = (facts: FactsDraft): void => {
  facts.compute.servers = {}
}
