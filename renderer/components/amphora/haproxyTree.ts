import type { HaproxyRow } from '../../../preload/contract/inspect'

/** A backend with its servers. */
interface HaproxyBackend {
  row: HaproxyRow
  servers: readonly HaproxyRow[]
}

/** A frontend with the backends that only it uses; `frontend` is absent for backends that several may use. */
export interface HaproxyGroup {
  frontend: HaproxyRow | undefined
  backends: readonly HaproxyBackend[]
}

/**
 * `show stat` as the traffic flows. Since Octavia 5 a backend is named `pool:listener`, and the frontend `listener`;
 * backends of older releases, and those of no known frontend, are gathered at the end.
 */
export function haproxyTree(rows: readonly HaproxyRow[]): HaproxyGroup[] {
  const servers = new Map<string, HaproxyRow[]>()
  for (const row of rows)
    if (row.kind === 'server') servers.set(row.proxy, [...(servers.get(row.proxy) ?? []), row])
  const backends = rows
    .filter(({ kind }) => kind === 'backend')
    .map((row): HaproxyBackend => ({ row, servers: servers.get(row.proxy) ?? [] }))
  const groups: HaproxyGroup[] = rows
    .filter(({ kind }) => kind === 'frontend')
    .map((frontend) => ({
      frontend,
      backends: backends.filter(({ row }) => row.proxy.split(':')[1] === frontend.proxy),
    }))
  const placed = new Set(groups.flatMap((group) => group.backends))
  const rest = backends.filter((backend) => !placed.has(backend))
  return rest.length > 0 ? [...groups, { frontend: undefined, backends: rest }] : groups
}

/** A number of `show stat`; undefined where the column is empty or missing. */
export function statNumber(row: HaproxyRow, column: string): number | undefined {
  const text = row.columns[column]
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
