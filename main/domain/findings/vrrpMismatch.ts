import type { Proof } from '../../../preload/contract/finding'
import type { LogLine } from '../../../preload/contract/pair'
import type { KeepalivedInstance } from '../config/keepalived'
import type { Located } from '../config/located'
import { canonicalAddress } from '../ip'
import type { VrrpCounters } from './facts'
import { mapFact, allKnown, valueOf } from '../fact'
import { quoteAmphora, quoteApi, quoteFile, quoteLine } from './proof'
import { eachSideOfPair, othersOf, weakerOf, wholePair, type Reading, type Side } from './reading'
import type { Rule } from './rule'
import { fine, holds, judged, listed, unjudged } from './verdict'

/** keepalived up to 2.3.1 writes a line for each advert it refuses; without any for so long, it is over. */
const FRESH_MS = 10_000
/** What two owners, and all that comes with them, may come from. */
const SPLIT = ['vrrp.two-owners', 'vrrp.flapping', 'vrrp.config-drift']

/** Both use another password: each throws the other's adverts away. */
const authMismatch: Rule = {
  id: 'vrrp.auth-mismatch',
  modes: [5],
  explains: SPLIT,
  judge: wholePair((reading) =>
    refusals(reading, AUTHENTICATION, ['authenticationFailures', 'authenticationTypeMismatches']),
  ),
}

/** The intervals of both differ: VRRP 2 throws such adverts away. */
const advertIntervalMismatch: Rule = {
  id: 'vrrp.advert-interval-mismatch',
  modes: [9],
  explains: SPLIT,
  judge: wholePair((reading) => {
    const differing = difference(reading, ({ advertInterval }) => advertInterval)
    if (!differing || 'unknown' in differing) {
      return refusals(reading, INTERVAL, ['advertIntervalErrors'])
    }
    return differing.found
  }),
}

/** The router ids differ: both ignore each other, and nobody writes a line. */
const routerIdMismatch: Rule = {
  id: 'vrrp.router-id-mismatch',
  modes: [6],
  explains: SPLIT,
  judge: wholePair((reading) => {
    const differing = difference(reading, ({ virtualRouterId }) => virtualRouterId)
    if (differing && 'found' in differing) return differing.found
    const { sides, pair } = reading
    return judged(
      pair,
      { keepalivedConfig: allKnown(sides.map(({ settings }) => settings)) },
      () => fine,
    )
  }),
}

/** keepalived of one amphora does not expect adverts from where the other sends them. */
const peerMismatch: Rule = {
  id: 'vrrp.peer-mismatch',
  modes: [7, 8],
  explains: SPLIT,
  judge: eachSideOfPair((side, reading) => {
    if (reading.pending) return unjudged(side.subject, 'keepalivedConfig', 'notYet')
    const others = othersOf(side, reading)
    const addresses = allKnown(
      others.map(({ amphora, settings }) => {
        const byApi = amphora?.vrrpAddress
        return byApi === undefined
          ? mapFact(settings, ({ instance }) => instance.unicastSource?.value)
          : mapFact(reading.facts.amphorae, () => byApi)
      }),
    )
    return judged(
      side.subject,
      { keepalivedConfig: side.settings, amphorae: addresses },
      ({ keepalivedConfig: { file, instance }, amphorae }) => {
        const peers = instance.unicastPeers.map(({ value }) => value)
        const expected = amphorae.filter((address) => address !== undefined)
        const known = new Set(peers.map(canonicalAddress))
        const missing = expected.filter((address) => !known.has(canonicalAddress(address)))
        if (!missing.length || !others.length) return fine
        const line = instance.unicastPeers[0]?.line ?? instance.line
        return holds(
          'high',
          side.subject,
          { amphora: side.id, peer: listed(peers), expected: listed(missing) },
          [
            quoteFile(side.id, file, line, side.settings),
            quoteApi(
              `GET /v2/octavia/amphorae/${others[0]?.id ?? ''}`,
              'vrrp_ip',
              expected[0],
              reading.facts.amphorae,
            ),
          ],
        )
      },
    )
  }),
}

/** The VIPs in keepalived's configuration are not those of the API. */
const vipSetMismatch: Rule = {
  id: 'vrrp.vip-set-mismatch',
  modes: [24, 37],
  explains: ['vrrp.config-drift'],
  judge: eachSideOfPair((side, reading) => {
    if (reading.pending) return unjudged(side.subject, 'keepalivedConfig', 'notYet')
    return judged(
      side.subject,
      { keepalivedConfig: side.settings, loadBalancer: reading.vips },
      ({ keepalivedConfig: { file, instance }, loadBalancer: wanted }) => {
        const here = new Set(instance.addresses.map(({ address }) => canonicalAddress(address)))
        const missing = wanted.filter((vip) => !here.has(vip))
        const foreign = [...here].filter((address) => !wanted.includes(address))
        if (!missing.length && !foreign.length) return fine
        return holds(
          'high',
          side.subject,
          { amphora: side.id, missing: listed(missing), foreign: listed(foreign) },
          [
            quoteFile(side.id, file, instance.addresses[0]?.line ?? instance.line, side.settings),
            quoteApi(
              `GET /v2/lbaas/loadbalancers/${reading.facts.loadBalancerId}`,
              'vip_address, additional_vips',
              wanted.slice(0, 10),
              reading.facts.detail,
            ),
          ],
        )
      },
    )
  }),
}

/** Rules about settings that both sides have to agree on. */
export const mismatchRules: readonly Rule[] = [
  authMismatch,
  routerIdMismatch,
  peerMismatch,
  advertIntervalMismatch,
  vipSetMismatch,
]

const AUTHENTICATION = /invalid passwd|\d auth[ ,]|Invalid auth type/
const INTERVAL = /interval mismatch/

/** What two configurations say of one setting, when they say different things. */
function difference(
  reading: Reading,
  pick: (instance: KeepalivedInstance) => Located<string | number> | undefined,
) {
  const { sides, pair } = reading
  const [first, second] = sides
  if (!first || !second) return undefined
  const [mine, theirs] = [first, second].map((side) => {
    const settings = valueOf(side.settings)
    const setting = settings && pick(settings.instance)
    return settings && setting && { side, file: settings.file, setting }
  })
  if (!mine || !theirs) return { unknown: true } as const
  if (mine.setting.value === theirs.setting.value) return undefined
  const found = holds(
    'high',
    pair,
    {
      first: first.id,
      second: second.id,
      firstValue: mine.setting.value,
      secondValue: theirs.setting.value,
      weaker: weakerOf(reading),
    },
    [mine, theirs].map(({ side, file, setting }) =>
      quoteFile(side.id, file, setting.line, side.settings),
    ),
  )
  return { found }
}

/** Adverts that a side refuses now, for a reason that its log or its counters name. */
function refusals(reading: Reading, pattern: RegExp, counters: readonly (keyof VrrpCounters)[]) {
  const { pair, sides } = reading
  const results = sides.map((side) => refusalsOf(side, reading, pattern, counters))
  const proofs = results.flatMap((result) => result ?? [])
  const [first, second] = sides
  if (proofs.length) {
    const settings = sides.map((side) => valueOf(side.settings)?.instance.advertInterval?.value)
    return holds(
      'high',
      pair,
      {
        first: first?.id ?? '',
        second: second?.id ?? '',
        firstValue: settings[0] ?? '?',
        secondValue: settings[1] ?? '?',
        weaker: weakerOf(reading),
      },
      proofs,
    )
  }
  if (results.every((result) => result)) return fine
  return judged(pair, { log: allKnown(sides.map(({ facts }) => facts.lines)) }, () => fine)
}

/** Quotations, none when it refuses nothing; undefined when neither source tells. */
function refusalsOf(
  { id, facts: { lines, counters } }: Side,
  { facts: { now }, ownership }: Reading,
  pattern: RegExp,
  names: readonly (keyof VrrpCounters)[],
): Proof[] | undefined {
  const counted = valueOf(counters)
  const growth = counted
    ? names.reduce((sum, name) => sum + (counted.last[name] - counted.first[name]), 0)
    : 0
  const known = valueOf(lines)
  const countedAt = 'value' in counters ? counters.at : 0
  const heardSince = known?.some(({ at, meaning }) => at > countedAt && ACCEPTED.has(meaning))
  const last = known?.findLast(({ meaning, text }) => meaning === 'mismatch' && pattern.test(text))
  if (counted && growth > 0 && !heardSince) {
    const text = `${names.join(' + ')}: +${growth} in ${counted.seconds} s`
    return [
      quoteAmphora(id, 'keepalived.stats', text, counters),
      ...(last ? [quoteLine(last, lines)] : []),
    ]
  }
  if (!known) return counted ? [] : undefined
  if (!last || known.some((line) => line.at >= last.at && ACCEPTED.has(line.meaning))) return []
  // Since 2.3.3 each kind of refusal is written once until the state changes.
  const lasting = now - last.at <= FRESH_MS || ownership.kind === 'two'
  const quietNow = counted && countedAt > last.at + FRESH_MS
  return lasting && !(quietNow && names[0] === 'authenticationFailures')
    ? [quoteLine(last, lines)]
    : []
}

/** After these the sides have heard each other, or have begun anew. */
const ACCEPTED = new Set<LogLine['meaning']>([
  'higherPriority',
  'lowerPriority',
  'reloading',
  'stopped',
])
