import type { VrrpState } from '../../../preload/contract/pair'
import type { VrrpCounters, VrrpInstance } from './dump'

const STATES = new Set<string>(['INIT', 'BACKUP', 'MASTER', 'FAULT'])

const START = /^ ?VRRP Instance(?: = |: )(\S{1,255})\s*$/
/** `------< VRRP Sockpool >------`: what follows speaks of instances again, but not about their state. */
const CHAPTER = /^-{3,}< ?([^>]{1,80}?) ?>-{3,}/
const FIELD = /^ {1,12}([A-Za-z][^=:]{0,60}?) ?(?:=|:) ?(.*)$/
const ITEM = /^ {5,12}([0-9a-fA-F.:]{2,45})(?:\/\d{1,3})?(?: |$)/

/** Counters by the heading they stand under; those that stand alone have none. */
const COUNTERS: Readonly<Record<string, keyof VrrpCounters>> = {
  'advertisements/received': 'advertsReceived',
  'advertisements/sent': 'advertsSent',
  '/became master': 'becameMaster',
  '/released master': 'releasedMaster',
  'packet errors/length': 'packetLengthErrors',
  'packet errors/ttl': 'ttlErrors',
  'packet errors/invalid type': 'invalidTypeErrors',
  'packet errors/advertisement interval': 'advertIntervalErrors',
  'packet errors/address list': 'addressListErrors',
  'authentication errors/invalid type': 'authInvalidType',
  'authentication errors/type mismatch': 'authTypeMismatch',
  'authentication errors/failure': 'authFailure',
  'priority zero/received': 'priorityZeroReceived',
  'priority zero/sent': 'priorityZeroSent',
}

/** Reads `keepalived.data` and `keepalived.stats`, also one behind the other; instances of the same name are one. */
export function readTextDump(dump: string): VrrpInstance[] {
  const byName = new Map<string, VrrpInstance>()
  let instance: VrrpInstance | undefined
  let heading = ''
  for (const line of dump.split('\n')) {
    const [, name] = START.exec(line) ?? []
    if (name) {
      instance = byName.get(name) ?? { name, vips: [], peers: [], counters: {} }
      byName.set(name, instance)
      heading = ''
      continue
    }
    if (CHAPTER.test(line)) instance = undefined
    if (!instance || line.length > 4096) continue

    const [, item] = ITEM.exec(line) ?? []
    if (item) {
      addItem(instance, heading, item, / set\s*$/.test(line))
      continue
    }
    const [, key = '', value = ''] = FIELD.exec(line.trimEnd()) ?? []
    if (!key) continue
    // Counters are indented below a heading of two spaces; fields of the other dump have three.
    const indent = line.length - line.trimStart().length
    const counter = COUNTERS[`${indent > 2 ? heading : ''}/${key.toLowerCase()}`]
    if (counter && /^\d{1,15}$/.test(value)) instance.counters[counter] = Number(value)
    else readField(instance, key.toLowerCase(), value)
    if (!value || /^virtual ip|^unicast peer/i.test(key)) heading = key.toLowerCase()
    else if (indent <= 3) heading = ''
  }
  return [...byName.values()]
}

function addItem(instance: VrrpInstance, heading: string, address: string, set: boolean): void {
  if (heading.startsWith('virtual ip')) {
    instance.vips.push(address)
    if (set) instance.vipSet = true
  } else if (heading.startsWith('unicast peer')) {
    instance.peers.push(address)
  }
}

function readField(instance: VrrpInstance, key: string, value: string): void {
  const number = readNumber(value)
  switch (key) {
    case 'vrrp version':
      if (number !== undefined) instance.version = number
      break
    case 'state':
      if (STATES.has(value)) instance.state = value as VrrpState
      break
    case 'wantstate':
    case 'want state':
      if (STATES.has(value)) instance.wantState = value as VrrpState
      break
    case 'master router':
      if (ITEM.test(`     ${value}`)) instance.masterAddress = value
      break
    case 'master priority':
      if (number) instance.masterPriority = number
      break
    case 'last transition':
      if (number) instance.lastTransition = Math.round(number * 1e6) / 1000
      break
    case 'master down timer':
      if (number !== undefined && value.endsWith(' usecs')) instance.masterDownMs = number / 1000
      break
    case 'interface':
    case 'running on device':
    case 'runing on device':
      if (/^\S{1,64}$/.test(value)) instance.interface = value
      break
    case 'using src_ip':
    case 'using mcast src_ip':
      if (ITEM.test(`     ${value}`)) instance.sourceAddress = value.split(' ')[0] ?? value
      break
    case 'virtual router id':
      if (number !== undefined) instance.virtualRouterId = number
      break
    case 'priority':
      if (number !== undefined) instance.basePriority = number
      break
    case 'effective priority':
      if (number !== undefined) instance.effectivePriority = number
      break
    case 'advert interval':
      readInterval(instance, value)
      break
    case 'preempt':
      if (/^(?:en|dis)abled/.test(value)) instance.preempt = value.startsWith('en')
      break
    case 'number of interface and track script faults':
      if (number !== undefined) instance.faults = number
      break
    default:
      // 2.x writes ` set` behind each address it has put on the interface, so that its absence tells something.
      if (/^virtual ip \(\d+\)$/.test(key)) instance.vipSet ??= false
  }
}

/** `1 sec`, `1sec`, `1000 milli-sec` for VRRP 3. */
function readInterval(instance: VrrpInstance, value: string): void {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,6})?) ?(sec|milli-sec|centi-sec)/.exec(value) ?? []
  const factor = unit === 'sec' ? 1000 : unit === 'milli-sec' ? 1 : unit === 'centi-sec' ? 10 : 0
  if (factor) instance.advertIntervalMs = Number(amount) * factor
}

function readNumber(value: string): number | undefined {
  const [, digits] = /^(\d{1,15}(?:\.\d{1,9})?)(?:\s|$)/.exec(value) ?? []
  return digits === undefined ? undefined : Number(digits)
}
