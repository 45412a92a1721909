import type { ServiceState } from '../../../preload/contract/inspect'

const ROLES: readonly (readonly [RegExp, ServiceState['role']])[] = [
  [/^octavia-keepalived\.service$/, 'keepalived'],
  [/^octavia-keepalivedlvs-/, 'lvs'],
  [/^haproxy-/, 'haproxy'],
  [/-netns\.service$/, 'netns'],
  [/^(?:octavia-agent-)?certs-ramfs\.service$/, 'certs'],
  [/^(?:amphora|octavia)-agent\.service$/, 'agent'],
  [/^prometheus-proxy/, 'prometheus'],
]

/** What a unit is for, whatever its image calls it: diskimage-builder's names and those of Debian's package. */
export const roleOfUnit = (unit: string): ServiceState['role'] =>
  ROLES.find(([pattern]) => pattern.test(unit))?.[1] ?? 'other'

/** Names of units in the answer of `systemctl list-units --plain --no-legend`, also with a mark in front. */
export const parseUnitNames = (text: string): string[] =>
  text
    .split('\n')
    .flatMap(
      (line) =>
        /^(?:[●*○×] )?\s{0,4}([A-Za-z0-9][A-Za-z0-9:_.@-]{0,240}\.service)\s/.exec(line)?.[1] ?? [],
    )

/** `nf_conntrack_count` and `nf_conntrack_max`, one per line. */
export function parseConntrack(text: string): { count: number; limit: number } | undefined {
  const [, count, limit] = /^(\d{1,12})\n(\d{1,12})\n?$/.exec(text) ?? []
  return count === undefined ? undefined : { count: Number(count), limit: Number(limit) }
}
