import type { HaproxyRow } from '../../../preload/contract/inspect'
import type { Member } from '../../../preload/contract/loadBalancer'
import type { Fact } from '../../../preload/contract/common'
import { valueOf } from '../fact'
import { quoteAmphora, quoteApi } from './proof'
import { inspected, owns, whole, type Reading } from './reading'
import type { Rule, Verdict } from './rule'
import { fine, holds, listed, unjudged } from './verdict'

/** No member of a pool answers its checks: clients get 503, or nothing. */
const allDown: Rule = {
  id: 'members.all-down',
  modes: [],
  judge: whole((reading) =>
    eachPool(reading, ({ down, total }) => (down && down === total ? 'critical' : undefined)),
  ),
}

/** Some members of a pool do not answer: the others carry their share. */
const someDown: Rule = {
  id: 'members.some-down',
  modes: [],
  judge: whole((reading) =>
    eachPool(reading, ({ down, total }) => (down && down < total ? 'medium' : undefined)),
  ),
}

/** Rules about members. */
export const memberRules: readonly Rule[] = [allDown, someDown]

/** What haproxy says of its servers on the amphora that serves clients; any other when nobody does. */
function statOf({ sides }: Reading): { rows: Fact<readonly HaproxyRow[]>; amphoraId: string } {
  const owner = sides.find(owns) ?? sides[0]
  if (!owner) return { rows: { unknown: 'notMeasured' }, amphoraId: '' }
  return { rows: inspected(owner, ({ haproxy }) => haproxy.stat), amphoraId: owner.id }
}

/** One verdict for each pool that is in use; haproxy's word counts, the API's where haproxy was not asked. */
function eachPool(
  reading: Reading,
  severity: (counted: { down: number; total: number }) => 'critical' | 'medium' | undefined,
): readonly Verdict[] {
  const { facts, loadBalancer } = reading
  const detail = valueOf(facts.detail)
  if (!detail || !loadBalancer) {
    const reason = 'unknown' in facts.detail ? facts.detail.unknown : 'notMeasured'
    return eachBackend(reading, severity) ?? [unjudged(reading.pair, 'loadBalancer', reason)]
  }
  const { rows, amphoraId } = statOf(reading)
  const statuses = serverStatuses(valueOf(rows) ?? [])
  return detail.pools.flatMap((pool) => {
    const used = pool.members.filter(({ adminStateUp, weight }) => adminStateUp && weight > 0)
    // Without a monitor nobody knows how its members are.
    if (!used.length || !pool.healthMonitor?.adminStateUp || !pool.adminStateUp) return []
    const judgedMembers = used.map((member) => ({ member, down: isDown(member, statuses) }))
    const down = judgedMembers.filter((each) => each.down)
    const found = severity({ down: down.length, total: used.length })
    const subject = { kind: 'pool', id: pool.id, ...(pool.name && { name: pool.name }) } as const
    const [first] = down
    if (!found || !first) return [fine]
    return [
      holds(
        found,
        subject,
        {
          pool: pool.name || pool.id,
          down: down.length,
          total: used.length,
          members: listed(
            down.map(({ member }) => member.name || `${member.address}:${member.port}`),
          ),
        },
        down.slice(0, 4).map(({ member }) => {
          const row = statuses.get(member.id)
          return row
            ? quoteRow(amphoraId, row, rows)
            : quoteApi(
                `GET /v2/lbaas/pools/${pool.id}/members/${member.id}`,
                'operating_status',
                member.operatingStatus,
                facts.detail,
              )
        }),
      ),
    ]
  })
}

/** Without the API: what haproxy says of the servers of each backend, where it says how many of them are left. */
function eachBackend(
  reading: Reading,
  severity: (counted: { down: number; total: number }) => 'critical' | 'medium' | undefined,
): readonly Verdict[] | undefined {
  const { rows, amphoraId } = statOf(reading)
  const known = valueOf(rows)
  if (!known || 'value' in reading.facts.detail) return undefined
  const backends = known.filter(
    ({ kind, proxy, columns }) =>
      kind === 'backend' && !proxy.includes('prometheus') && columns['act'] !== undefined,
  )
  if (!backends.length) return undefined
  return backends.map(({ proxy, columns }) => {
    const down = known.filter(
      (row) => row.kind === 'server' && row.proxy === proxy && DOWN.test(row.status),
    )
    const total = down.length + Number(columns['act']) + Number(columns['bck'] ?? 0)
    const found = severity({ down: down.length, total })
    const [pool = proxy] = proxy.split(':')
    if (!found) return fine
    return holds(
      found,
      { kind: 'pool', id: pool },
      { pool, total, down: down.length, members: listed(down.map(({ name }) => name)) },
      down.slice(0, 4).map((row) => quoteRow(amphoraId, row, rows)),
    )
  })
}

const quoteRow = (amphoraId: string, row: HaproxyRow, of: Fact<unknown>) =>
  quoteAmphora(
    amphoraId,
    'show stat',
    `${row.proxy},${row.name} ${row.status} ${row.columns['check_status'] ?? ''} ${row.columns['last_chk'] ?? ''}`.trim(),
    of,
  )

/** A member's row; of several listeners that use its pool, the one that is worst off. */
function serverStatuses(rows: readonly HaproxyRow[]): ReadonlyMap<string, HaproxyRow> {
  const byMember = new Map<string, HaproxyRow>()
  for (const row of rows) {
    if (row.kind !== 'server') continue
    const known = byMember.get(row.name)
    if (!known || (DOWN.test(row.status) && !DOWN.test(known.status))) byMember.set(row.name, row)
  }
  return byMember
}

const DOWN = /^DOWN/

function isDown(member: Member, statuses: ReadonlyMap<string, HaproxyRow>): boolean {
  const row = statuses.get(member.id)
  return row ? DOWN.test(row.status) : member.operatingStatus === 'ERROR'
}
