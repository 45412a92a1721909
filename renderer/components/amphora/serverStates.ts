/** What haproxy does with a server, by `srv_op_state`; words under `inspect.haproxy.operations.*`. */
const OPERATIONS = ['stopped', 'starting', 'running', 'stopping'] as const

/** Why a server is out of use, by the bits of `srv_admin_state`; words under `inspect.haproxy.administrations.*`. */
const REASONS = [
  [1, 'forcedMaintenance'],
  [2, 'inheritedMaintenance'],
  [4, 'configuredMaintenance'],
  [8, 'forcedDrain'],
  [16, 'inheritedDrain'],
  [32, 'unresolved'],
] as const

/** What haproxy does with a server; undefined for a state that nobody knows. */
export const operationOf = (state: string | undefined): (typeof OPERATIONS)[number] | undefined =>
  state ? OPERATIONS[Number(state)] : undefined

/** Everything that keeps a server out of use, or `inUse`; undefined where it is not said. */
export function administrationOf(
  state: string | undefined,
): readonly ((typeof REASONS)[number][1] | 'inUse')[] | undefined {
  if (!state || !/^\d+$/.test(state)) return undefined
  const reasons = REASONS.filter(([bit]) => (Number(state) & bit) !== 0).map(([, reason]) => reason)
  return reasons.length > 0 ? reasons : ['inUse']
}
