import type { LineMeaning, VrrpState } from '../../../preload/contract/pair'
import { INSTANCE_RULES, PROCESS_RULES, type Rule } from './messages'

/** What one message of keepalived or systemd says. A field that the message does not hold is absent. */
export interface Classification {
  meaning: LineMeaning
  /** Name of the VRRP instance: Octavia uses the load balancer's id without dashes. */
  instance?: string
  /** The state the instance is in from now on. */
  state?: VrrpState
  /** Address of the peer the message is about. */
  peer?: string
  /** Priority in the peer's advert. */
  priority?: number
  /** Own priority at that moment. */
  ownPriority?: number
  script?: string
  /** Exit status of the script or process. */
  exitStatus?: number
  /** Number of the signal that ended the script or process. */
  signal?: number
  interface?: string
  /** The address that was set, removed, announced or missed. */
  address?: string
  /** Unit that systemd speaks of, or its description where older releases print just that. */
  unit?: string
  /** Process that started or died. */
  pid?: number
  /** Of keepalived, such as `2.2.7`. */
  version?: string
  /** How late a timer was, in seconds. */
  lateSeconds?: number
  /** Line of the configuration that is wrong, from 1. */
  configLine?: number
}

/** `(I) `, `(I): ` since 2.0; `VRRP_Instance(I) `, `VRRP_Instance(I): ` before. A file name with its line is no instance. */
const INSTANCE = /^(?:VRRP_Instance)?\(([^()\s:]{1,255})\):? /

/** No message of keepalived is longer; nothing behind this changes its meaning. */
const LONGEST = 2048

const NUMBERS = new Set([
  'priority',
  'ownPriority',
  'exitStatus',
  'signal',
  'pid',
  'lateSeconds',
  'configLine',
])

/**
 * Tells what a message of keepalived 1.2 to 2.4, or of systemd about keepalived and haproxy, means for failover.
 * The message is what follows the prefix of a log line. Severity is of no use: keepalived logs nearly all as `info`.
 */
export function classify(message: string): Classification {
  const text = message.slice(0, LONGEST).trimEnd()
  const instance = INSTANCE.exec(text)
  if (!instance) return apply(PROCESS_RULES, text) ?? { meaning: 'other' }
  const found = apply(INSTANCE_RULES, text.slice(instance[0].length)) ?? { meaning: 'other' }
  return { ...found, ...(instance[1] && { instance: instance[1] }) }
}

function apply(rules: readonly Rule[], text: string): Classification | undefined {
  for (const [pattern, meaning] of rules) {
    const match = pattern.exec(text)
    if (!match) continue
    const details = Object.entries(match.groups ?? {}).flatMap(
      ([name, value]: [string, string | undefined]) =>
        value === undefined ? [] : [[name, NUMBERS.has(name) ? Number(value) : value] as const],
    )
    const found: Classification = { meaning, ...Object.fromEntries(details) }
    const state = STATES[meaning]
    return state ? { ...found, state } : found
  }
  return undefined
}

const STATES: Partial<Record<LineMeaning, VrrpState>> = {
  enterMaster: 'MASTER',
  enterBackup: 'BACKUP',
  enterFault: 'FAULT',
}
