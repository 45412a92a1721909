import type { Difference } from '../../../preload/contract/compare'
import type { IniConfig, Setting } from '../config/ini'
import { REMOVED } from '../redact'
import type { Compared } from './compared'
import { contrast, differenceOf, type Entry } from './entries'

/** Settings whose values are secrets, or may be. */
const SECRET = /(?:^|_)(?:key|password|secret|token)$/

/** Everything an amphora-agent.conf says, by `section.key`; lists of addresses in one order. */
export const agentEntries = ({ settings }: IniConfig): Entry[] =>
  settings.map((setting) => ({
    path: `${setting.section}.${setting.key}`,
    value: comparable(setting),
    line: setting.line,
  }))

/** The order of controllers means nothing: heartbeats go to one after the other. */
const comparable = ({ key, value }: Setting): string =>
  key.endsWith('_list')
    ? value
        .split(/\s*,\s*/)
        .sort()
        .join(', ')
    : value

/**
 * Compares the amphora-agent.conf of two amphorae. Each has its own id; everything else should be the same.
 *
 * @param secrets whether the heartbeat keys are the same, where that is known: the texts do not tell
 */
export function compareAgents(
  left: IniConfig,
  right: IniConfig,
  secrets: { heartbeatKeysEqual?: boolean } = {},
): Compared {
  const entries = [agentEntries(left), agentEntries(right)] as const
  const differences = contrast(...entries).map((found) => {
    const key = found.path.split('.').at(-1) ?? ''
    if (key === 'amphora_id' && found.left && found.right)
      return differenceOf(found, 'expected', 'ownId')
    return hidden(differenceOf(found, 'drift', effectOf(key)), key)
  })
  const [one, other] = entries.map((side) => side.find(({ path }) => OWN_ID.test(path)))
  if (one && other && one.value === other.value) {
    differences.push(differenceOf({ path: one.path, left: one, right: other }, 'drift', 'sameId'))
  }
  const keys = entries.map((side) => side.find(({ path }) => path.endsWith('.heartbeat_key')))
  const [key, otherKey] = keys
  const unjudged: { path: string; why: string }[] = []
  if (key && otherKey && key.value === otherKey.value && key.value.startsWith(REMOVED)) {
    if (secrets.heartbeatKeysEqual === undefined)
      unjudged.push({ path: key.path, why: 'passwordRemoved' })
    else if (!secrets.heartbeatKeysEqual)
      differences.push(
        differenceOf({ path: key.path, left: key, right: otherKey }, 'drift', 'heartbeatKey'),
      )
  }
  return { differences, unjudged }
}

const OWN_ID = /^amphora_agent\.amphora_id$/

function effectOf(key: string): string {
  if (key === 'controller_ip_port_list') return 'heartbeatTargets'
  if (key === 'heartbeat_key') return 'heartbeatKey'
  return key.startsWith('heartbeat') ? 'heartbeat' : 'agentSetting'
}

function hidden(difference: Difference, key: string): Difference {
  if (!SECRET.test(key)) return difference
  return {
    ...difference,
    ...(difference.left !== undefined && { left: REMOVED }),
    ...(difference.right !== undefined && { right: REMOVED }),
  }
}

/** One setting that is not the same on all amphorae of a fleet. */
export interface FleetSetting {
  /** `section.key`. */
  path: string
  /** Most frequent first; those that lack the setting have no value. */
  values: readonly { value?: string; amphoraIds: readonly string[] }[]
}

/** Settings by `section.key` of each amphora, without what belongs to the single amphora: those that differ, by path. */
export function settingsOverFleet(
  fleet: readonly { amphoraId: string; settings: Readonly<Record<string, string>> }[],
): FleetSetting[] {
  const paths = new Set(fleet.flatMap(({ settings }) => Object.keys(settings)))
  return [...paths].sort().flatMap((path) => {
    if (OWN_ID.test(path) || SECRET.test(path)) return []
    const holders = new Map<string | undefined, string[]>()
    for (const { amphoraId, settings } of fleet) {
      const value = Object.hasOwn(settings, path) ? settings[path] : undefined
      holders.set(value, [...(holders.get(value) ?? []), amphoraId])
    }
    if (holders.size < 2) return []
    const values = Array.from(holders, ([value, amphoraIds]) => ({
      ...(value !== undefined && { value }),
      amphoraIds,
    }))
    return [{ path, values: values.sort((a, b) => b.amphoraIds.length - a.amphoraIds.length) }]
  })
}
