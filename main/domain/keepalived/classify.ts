import type { LineMeaning, VrrpState } from '../../../preload/contract/pair'
import { INSTANCE_RULES, PROCESS_RULES } from './messages'
import { RuleIndex } from './ruleIndex'

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

const ABOUT_INSTANCE = new RuleIndex(INSTANCE_RULES)
const ABOUT_PROCESS = new RuleIndex(PROCESS_RULES)

/** The meaning alone, as `classify` tells it, for logs of any length. */
export function meaningOf(message: string): LineMeaning {
  const { rule } = read(message)
  return rule ? rule[1] : 'other'
}

/**
 * Tells what a message of keepalived 1.2 to 2.4, or of systemd about keepalived and haproxy, means for failover.
 * The message is what follows the prefix of a log line. Severity is of no use: keepalived logs nearly all as `info`.
 */
export function classify(message: string): Classification {
  const { rule, instance, text } = read(message)
  if (!rule) return { meaning: 'other', ...(instance && { instance }) }
  const [pattern, meaning] = rule
  const details = Object.entries(pattern.exec(text)?.groups ?? {}).flatMap(
    ([name, value]: [string, string | undefined]) =>
      value === undefined ? [] : [[name, NUMBERS.has(name) ? Number(value) : value] as const],
  )
  const state = STATES[meaning]
  return {
    meaning,
    ...Object.fromEntries(details),
    ...(state && { state }),
    ...(instance && { instance }),
  }
}

/** The rule that fits, and what it fits: the text behind the name of the instance, where there is one. */
function read(message: string) {
  const text = message.slice(0, LONGEST).trimEnd()
  const named = INSTANCE.exec(text)
  if (!named) return { rule: ABOUT_PROCESS.find(text), text }
  const said = text.slice(named[0].length)
  return { rule: ABOUT_INSTANCE.find(said), instance: named[1], text: said }
}

const STATES: Partial<Record<LineMeaning, VrrpState>> = {
  enterMaster: 'MASTER',
  enterBackup: 'BACKUP',
  enterFault: 'FAULT',
}
