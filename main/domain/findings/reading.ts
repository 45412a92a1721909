import type { Fact } from '../../../preload/contract/common'
import type { Subject } from '../../../preload/contract/finding'
import type { AmphoraFacts, ConfigFile, ServiceState } from '../../../preload/contract/inspect'
import type { Amphora, Listener, LoadBalancer } from '../../../preload/contract/loadBalancer'
import type { Ownership, UnitState, VrrpState } from '../../../preload/contract/pair'
import { parseKeepalived, type KeepalivedInstance } from '../config/keepalived'
import { canonicalAddress } from '../ip'
import { ownership } from '../vrrp/ownership'
import type { LoadBalancerFacts, SideFacts } from './facts'
import { firstKnown, mapFact, notKnown, valueOf } from '../fact'
import { perFile } from './perFile'
import type { Rule, Verdict } from './rule'

/** The one VRRP instance of an amphora, and the file that it was read from. */
interface VrrpSettings {
  file: ConfigFile
  instance: KeepalivedInstance
}

/** One amphora, from whatever source knows. */
export interface Side {
  id: string
  subject: Subject
  facts: SideFacts
  /** As the controller knows it. */
  amphora: Amphora | undefined
  /** Which of the load balancer's VIPs are on its interface. */
  vips: Fact<readonly string[]>
  vrrp: Fact<VrrpState>
  keepalived: Fact<UnitState>
  haproxy: Fact<UnitState>
  services: Fact<readonly ServiceState[]>
  files: Fact<readonly ConfigFile[]>
  settings: Fact<VrrpSettings>
}

/** What all rules start from: the facts put in order, nothing judged. */
export interface Reading {
  facts: LoadBalancerFacts
  /** About both amphorae together. */
  pair: Subject
  loadBalancer: LoadBalancer | undefined
  /** Two amphorae are to serve it; false for one, and where it has none. */
  isPair: boolean
  /** The controller is changing it: amphorae may come and go. */
  pending: boolean
  /** The VIP first, canonical. */
  vips: Fact<readonly string[]>
  /** Listeners that amphorae serve: enabled, of an enabled load balancer. */
  enabledListeners: Fact<readonly Listener[]>
  /** How many listeners amphorae serve through haproxy, and how many in all; one where only the amphorae show that there are some. */
  served: Fact<{ all: number; byHaproxy: number }>
  sides: readonly Side[]
  ownership: Ownership
}

const readings = new WeakMap<LoadBalancerFacts, Reading>()

/** Puts facts in order, once for all rules. */
function read(facts: LoadBalancerFacts): Reading {
  const known = readings.get(facts)
  if (known) return known
  const reading = readFacts(facts)
  readings.set(facts, reading)
  return reading
}

/** An amphora that boots is not ill: its services come one after the other. */
const BOOT_MS = 90_000

/** A rule about each amphora, of pairs and single ones; undefined where it does not apply. What it finds on one that has just booted is not judged yet. */
export const eachSide =
  (judge: (side: Side, reading: Reading) => Verdict | undefined): Rule['judge'] =>
  (facts) => {
    const reading = read(facts)
    return reading.sides.flatMap((side) => {
      const verdict = judge(side, reading)
      if (verdict?.is !== 'holds' || verdict.severity === 'info' || !hasJustBooted(side, facts.now))
        return verdict ?? []
      const missing = [{ what: 'services', reason: 'notYet' }] as const
      return { is: 'unknown', subject: side.subject, missing }
    })
  }

/** Whether an amphora has booted, or was made, moments ago: then much is missing that will be there soon. */
export function hasJustBooted({ amphora, services, facts }: Side, now: number): boolean {
  // The namespace is made at boot. The machine's own word counts as well, but in a container it is that of the host.
  const namespace = valueOf(services)?.find(
    ({ role, active }) => role === 'netns' && active.startsWith('activ'),
  )?.since
  const booted = facts.inspection && valueOf(facts.inspection.system.bootedAt)
  return [namespace, booted, amphora?.createdAt].some(
    (at) => at !== undefined && at <= now && now - at < BOOT_MS,
  )
}

/** A rule about each amphora of a pair. */
export const eachSideOfPair = (
  judge: (side: Side, reading: Reading) => Verdict | undefined,
): Rule['judge'] => eachSide((side, reading) => (reading.isPair ? judge(side, reading) : undefined))

/** A rule about both amphorae together; undefined where it does not apply. */
export const wholePair =
  (judge: (reading: Reading) => Verdict | undefined): Rule['judge'] =>
  (facts) => {
    const reading = read(facts)
    const verdict = reading.isPair ? judge(reading) : undefined
    return verdict ? [verdict] : []
  }

/** A rule about the load balancer, whatever serves it. */
export const whole =
  (judge: (reading: Reading) => Verdict | readonly Verdict[] | undefined): Rule['judge'] =>
  (facts) =>
    [judge(read(facts)) ?? []].flat()

/** A part of what was read of an amphora; where it was not read, why not. */
export function inspected<T>(
  { facts }: Side,
  part: (inspection: AmphoraFacts) => Fact<T>,
): Fact<T> {
  if (facts.inspection) return part(facts.inspection)
  return notKnown(facts.live?.connection.failure?.reason ?? 'notMeasured')
}

/** The units of one role; not known where only some units are told of, and none of these. */
export function unitsOf(
  { services, facts }: Side,
  role: ServiceState['role'],
): Fact<readonly ServiceState[]> {
  const units = mapFact(services, (all) => all.filter((unit) => unit.role === role))
  const isTold = facts.inspection?.servicesAreTold && valueOf(units)?.length === 0
  return isTold ? notKnown('notCaptured') : units
}

/** Whether the VIP is on the interface of this side; undefined while that is not known. */
export const owns = (side: Side): boolean | undefined => {
  const vips = valueOf(side.vips)
  return vips && vips.length > 0
}

/** The other amphorae of the pair. */
export const othersOf = (side: Side, { sides }: Reading): readonly Side[] =>
  sides.filter(({ id }) => id !== side.id)

/** The amphora that clients miss least: the one without the VIP; when that is not the question, the one with the lower priority. */
export function weakerOf({ sides, ownership: { kind } }: Reading): string {
  const priority = ({ settings, amphora }: Side): number =>
    valueOf(settings)?.instance.priority?.value ?? amphora?.vrrpPriority ?? 0
  const idle = kind === 'one' ? sides.find((side) => owns(side) === false) : undefined
  const [least] = idle ? [idle] : [...sides].sort((one, other) => priority(one) - priority(other))
  return least?.id ?? ''
}

/** Protocols that LVS serves, not haproxy. */
export const isDatagram = (protocol: string): boolean => protocol === 'UDP' || protocol === 'SCTP'

/** The interface that VRRP runs on. */
export const vrrpInterface = (side: Side): string =>
  valueOf(side.settings)?.instance.interface?.value ?? side.amphora?.vrrpInterface ?? 'eth1'

function readFacts(facts: LoadBalancerFacts): Reading {
  const detail = valueOf(facts.detail)
  const loadBalancer = detail?.loadBalancer
  const amphorae = valueOf(facts.amphorae)
  const vips = mapFact(facts.detail, ({ loadBalancer: { vipAddress, additionalVips } }) =>
    [vipAddress, ...additionalVips.map(({ address }) => address)].map(canonicalAddress),
  )
  const byId = new Map(amphorae?.map((amphora) => [amphora.id, amphora]))
  const sides = facts.sides.map((side) => readSide(side, byId.get(side.amphoraId), vips))
  const enabledListeners = mapFact(facts.detail, ({ loadBalancer: { adminStateUp }, listeners }) =>
    adminStateUp ? listeners.filter((listener) => listener.adminStateUp) : [],
  )
  return {
    facts,
    pair: {
      kind: 'pair',
      id: facts.loadBalancerId,
      ...(loadBalancer?.name && { name: loadBalancer.name }),
    },
    loadBalancer,
    isPair: amphorae?.length
      ? amphorae.some(({ role }) => role === 'MASTER' || role === 'BACKUP')
      : sides.length > 1,
    pending: loadBalancer?.provisioningStatus.startsWith('PENDING_') ?? false,
    vips,
    enabledListeners,
    served: firstKnown(
      mapFact(enabledListeners, (listeners) => ({
        all: listeners.length,
        byHaproxy: listeners.filter(({ protocol }) => !isDatagram(protocol)).length,
      })),
      facts.service && mapFact(facts.service, () => ({ all: 1, byHaproxy: 1 })),
    ),
    sides,
    ownership: facts.ownership ?? ownership(sides.map(standing)),
  }
}

function readSide(
  facts: SideFacts,
  amphora: Amphora | undefined,
  vips: Fact<readonly string[]>,
): Side {
  const { amphoraId, live } = facts
  const side = { id: amphoraId, facts } as Side
  const services = inspected(side, (inspection) => inspection.services)
  const files = inspected(side, (inspection) => inspection.files)
  return {
    id: amphoraId,
    subject: {
      kind: 'amphora',
      id: amphoraId,
      ...(amphora?.role && { name: amphora.role }),
    },
    facts,
    amphora,
    vips: firstKnown(live?.vips, held(side, vips)),
    vrrp: live?.vrrp ?? notKnown('notMeasured'),
    keepalived: firstKnown(live?.keepalived, serviceOf(services, 'keepalived')),
    haproxy: firstKnown(live?.haproxy, serviceOf(services, 'haproxy')),
    services,
    files,
    settings: settingsOf(files),
  }
}

/** Which VIPs an inspection saw on the interfaces. */
function held(side: Side, vips: Fact<readonly string[]>): Fact<readonly string[]> {
  const wanted = valueOf(vips)
  if (!wanted) return vips
  return mapFact(
    inspected(side, ({ namespace }) => namespace.interfaces),
    (interfaces) => {
      const all = interfaces.flatMap(({ addresses }) => addresses)
      const here = new Set(all.map(({ address }) => canonicalAddress(address)))
      return wanted.filter((vip) => here.has(vip))
    },
  )
}

/** The worst of the units of one kind: old releases run one haproxy for each listener. */
function serviceOf(
  services: Fact<readonly ServiceState[]>,
  role: ServiceState['role'],
): Fact<UnitState> {
  if (!('value' in services)) return services
  const units = services.value.filter((unit) => unit.role === role && unit.load === 'loaded')
  const unit = units.find(({ active }) => active !== 'active') ?? units[0]
  return unit ? { ...services, value: unit } : notKnown('amphora.unitMissing')
}

const instanceOf = perFile((text) => parseKeepalived(text).instances[0])

function settingsOf(files: Fact<readonly ConfigFile[]>): Fact<VrrpSettings> {
  if (!('value' in files)) return files
  const file = files.value.find(({ kind }) => kind === 'keepalived')
  if (!file) return notKnown('notSupported')
  const instance = instanceOf(file)
  return instance ? { ...files, value: { file, instance } } : notKnown('answer.malformed')
}

function standing({ id, vips, facts }: Side) {
  const here = valueOf(vips)
  const since = valueOf(facts.live?.lastTransition)
  return {
    amphoraId: id,
    ...(here && { owns: here.length > 0 }),
    ...(since !== undefined && { since }),
  }
}
