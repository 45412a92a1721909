import type { HaproxyRow } from '../../../preload/contract/inspect'

/** Answers of haproxy's statistics socket to several questions on one connection. */
export interface HaproxyAnswers {
  info?: Readonly<Record<string, string>>
  stat?: readonly HaproxyRow[]
  servers?: readonly Readonly<Record<string, string>>[]
  peers?: string
}

type Section = 'info' | 'stat' | 'servers' | 'peers' | 'other'

/**
 * Reads the answers to `show info;show stat;show servers state;show peers`, in whatever order, by how each begins. What
 * was not answered is absent (haproxy before 2.2 has no `show peers` at this level, and says so).
 */
export function parseHaproxyAnswers(text: string): HaproxyAnswers {
  const sections = new Map<Section, string>()
  let section: Section = 'other'
  let from = 0
  const take = (to: number) => {
    sections.set(section, (sections.get(section) ?? '') + text.slice(from, to))
    from = to
  }
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at)
    const stop = end < 0 ? text.length : end + 1
    const begun = beginOf(text.slice(at, Math.min(stop, at + 80)), section)
    if (begun) {
      take(at)
      section = begun
    }
    at = stop
  }
  take(text.length)

  const info = sections.get('info')
  const stat = sections.get('stat')
  const servers = sections.get('servers')
  const peers = sections.get('peers')
  const rows = stat === undefined ? undefined : parseStat(stat)
  return {
    ...(info !== undefined && { info: parseInfo(info) }),
    ...(rows && { stat: rows }),
    ...(servers !== undefined && { servers: parseServersState(servers) }),
    ...(peers !== undefined && { peers: peers.trim() ? `${peers.trimEnd()}\n` : '' }),
  }
}

function beginOf(line: string, now: Section): Section | undefined {
  if (line.startsWith('# pxname,')) return 'stat'
  if (line.startsWith('Name: ')) return 'info'
  if (/^[12]\r?\n?$/.test(line) || line.startsWith('# be_id ')) {
    return now === 'servers' ? undefined : 'servers'
  }
  if (/^0x[0-9a-f]{1,16}: \[/.test(line)) return now === 'peers' ? undefined : 'peers'
  // "Permission denied", "Unknown command …": of no use, and no part of what came before.
  return /^(?:Permission denied|Unknown command)/.test(line) ? 'other' : undefined
}

/** `Key: value` lines of `show info`. A key may hold spaces. */
function parseInfo(text: string): Record<string, string> {
  const entries = text.split('\n').flatMap((line): [string, string][] => {
    const end = line.indexOf(':')
    const key = line.slice(0, Math.max(0, end)).trim()
    return key && key !== '__proto__' ? [[key, line.slice(end + 1).trim()]] : []
  })
  return Object.fromEntries(entries)
}

const KINDS: Readonly<Record<string, HaproxyRow['kind']>> = {
  0: 'frontend',
  1: 'backend',
  2: 'server',
  3: 'listener',
}

/** The CSV of `show stat` by its heading: releases add columns in the middle. Undefined without a heading. */
export function parseStat(csv: string): HaproxyRow[] | undefined {
  const [heading = '', ...lines] = csv.split('\n')
  if (!heading.startsWith('# pxname,')) return undefined
  const names = heading.slice(2).trim().split(',')
  return lines.flatMap((line) => {
    if (!line.trim()) return []
    const values = splitCsv(line)
    const columns = Object.fromEntries(
      names.flatMap((name, index): [string, string][] => {
        const value = values[index]
        return name && name !== '__proto__' && value ? [[name, value]] : []
      }),
    )
    const { pxname: proxy, svname: name, type = '', status = '' } = columns
    const kind = KINDS[type] ?? kindByName(name)
    return proxy && name && kind ? [{ kind, proxy, name, status, columns }] : []
  })
}

function kindByName(name: string | undefined): HaproxyRow['kind'] | undefined {
  if (!name) return undefined
  return name === 'FRONTEND' ? 'frontend' : name === 'BACKEND' ? 'backend' : 'server'
}

function splitCsv(line: string): string[] {
  const values: string[] = []
  for (let at = 0; at <= line.length;) {
    if (line[at] === '"') {
      let value = ''
      let from = at + 1
      for (;;) {
        const quote = line.indexOf('"', from)
        const end = quote < 0 ? line.length : quote
        value += line.slice(from, end)
        if (line[end + 1] !== '"') {
          at = end + 1
          break
        }
        value += '"'
        from = end + 2
      }
      values.push(value)
      const comma = line.indexOf(',', at)
      at = comma < 0 ? line.length + 1 : comma + 1
    } else {
      const comma = line.indexOf(',', at)
      const end = comma < 0 ? line.length : comma
      values.push(line.slice(at, end).trim())
      at = end + 1
    }
  }
  return values
}

/** `show servers state`: one record per server, by the names of its heading. */
function parseServersState(text: string): Record<string, string>[] {
  let names: readonly string[] = []
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('#')) {
      names = line.slice(1).trim().split(/\s+/)
      return []
    }
    const values = line.trim().split(/\s+/)
    if (!names.length || values.length < 5) return []
    return [
      Object.fromEntries(
        names.flatMap((name, index): [string, string][] => {
          const value = values[index]
          return value === undefined || name === '__proto__' ? [] : [[name, value]]
        }),
      ),
    ]
  })
}
