import type { LineMeaning, LogLine } from '../../../preload/contract/pair'
import { allKnown, valueOf } from '../fact'
import { quoteAmphora, quoteLine } from './proof'
import { eachSideOfPair, wholePair, type Side } from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, judged } from './verdict'

/** What is over is told for so long. */
const TOLD_MS = 5 * 60_000
const FLAPPING_MS = 2 * 60_000
const FLAPPING_TIMES = 5
/** A backup that waits longer than this has taken over meanwhile. */
const FROZEN_SECONDS = 3
/** What explains that a MASTER steps down stands so close before it. */
const EXPLAINED_MS = 2000

/** keepalived, or the whole machine, stood still while it should have sent adverts. */
const frozen: Rule = {
  id: 'vrrp.frozen',
  modes: [18],
  explains: ['vrrp.two-owners', 'vrrp.no-owner', 'vrrp.flapping'],
  judge: eachSideOfPair((side, { facts: { now } }) => {
    const { counters, lines } = side.facts
    const counted = valueOf(counters)
    const state = valueOf(side.vrrp)
    const counting =
      counted && state === 'MASTER' && counted.seconds >= FROZEN_SECONDS && wasMaster(side)
    if (counting && counted.last.sent === counted.first.sent) {
      const text = `State = MASTER, Sent: +0 in ${counted.seconds} s`
      return holds(
        'high',
        side.subject,
        { amphora: side.id, seconds: Math.round(counted.seconds), times: 1 },
        [quoteAmphora(side.id, 'keepalived.stats', text, counters)],
      )
    }
    return judged(side.subject, { log: lines }, ({ log }) => {
      const late = log.filter(
        (line) => line.meaning === 'starved' && now - line.at <= TOLD_MS && secondsLate(line) >= 0,
      )
      const longest = Math.max(0, ...late.slice(-1000).map(secondsLate))
      if (longest < FROZEN_SECONDS) return fine
      return holds(
        late.length > 1 ? 'medium' : 'info',
        side.subject,
        { amphora: side.id, seconds: Math.round(longest * 10) / 10, times: late.length },
        late.slice(-3).map((line) => quoteLine(line, lines)),
        late[0]?.at,
      )
    })
  }),
}

/** The VRRP process died, and keepalived started it anew. */
const childDied: Rule = {
  id: 'vrrp.child-died',
  modes: [13],
  judge: pastEvent(
    (line) => line.meaning === 'died' && /child process\(\d+\) died/.test(line.text),
  ),
}

/** A MASTER that steps down without any cause in its log: its VIP was taken off the interface. */
const steppedDown: Rule = {
  id: 'vrrp.stepped-down-unexplained',
  modes: [11],
  judge: eachSideOfPair((side, { facts: { now } }) =>
    judged(side.subject, { log: side.facts.lines }, ({ log }) => {
      let master = false
      let explainedAt = -Infinity
      let found: LogLine | undefined
      for (const line of log) {
        if (EXPLAINS.has(line.meaning)) explainedAt = line.at
        if (line.meaning === 'enterBackup' && master && line.at - explainedAt > EXPLAINED_MS) {
          found = line
        }
        if (line.meaning === 'enterMaster') master = true
        else if (STATES.has(line.meaning)) master = false
      }
      if (!found || now - found.at > TOLD_MS) return fine
      return holds(
        'info',
        side.subject,
        { amphora: side.id },
        [quoteLine(found, side.facts.lines)],
        found.at,
      )
    }),
  ),
}

/** The VIP goes to and fro. */
const flapping: Rule = {
  id: 'vrrp.flapping',
  modes: [1, 18],
  judge: wholePair(({ pair, sides, facts: { now } }) =>
    judged(pair, { log: allKnown(sides.map(({ facts }) => facts.lines)) }, () => {
      const taken = sides.flatMap((side) =>
        (valueOf(side.facts.lines) ?? [])
          .filter(({ meaning, at }) => meaning === 'enterMaster' && now - at <= FLAPPING_MS)
          .map((line) => ({ line, of: side.facts.lines })),
      )
      if (taken.length < FLAPPING_TIMES) return fine
      taken.sort((one, other) => one.line.at - other.line.at)
      return holds(
        'high',
        pair,
        { times: taken.length, minutes: FLAPPING_MS / 60_000 },
        taken.slice(-4).map(({ line, of }) => quoteLine(line, of)),
        taken[0]?.line.at,
      )
    }),
  ),
}

/** Rules about what happened a short time ago. */
export const eventRules: readonly Rule[] = [frozen, childDied, steppedDown, flapping]

/** A line of the last minutes: worth knowing once, a fault when it repeats. */
function pastEvent(fits: (line: LogLine) => boolean): Rule['judge'] {
  return eachSideOfPair((side: Side, { facts: { now } }): Verdict =>
    judged(side.subject, { log: side.facts.lines }, ({ log }) => {
      const found = log.filter((line) => now - line.at <= TOLD_MS && fits(line))
      if (!found.length) return fine
      return holds(
        found.length > 1 ? 'medium' : 'info',
        side.subject,
        { amphora: side.id, times: found.length },
        found.slice(-3).map((line) => quoteLine(line, side.facts.lines)),
        found[0]?.at,
      )
    }),
  )
}

const secondsLate = ({ text }: LogLine): number =>
  Number(/expired (\d{1,9}(?:\.\d{1,9})?)/.exec(text)?.[1] ?? 0)

const STATES = new Set<LineMeaning>(['enterBackup', 'enterFault', 'starting', 'stopped', 'died'])
const EXPLAINS = new Set<LineMeaning>([
  'higherPriority',
  'scriptFailed',
  'scriptSucceeded',
  'linkDown',
  'linkUp',
  'starting',
  'stopping',
  'stopped',
  'reloading',
  'died',
  'starved',
  'mismatch',
])

/** Whether it has been what it is since before its counters were looked at. */
function wasMaster({ facts: { live, counters } }: Side): boolean {
  const since = valueOf(live?.lastTransition)
  if (since === undefined || !('value' in counters)) return false
  return since < counters.at - counters.value.seconds * 1000
}
