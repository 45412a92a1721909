import type { Proof } from '../../../preload/contract/finding'
import { hardGapMs } from '../vrrp/timers'
import { valueOf } from '../fact'
import { quoteAmphora, quoteUnit } from './proof'
import {
  eachSideOfPair,
  othersOf,
  owns,
  vrrpInterface,
  weakerOf,
  wholePair,
  type Reading,
  type Side,
} from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, judged, unjudged } from './verdict'

/** A take-over may show both sides with the VIP for a moment: one was read before it, the other after. */
const OVERLAP_MS = 2000

/** Both amphorae hold the VIP, and nothing else says why. */
const twoOwners: Rule = {
  id: 'vrrp.two-owners',
  modes: [1],
  judge: wholePair((reading) => {
    const { ownership, facts, pair } = reading
    switch (ownership.kind) {
      case 'two': {
        const { since, amphoraIds } = ownership
        if (isYoung(since, facts.now, OVERLAP_MS)) return unjudged(pair, 'addresses', 'notYet')
        const owners = reading.sides.filter(({ id }) => amphoraIds.includes(id))
        return holds(
          'critical',
          pair,
          {
            vip: vipOf(reading),
            first: amphoraIds[0] ?? '',
            second: amphoraIds[1] ?? '',
            weaker: weakerOf(reading),
          },
          owners.flatMap(addressProofs),
          since,
        )
      }
      case 'one':
        return ownership.confirmed ? fine : missingAddresses(reading)
      case 'none':
        return fine
      case 'unknown':
        return missingAddresses(reading)
    }
  }),
}

/** Nobody holds the VIP although there is something to serve. */
const noOwner: Rule = {
  id: 'vrrp.no-owner',
  modes: [10, 11],
  judge: wholePair((reading) => {
    const { ownership, facts, pair, served, loadBalancer } = reading
    if (ownership.kind === 'one' || ownership.kind === 'two') return fine
    if (ownership.kind === 'unknown') return missingAddresses(reading)
    return judged(pair, { loadBalancer: served }, ({ loadBalancer: { all } }) => {
      if (!all) return fine
      const building = loadBalancer?.provisioningStatus === 'PENDING_CREATE'
      if (building || isYoung(ownership.since, facts.now, electionMs(reading))) {
        return unjudged(pair, 'addresses', 'notYet')
      }
      return holds(
        'critical',
        pair,
        { vip: vipOf(reading), listeners: all },
        reading.sides.flatMap((side) => [
          quoteAmphora(side.id, 'ip -j addr', `${vipOf(reading)}: not there`, side.vips),
          stateProof(side),
        ]),
        ownership.since,
      )
    })
  }),
}

/** keepalived is gone, and the VIP stayed behind: the other side takes it as well. */
const deadVipKept: Rule = {
  id: 'vrrp.keepalived-dead-vip-kept',
  modes: [13],
  explains: ['vrrp.two-owners', 'keepalived.stopped', 'vrrp.flapping'],
  judge: eachSideOfPair((side, reading) =>
    judged(
      side.subject,
      { addresses: side.vips, services: side.keepalived },
      ({ addresses, services }) => {
        const dead = services.active === 'inactive' || services.active === 'failed'
        if (!dead || !addresses.length) return fine
        if (isYoung(services.since, reading.facts.now, OVERLAP_MS)) {
          return unjudged(side.subject, 'services', 'notYet')
        }
        const alone = othersOf(side, reading).every((other) => owns(other) === false)
        return holds(
          alone ? 'high' : 'critical',
          side.subject,
          { amphora: side.id, vip: vipOf(reading), unit: services.unit },
          [quoteUnit(side.id, services, side.keepalived), ...addressProofs(side)],
          services.since,
        )
      },
    ),
  ),
}

/** keepalived believes to be MASTER, but the kernel lacks a VIP: somebody took it off. */
const vipRemoved: Rule = {
  id: 'vrrp.vip-removed',
  modes: [11],
  explains: ['vrrp.no-owner'],
  judge: eachSideOfPair((side, reading) =>
    judged(
      side.subject,
      { vrrpState: side.vrrp, addresses: side.vips, loadBalancer: reading.vips },
      ({ vrrpState, addresses, loadBalancer: wanted }) => {
        const missing = wanted.filter((vip) => !addresses.includes(vip))
        if (vrrpState !== 'MASTER' || !missing.length) return fine
        // What keepalived said before the address went says nothing about now.
        if ((side.vrrp.at ?? 0) < (side.vips.at ?? 0)) {
          return unjudged(side.subject, 'vrrpState', 'notYet')
        }
        const { now } = reading.facts
        if (reading.pending || isYoung(valueOf(side.facts.live?.lastTransition), now, OVERLAP_MS)) {
          return unjudged(side.subject, 'addresses', 'notYet')
        }
        return holds(
          addresses.length ? 'high' : 'critical',
          side.subject,
          { amphora: side.id, vip: missing.join(', '), interface: vrrpInterface(side) },
          [
            stateProof(side),
            quoteAmphora(side.id, 'ip -j addr', `${missing.join(', ')}: not there`, side.vips),
            ...addressProofs(side),
          ],
        )
      },
    ),
  ),
}

/** The role says how an amphora was built; this pair has changed places since. */
const roleIsNotState: Rule = {
  id: 'vrrp.role-is-not-state',
  modes: [16],
  judge: wholePair((reading) => {
    const { ownership, pair, sides } = reading
    if (ownership.kind !== 'one' || !ownership.confirmed) {
      return ownership.kind === 'unknown' ? missingAddresses(reading) : fine
    }
    const owner = sides.find(({ id }) => id === ownership.amphoraId)
    return judged(pair, { amphorae: reading.facts.amphorae }, () =>
      owner?.amphora?.role === 'BACKUP'
        ? holds(
            'info',
            pair,
            { amphora: owner.id, role: owner.amphora.role },
            addressProofs(owner),
            ownership.since,
          )
        : fine,
    )
  }),
}

/** Rules about who holds the VIP. */
export const ownerRules: readonly Rule[] = [
  deadVipKept,
  vipRemoved,
  twoOwners,
  noOwner,
  roleIsNotState,
]

/** Since less than `forMs` ago; false while it is not known since when. */
export const isYoung = (since: number | undefined, now: number, forMs: number): boolean =>
  since !== undefined && now - since < forMs

/** The first VIP, for sentences. */
const vipOf = ({ loadBalancer, sides }: Reading): string =>
  loadBalancer?.vipAddress ?? sides.flatMap(({ vips }) => valueOf(vips) ?? [])[0] ?? '?'

/** Which VIPs the kernel of a side holds. */
export const addressProofs = (side: Side): Proof[] =>
  (valueOf(side.vips) ?? [])
    .slice(0, 2)
    .map((vip) =>
      quoteAmphora(side.id, 'ip -j addr', `${vip} dev ${vrrpInterface(side)}`, side.vips),
    )

/** What keepalived says it is. */
export function stateProof(side: Side): Proof | undefined {
  const state = valueOf(side.vrrp)
  return state && quoteAmphora(side.id, 'keepalived.data', `State = ${state}`, side.vrrp)
}

/** How long a pair may be without an owner while it elects one: three adverts, and a little for the reading. */
function electionMs({ sides }: Reading): number {
  const intervals = sides.map((side) => valueOf(side.settings)?.instance.advertInterval?.value ?? 1)
  const seconds = Math.min(40, Math.max(1, ...intervals))
  return hardGapMs(90, { advertIntervalMs: seconds * 1000 }).to + OVERLAP_MS
}

function missingAddresses({ pair, sides }: Reading): Verdict {
  const missing = sides.flatMap(({ vips }) =>
    'unknown' in vips ? [{ what: 'addresses' as const, reason: vips.unknown }] : [],
  )
  return {
    is: 'unknown',
    subject: pair,
    missing: missing.length ? missing : [{ what: 'addresses', reason: 'notYet' }],
  }
}
