import { parseTimestamp } from '../systemd'

/** `PRETTY_NAME` of /etc/os-release, or what comes closest. */
export function parseDistribution(text: string): string | undefined {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, key, value] = /^([A-Z_]{1,40})=(.{0,400})$/.exec(line.trim()) ?? []
    if (key !== undefined && value !== undefined) {
      values.set(key, value.replace(/^(["'])(.*)\1$/, '$2'))
    }
  }
  const plain = [values.get('NAME'), values.get('VERSION')].filter(Boolean).join(' ')
  return values.get('PRETTY_NAME') || plain || undefined
}

/** The three numbers of /proc/loadavg. */
export function parseLoad(text: string): readonly [number, number, number] | undefined {
  const [, one, five, fifteen] =
    /^(\d{1,6}\.\d{1,3}) (\d{1,6}\.\d{1,3}) (\d{1,6}\.\d{1,3})(?:\s|$)/.exec(text) ?? []
  return one === undefined ? undefined : [Number(one), Number(five), Number(fifteen)]
}

/** /proc/meminfo in octets. Kernels before 3.14 do not tell what is available: then what is free or can be freed. */
export function parseMemory(
  text: string,
): { total: number; available: number; swapUsed: number } | undefined {
  const octets = (name: string): number | undefined => {
    const [, value] = new RegExp(`^${name}: {1,30}(\\d{1,15})(?: kB)?$`, 'm').exec(text) ?? []
    return value === undefined ? undefined : Number(value) * 1024
  }
  const total = octets('MemTotal')
  const free = octets('MemFree')
  if (total === undefined) return undefined
  const available =
    octets('MemAvailable') ??
    (free === undefined ? undefined : free + (octets('Buffers') ?? 0) + (octets('Cached') ?? 0))
  if (available === undefined) return undefined
  const swapUsed = (octets('SwapTotal') ?? 0) - (octets('SwapFree') ?? 0)
  return { total, available, swapUsed: Math.max(0, swapUsed) }
}

/** Processors, and how much of their time the hypervisor gave to others since boot, in percent: /proc/stat. */
export function parseProcessors(text: string): { count: number; steal?: number } | undefined {
  const count = text.match(/^cpu\d{1,5} /gm)?.length ?? 0
  if (!count) return undefined
  const [, words = ''] = /^cpu {1,4}([\d ]{1,400})$/m.exec(text) ?? []
  // user nice system idle iowait irq softirq steal; what guests used is part of user and nice.
  const times = words.trim().split(' ').slice(0, 8).map(Number)
  const total = times.reduce((sum, time) => sum + time, 0)
  const steal = times[7]
  return { count, ...(steal !== undefined && total > 0 && { steal: (steal / total) * 100 }) }
}

/** Mounted disks as `df -PTB1` tells them, in octets. What belongs to the kernel alone is left out. */
export function parseDisks(
  text: string,
): { mount: string; size: number; used: number; filesystem: string }[] | undefined {
  const [heading, ...lines] = text.split('\n')
  if (!heading?.startsWith('Filesystem')) return undefined
  return lines.flatMap((line) => {
    const [, filesystem, size, used, mount] =
      /^\S{1,512} {1,40}(\S{1,40}) {1,40}(\d{1,20}) {1,40}(\d{1,20}) {1,40}-?\d{1,20} {1,40}\S{1,8} (\/.{0,512})$/.exec(
        line,
      ) ?? []
    if (filesystem === undefined || mount === undefined) return []
    if (/^(?:devtmpfs|squashfs|iso9660|efivarfs)$/.test(filesystem)) return []
    if (/^\/(?:sys|proc|dev)(?:\/|$)/.test(mount)) return []
    return [{ mount, size: Number(size), used: Number(used), filesystem }]
  })
}

/** Host name and kernel: `uname -nr`. */
export function parseUname(text: string): { hostname: string; kernel: string } | undefined {
  const [, hostname, kernel] = /^(\S{1,255}) (\S{1,255})\n?$/.exec(text) ?? []
  return hostname === undefined || kernel === undefined ? undefined : { hostname, kernel }
}

/** When user space came up, by the amphora's clock: `systemctl show --property=UserspaceTimestamp`. */
export function parseBootTime(text: string): number | undefined {
  const [, stamp] = /^UserspaceTimestamp=(.{1,80})$/m.exec(text) ?? []
  return stamp === undefined ? undefined : parseTimestamp(stamp.trim())
}

/** `keepalived --version` (on standard error): `Keepalived v2.2.7 (01/16,2022)`. */
export const parseKeepalivedVersion = (text: string): string | undefined =>
  /^Keepalived v(\d[\w.-]{0,40})/m.exec(text)?.[1]

/** `haproxy -v`: `HAProxy version 2.6.12-1+deb12u4 2026/10/17`, before 2.? `HA-Proxy version 1.8.8-1ubuntu0.10`. */
export const parseHaproxyVersion = (text: string): string | undefined =>
  /^HA-?Proxy version (\d[\w.+~-]{0,60})/m.exec(text)?.[1]

/** `python3 --version`: `Python 3.11.2`. */
export const parsePythonVersion = (text: string): string | undefined =>
  /^Python (\d[\w.+]{0,40})/m.exec(text)?.[1]

/** The Octavia release from the name of its installed package: `…/octavia-11.0.0.egg-info`, `…/octavia-14.0.1.dist-info`. */
export const parseAgentVersion = (text: string): string | undefined =>
  /\/octavia-(\d[\w.+]{0,40}?)(?:-py\d[\d.]{0,8})?\.(?:egg|dist)-info$/m.exec(text)?.[1]
