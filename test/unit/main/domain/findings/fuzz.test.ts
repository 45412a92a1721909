import { describe, expect, it } from 'vitest'
import { SEVERITIES, type Finding } from '../../../../../preload/contract/finding'
import { diagnose } from '../../../../../main/domain/findings/diagnose'
import type { LoadBalancerFacts } from '../../../../../main/domain/findings/facts'
import { RULES } from '../../../../../main/domain/findings/rules'
import { log, twoOwners } from './draft'
import { healthyFacts, type FactsDraft } from './healthyFacts'

const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122)
const ROUNDS = 20_000

/** Park and Miller's generator: the same numbers everywhere. */
function dice(seed: number): (sides: number) => number {
  let state = (seed % 2147483646) + 1
  return (sides) => {
    state = (state * 48271) % 2147483647
    return state % sides
  }
}

const TEXTS = [
  '',
  '\0',
  '\uD800',
  '__proto__',
  'constructor',
  '(((((((((((',
  'auth_pass 12345678',
  '::',
  '::ffff:1.2.3.4',
  '999.999.999.999/99',
  '10.77.1.0/33',
  ':'.repeat(200),
  '(x) received an invalid passwd!',
  'vrrp_instance x {\n  unicast_peer {\n',
  'A thread timer expired 99999999999999999999 seconds ago',
  '*.* stop\npeers x\n',
  'MASTER',
  'FAULT',
  'ERROR',
  'PENDING_UPDATE',
  'UDP',
]
const NUMBERS = [NaN, Infinity, -Infinity, -1, 0, 1e308, 2 ** 53, 0.5, 8.64e15 + 1]
const REASONS = ['ssh.refused', 'notYet', 'neutron.notFound', 'amphora.haproxySilent'] as const
/** Fields that may be missing. */
const OPTIONAL = new Set(
  `live inspection ownership comparisons since failure managementAddress role basePriority restarts evidence line
  portSecurityEnabled qosPolicyId hostId host imageId taskState computeId vrrpAddress vrrpPortId vrrpInterface
  vrrpPriority certificateExpiresAt createdAt updatedAt healthMonitor vipPortId vipSubnetId vipNetworkId
  vipQosPolicyId protocol portFrom portTo keyIdentifiers left right leftLine rightLine errorMs`.split(
    /\s+/,
  ),
)

const asFacts = (draft: FactsDraft): LoadBalancerFacts => draft as LoadBalancerFacts

type Node = Record<string, unknown>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** Damages one place, keeping to what the types allow: facts get lost, texts and numbers are anything, lists empty or long. */
function damage(root: Node, roll: (sides: number) => number): void {
  let node: Node = root
  for (let depth = roll(9); ; depth -= 1) {
    const keys = Object.keys(node)
    const key = keys[roll(Math.max(1, keys.length))]
    if (key === undefined) return
    const child = node[key]
    if (depth > 0 && isNode(child)) {
      node = child
      continue
    }
    node[key] = damaged(key, child, roll)
    if (node[key] === undefined) Reflect.deleteProperty(node, key)
    return
  }
}

function damaged(key: string, child: unknown, roll: (sides: number) => number): unknown {
  // `left` is a text in a difference, and a whole side in a comparison.
  const isSide = (key === 'left' || key === 'right') && isNode(child)
  if (OPTIONAL.has(key) && !isSide && roll(2)) return undefined
  if (typeof child === 'string') return TEXTS[roll(TEXTS.length)]
  if (typeof child === 'number') return NUMBERS[roll(NUMBERS.length)]
  if (typeof child === 'boolean') return !child
  if (Array.isArray(child)) {
    if (roll(2)) return []
    return Array.from(
      { length: 3 * child.length },
      (_, place): unknown => child[place % child.length],
    )
  }
  if (isNode(child) && 'value' in child) return { unknown: REASONS[roll(REASONS.length)] }
  return child
}

describe('damaged facts', () => {
  it(`never make a rule throw, nor a finding without a severity (seed ${SEED})`, () => {
    const roll = dice(SEED)
    const start = [healthyFacts(), healthyFacts()]
    twoOwners(start[1]!)
    log(start[1]!, 0, '(x) received an invalid passwd!', 'Netlink reports eth1 down')
    let facts = structuredClone(start[0]!)
    const strange: Finding[] = []
    let found = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      // Damages add up for some rounds: a copy costs more than a diagnosis.
      if (round % 25 === 0) facts = structuredClone(start[roll(2)]!)
      damage(facts, roll)
      const damagedFacts = { ...asFacts(facts) }
      // Each round asks a quarter of the rules, and every tenth one for the whole diagnosis.
      for (const [place, rule] of RULES.entries()) {
        if (place % 4 === round % 4) found += rule.judge(damagedFacts).length
      }
      if (round % 10) continue
      const { findings } = diagnose(damagedFacts)
      strange.push(
        ...findings.filter(
          ({ severity, proofs }) => !SEVERITIES.includes(severity) || proofs.length > 8,
        ),
      )
    }
    expect(strange).toEqual([])
    expect(found).toBeGreaterThan(ROUNDS)
  }, 180_000)

  it('are judged in proportion to their size', () => {
    const facts = healthyFacts()
    const reads = { count: 0 }
    const size = (times: number): number => {
      const text = '(x) received lower priority (90) advert from 10.77.1.12 - discarding'
      for (const each of facts.sides) {
        if (!('value' in each.lines)) continue
        const [line] = each.lines.value
        each.lines.value = Array.from({ length: times }, () => counting({ ...line!, text }, reads))
      }
      reads.count = 0
      diagnose({ ...asFacts(facts) })
      return reads.count
    }
    const [small, large] = [size(1000), size(10_000)]
    expect(small).toBeGreaterThan(1000)
    expect(large / small).toBeLessThan(11)
  })
})

/** Counts how often anything of it is read. */
const counting = <T extends object>(value: T, reads: { count: number }): T =>
  new Proxy(value, {
    get(target, key, receiver) {
      reads.count += 1
      return Reflect.get(target, key, receiver) as unknown
    },
  })
