import { quoteApi, quoteFile } from './proof'
import { eachSideOfPair } from './reading'
import type { Rule } from './rule'
import { fine, holds, judged } from './verdict'

const OCTAVIA_PRIORITIES: Readonly<Record<string, number>> = { MASTER: 100, BACKUP: 90 }

/** The priority in the file is not the one that the controller gave. */
const priorityChanged: Rule = {
  id: 'vrrp.priority-changed',
  modes: [37],
  explains: ['vrrp.config-drift'],
  judge: eachSideOfPair((side, { facts }) =>
    judged(
      side.subject,
      { keepalivedConfig: side.settings, amphorae: facts.amphorae },
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
            quoteApi(
              `GET /v2/octavia/amphorae/${side.id}`,
              'vrrp_priority',
              expected,
              facts.amphorae,
            ),
          ],
        )
      },
    ),
  ),
}

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
