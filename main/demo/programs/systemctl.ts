import type { Machine } from '../amphora/machine'
import { Unit } from '../amphora/systemd'
import { micros, systemdTime } from '../timestamps'
import { glob, type Invocation, type Program } from './program'
import { signalMachine } from './signals'

/** `systemctl` of systemd 252 for the units that matter on an amphora. */
export const systemctl: Program = async (call) => {
  const options = call.argv.filter((word) => word.startsWith('-'))
  const words = positional(call.argv)
  const verb = words.shift() ?? 'list-units'
  switch (verb) {
    case 'show':
      return show(call, words, options)
    case 'is-active':
      return isActive(call, words, options)
    case 'list-units':
      return listUnits(call, words, options)
    case 'stop':
    case 'start':
    case 'restart':
    case 'reload':
      return change(call, verb, words)
    case 'kill':
      return kill(call, words, options)
    case 'reset-failed':
      return resetFailed(call, words)
    default:
      call.err(`Unknown command verb ${verb}.\n`)
      return 1
  }
}

const TAKES_VALUE = ['-p', '-P', '-o', '-t', '-s', '-n']

const positional = (argv: readonly string[]): string[] =>
  argv.filter(
    (word, index) => !word.startsWith('-') && !TAKES_VALUE.includes(argv[index - 1] ?? ''),
  )

const fullName = (name: string): string =>
  /\.(service|mount|scope|slice|target|socket|timer)$/.test(name) ? name : `${name}.service`

function valueOf(argv: readonly string[], short: string, long: string): string[] {
  return argv.flatMap((word, index) => {
    if (word.startsWith(`--${long}=`)) return [word.slice(long.length + 3)]
    if (word === short || word === `--${long}`) return [argv[index + 1] ?? '']
    return word.startsWith(short) && word.length > 2 && !word.startsWith('--')
      ? [word.slice(2)]
      : []
  })
}

/** Properties in the order systemd prints them, whatever order was asked. */
const PROPERTIES: Record<string, (unit: Unit, machine: Machine, stamp: Stamp) => string> = {
  MainPID: (unit) => String(unit.mainPid),
  Result: (unit) => unit.result,
  NRestarts: (unit) => String(unit.restarts),
  ExecMainStartTimestamp: (unit, _, stamp) => stamp(unit.mainStartedAt),
  ExecMainStartTimestampMonotonic: (unit, machine) => monotonic(machine, unit.mainStartedAt),
  ExecMainPID: (unit) => String(unit.mainPid),
  Id: (unit) => unit.name,
  Names: (unit) => unit.name,
  Description: (unit) => unit.description,
  LoadState: (unit) => unit.load,
  ActiveState: (unit) => unit.active,
  FreezerState: () => 'running',
  SubState: (unit) => unit.sub,
  FragmentPath: (unit) => (unit.load === 'loaded' ? `/lib/systemd/system/${unit.name}` : ''),
  UnitFileState: (unit) => (unit.load === 'loaded' ? 'enabled' : ''),
  StateChangeTimestamp: (unit, _, stamp) => stamp(unit.stateChangedAt),
  StateChangeTimestampMonotonic: (unit, machine) => monotonic(machine, unit.stateChangedAt),
  InactiveExitTimestamp: (unit, _, stamp) => stamp(unit.inactiveExitedAt),
  InactiveExitTimestampMonotonic: (unit, machine) => monotonic(machine, unit.inactiveExitedAt),
  ActiveEnterTimestamp: (unit, _, stamp) => stamp(unit.activeEnteredAt),
  ActiveEnterTimestampMonotonic: (unit, machine) => monotonic(machine, unit.activeEnteredAt),
  ActiveExitTimestamp: (unit, _, stamp) => stamp(unit.activeExitedAt),
  ActiveExitTimestampMonotonic: (unit, machine) => monotonic(machine, unit.activeExitedAt),
  InactiveEnterTimestamp: (unit, _, stamp) => stamp(unit.inactiveEnteredAt),
  InactiveEnterTimestampMonotonic: (unit, machine) => monotonic(machine, unit.inactiveEnteredAt),
  InvocationID: (unit) => unit.invocationId,
}

type Stamp = (at: number | undefined) => string

const STAMPS: Record<string, Stamp> = {
  pretty: (at) => systemdTime(at),
  utc: (at) => systemdTime(at),
  us: (at) => systemdTime(at, true),
  'us+utc': (at) => systemdTime(at, true),
  unix: (at) => (at === undefined ? '' : `@${Math.floor(at / 1000)}`),
}

const monotonic = (machine: Machine, at: number | undefined): string =>
  at === undefined ? '0' : String(Math.max(1, micros(at - machine.journal.bootedAt)))

const missing = (name: string): Unit => {
  const unit = new Unit(name, name)
  unit.load = 'not-found'
  return unit
}

function show({ argv, machine, out, err }: Invocation, names: string[], options: string[]): number {
  const asked = [...valueOf(argv, '-p', 'property'), ...valueOf(argv, '-P', 'property')]
    .flatMap((list) => list.split(','))
    .filter(Boolean)
  const format = options.find((option) => option.startsWith('--timestamp='))?.slice(12) ?? 'pretty'
  const stamp = STAMPS[format]
  if (!stamp) {
    err(`Unknown timestamp style: ${format}.\n`)
    return 1
  }
  if (!names.length) return showManager(machine, asked, out)
  const bare = options.includes('--value') || valueOf(argv, '-P', 'property-value').length > 0
  const blocks = names.map((name) => {
    const unit = machine.systemd.units.get(fullName(name)) ?? missing(fullName(name))
    return Object.entries(PROPERTIES)
      .filter(([property]) => !asked.length || asked.includes(property))
      .map(([property, read]) => {
        const value = read(unit, machine, stamp)
        return bare ? `${value}\n` : `${property}=${value}\n`
      })
      .join('')
  })
  out(blocks.join('\n'))
  return 0
}

/** systemd itself, as `systemctl show` without a unit tells of it. */
function showManager(machine: Machine, asked: string[], out: (text: string) => void): number {
  const { bootedAt } = machine.journal
  const properties: Record<string, string> = {
    Version: '252.39-1~deb12u2',
    Virtualization: 'kvm',
    KernelTimestamp: systemdTime(bootedAt),
    UserspaceTimestamp: systemdTime(bootedAt),
    NFailedUnits: String(
      [...machine.systemd.units.values()].filter(({ active }) => active === 'failed').length,
    ),
  }
  for (const [name, value] of Object.entries(properties))
    if (!asked.length || asked.includes(name)) out(`${name}=${value}\n`)
  return 0
}

function isActive({ machine, out }: Invocation, names: string[], options: string[]): number {
  const states = names.map(
    (name) => machine.systemd.units.get(fullName(name))?.active ?? 'inactive',
  )
  if (!options.includes('-q') && !options.includes('--quiet')) {
    for (const state of states) out(`${state}\n`)
  }
  return states.includes('active') ? 0 : 3
}

function listUnits(
  { argv, machine, out }: Invocation,
  patterns: string[],
  options: string[],
): number {
  const expressions = patterns.map(glob)
  const showAll = options.includes('--all') || options.includes('-a')
  const units = [...machine.systemd.units.values()]
    .filter(({ name, active }) => {
      if (!showAll && active === 'inactive') return false
      return !expressions.length || expressions.some((expression) => expression.test(name))
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  if (valueOf(argv, '-o', 'output').includes('json')) {
    const rows = units.map(({ name, load, active, sub, description }) => ({
      unit: name,
      load,
      active,
      sub,
      description,
    }))
    out(`${JSON.stringify(rows)}\n`)
    return 0
  }
  const width = (read: (unit: Unit) => string) =>
    Math.max(0, ...units.map((unit) => read(unit).length))
  const [name, load, active, sub] = [
    width((unit) => unit.name),
    width((unit) => unit.load),
    width((unit) => unit.active),
    width((unit) => unit.sub),
  ]
  const lines = units.map((unit) =>
    [
      unit.name.padEnd(name),
      unit.load.padEnd(load),
      unit.active.padEnd(active),
      unit.sub.padEnd(sub),
      unit.description,
    ].join(' '),
  )
  const isPlain = options.includes('--no-legend') || options.includes('--legend=false')
  if (isPlain) {
    out(lines.map((line) => `${line}\n`).join(''))
  } else {
    out(`  UNIT LOAD ACTIVE SUB DESCRIPTION\n${lines.map((line) => `  ${line}\n`).join('')}`)
    out(`\n${units.length} loaded units listed.\n`)
  }
  return 0
}

/** A pattern of units that exist, or one name. */
const chosen = (machine: Machine, names: readonly string[]): string[] =>
  names.flatMap((name) =>
    /[*?]/.test(name)
      ? [...machine.systemd.units.keys()].filter((unit) => glob(name).test(unit))
      : [fullName(name)],
  )

async function change(call: Invocation, verb: string, names: string[]): Promise<number> {
  const { machine, root, err } = call
  for (const name of chosen(machine, names)) {
    const unit = machine.systemd.units.get(name)
    if (!root) {
      err(
        `Failed to ${verb} ${name}: Access denied\nSee system logs and 'systemctl status ${name}' for details.\n`,
      )
      return 4
    }
    if (!unit) {
      const reason = verb === 'stop' ? 'not loaded' : 'not found'
      err(`Failed to ${verb} ${name}: Unit ${name} ${reason}.\n`)
      return 5
    }
    await machine.run(() => act(machine, name, verb))
  }
  return 0
}

async function act(machine: Machine, name: string, verb: string): Promise<void> {
  const daemon =
    name === machine.keepalived.unit.name
      ? machine.keepalived
      : name === machine.haproxy.unit?.name
        ? machine.haproxy
        : undefined
  if (verb === 'reload') {
    if (daemon === machine.keepalived) machine.keepalived.reload()
    return
  }
  if (daemon) {
    if (verb !== 'start') await daemon.stop()
    if (verb !== 'stop') await daemon.start()
    return
  }
  const unit = machine.systemd.units.get(name)
  if (!unit) return
  const now = machine.clock.now()
  if (verb !== 'start' && unit.active === 'active') {
    unit.become('inactive', 'dead', now)
    machine.systemd.announce(unit, 'Stopped')
  }
  if (verb !== 'stop' && unit.active !== 'active') {
    unit.begin()
    unit.become('active', 'running', now)
    machine.systemd.announce(unit, 'Started')
  }
}

function kill(
  { argv, machine, root, err }: Invocation,
  names: string[],
  options: string[],
): number {
  const signal = valueOf(argv, '-s', 'signal')[0] ?? 'TERM'
  for (const name of names.filter((word) => word !== signal).map(fullName)) {
    const unit = machine.systemd.units.get(name)
    if (!root) {
      err(`Failed to kill unit ${name}: Access denied\n`)
      return 1
    }
    if (!unit) {
      err(`Failed to kill unit ${name}: Unit ${name} not loaded.\n`)
      return 1
    }
    if (!unit.mainPid) {
      if (!options.some((option) => /=main$/.test(option))) continue
      err(`Failed to kill unit ${name}: No main process to kill\n`)
      return 1
    }
    signalMachine(machine, unit.mainPid, signal)
  }
  return 0
}

function resetFailed({ machine }: Invocation, names: string[]): number {
  const units = names.length ? chosen(machine, names) : [...machine.systemd.units.keys()]
  for (const name of units) {
    const unit = machine.systemd.units.get(name)
    if (unit?.active !== 'failed') continue
    unit.become('inactive', 'dead', machine.clock.now())
    unit.result = 'success'
  }
  return 0
}
