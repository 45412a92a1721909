import type { Machine } from './machine'

/** Jiffies in a second. */
const TICK = 100
const PROCESSORS = 2
const MEMORY_KB = 1_009_528

/** What the kernel shows of itself below /proc; undefined for other paths. Times follow the machine. */
export function procFile(machine: Machine, path: string): string | undefined {
  return FILES[path]?.(machine)
}

const FILES: Readonly<Record<string, (machine: Machine) => string>> = {
  '/proc/loadavg': (machine) => {
    const { load } = loadOf(machine)
    return `${load.map((value) => value.toFixed(2)).join(' ')} 1/142 ${machine.lastPid}\n`
  },
  '/proc/meminfo': (machine) => {
    const used = 214_000 + machine.haproxy.frontends.length * 1_800 + machine.foreground.size * 900
    const free = MEMORY_KB - used - 96_000
    return [
      ['MemTotal', MEMORY_KB],
      ['MemFree', free],
      ['MemAvailable', free + 84_000],
      ['Buffers', 12_000],
      ['Cached', 84_000],
      ['SwapTotal', 0],
      ['SwapFree', 0],
    ]
      .map(([name, value]) => `${`${name}:`.padEnd(15)}${String(value).padStart(9)} kB\n`)
      .join('')
  },
  '/proc/stat': (machine) => {
    const { bootedAt } = machine.journal
    const ticks = Math.floor(((machine.clock.now() - bootedAt) / 1000) * TICK)
    const row = (name: string, factor: number) => {
      const all = ticks * factor
      const of = (share: number) => Math.floor(all * share)
      const busy = [of(0.012), 0, of(0.009), of(0.975), of(0.001), 0, of(0.002), of(0.001)]
      return `${name} ${busy.join(' ')} 0 0\n`
    }
    const each = Array.from({ length: PROCESSORS }, (_, index) => row(`cpu${index}`, 1))
    return `${row('cpu ', PROCESSORS)}${each.join('')}intr ${ticks * 3} 0 0\nctxt ${ticks * 5}\nbtime ${Math.floor(bootedAt / 1000)}\nprocesses ${machine.lastPid}\nprocs_running 1\nprocs_blocked 0\n`
  },
  '/proc/uptime': (machine) => {
    const seconds = (machine.clock.now() - machine.journal.bootedAt) / 1000
    return `${seconds.toFixed(2)} ${(seconds * PROCESSORS * 0.97).toFixed(2)}\n`
  },
  '/proc/sys/net/netfilter/nf_conntrack_count': (machine) => `${machine.keepalived.runs ? 2 : 1}\n`,
  '/proc/sys/net/netfilter/nf_conntrack_max': () => '125000\n',
}

/** A quiet machine: some load for what haproxy serves. */
function loadOf({ haproxy }: Machine): { load: number[] } {
  const open = [...haproxy.traffic.values()].reduce((sum, each) => sum + each.open, 0)
  return { load: [0.02 + open / 50, 0.03 + open / 80, 0.01 + open / 120] }
}
