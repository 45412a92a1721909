import type { LineMeaning } from '../../../preload/contract/pair'
import { valueOf } from '../fact'
import { classify, type Classification } from '../keepalived/classify'
import { quoteApi, quoteFile, quoteLine } from './proof'
import { eachSideOfPair, othersOf, type Reading, type Side } from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, judged } from './verdict'

const OCTAVIA_PRIORITIES: Readonly<Record<string, number>> = { MASTER: 100, BACKUP: 90 }

/** keepalived runs with another priority than the controller gave. */
const priorityChanged: Rule = {
  id: 'vrrp.priority-changed',
  modes: [37],
  explains: ['vrrp.config-drift'],
  judge: eachSideOfPair((side, reading) => {
    const { amphorae } = reading.facts
    const told = 'value' in amphorae ? undefined : toldPriority(side, reading)
    if (told) return told
    return judged(
      side.subject,
      { keepalivedConfig: side.settings, amphorae },
      ({ keepalivedConfig: { file, instance } }) => {
        const { amphora } = side
        const expected = amphora?.vrrpPriority ?? OCTAVIA_PRIORITIES[amphora?.role ?? '']
        const { priority } = instance
        if (!priority || expected === undefined || priority.value === expected) return fine
        return holds(
          'medium',
          side.subject,
          { amphora: side.id, priority: priority.value, expected },
          [
            quoteFile(side.id, file, priority.line, side.settings),
            quoteApi(`GET /v2/octavia/amphorae/${side.id}`, 'vrrp_priority', expected, amphorae),
          ],
        )
      },
    )
  }),
}

/** Without the API: a priority that Octavia gives nobody, by the last line of either log that tells it. */
function toldPriority(side: Side, reading: Reading): Verdict | undefined {
  const [other, ...more] = othersOf(side, reading)
  if (!other || more.length) return undefined
  const own = lastPriority(side, ({ ownPriority }) => ownPriority)
  const heard = lastPriority(other, ({ priority }) => priority)
  const last = (own?.line.at ?? -Infinity) > (heard?.line.at ?? -Infinity) ? own : heard
  if (!last) return undefined
  const given = Object.values(OCTAVIA_PRIORITIES)
  if (given.includes(last.value)) return fine
  return holds(
    'medium',
    side.subject,
    { amphora: side.id, priority: last.value, expected: given.join(' / ') },
    [quoteLine(last.line, last.of.facts.lines)],
    last.line.at,
  )
}

/** The newest line of a log that names a priority. */
function lastPriority(of: Side, pick: (said: Classification) => number | undefined) {
  const line = valueOf(of.facts.lines)?.findLast(
    ({ meaning, text }) => TELL_PRIORITIES.has(meaning) && pick(classify(text)) !== undefined,
  )
  const value = line && pick(classify(line.text))
  return line && value !== undefined ? { line, of, value } : undefined
}

const TELL_PRIORITIES = new Set<LineMeaning>(['higherPriority', 'lowerPriority'])

/** `state MASTER` clears `nopreempt`: the VIP comes back, and clients are cut twice. Octavia writes it so up to 14. */
const nopreemptCleared: Rule = {
  id: 'vrrp.nopreempt-cleared',
  modes: [17],
  judge: eachSideOfPair((side) =>
    judged(
      side.subject,
      { keepalivedConfig: side.settings },
      ({ keepalivedConfig: { file, instance } }) => {
        const { state, nopreempt } = instance
        if (state?.value !== 'MASTER' || !nopreempt) return fine
        return holds('info', side.subject, { amphora: side.id }, [
          quoteFile(side.id, file, state.line, side.settings),
          quoteFile(side.id, file, nopreempt.line, side.settings),
        ])
      },
    ),
  ),
}

/** The MASTER does not repeat its gratuitous ARP: a router that missed the first keeps the old address. */
const garpRefreshOff: Rule = {
  id: 'vrrp.garp-refresh-off',
  modes: [19],
  judge: eachSideOfPair((side) =>
    judged(
      side.subject,
      { keepalivedConfig: side.settings },
      ({ keepalivedConfig: { file, instance } }) => {
        const refresh = instance.garp['garp_master_refresh']
        if (refresh && refresh.value !== '0') return fine
        return holds('low', side.subject, { amphora: side.id }, [
          quoteFile(side.id, file, refresh?.line ?? instance.line, side.settings),
        ])
      },
    ),
  ),
}

/** Rules about what one side's configuration says by itself. */
export const settingRules: readonly Rule[] = [priorityChanged, nopreemptCleared, garpRefreshOff]
