import type { Journal, JournalEntry } from '../amphora/journal'
import { FORMATS } from '../amphora/journalFormat'
import { glob, hangUp, type Invocation, type Program } from './program'

interface Query {
  units: RegExp[]
  identifiers: string[]
  output: string
  /** Undefined: all. */
  lines: number | undefined
  follow: boolean
  noTail: boolean
  quiet: boolean
  showCursor: boolean
  bootOnly: boolean
  kernelOnly: boolean
  listBoots: boolean
  reverse: boolean
  cursor: { text: string; after: boolean } | undefined
  since: number | undefined
}

/** journald tells its readers of new entries at most this often. */
const NOTICE_MS = 250

/** `journalctl` of systemd 252: its filters, formats, cursors, and where it surprises. */
export const journalctl: Program = async (call) => {
  const query = parse(call)
  if (typeof query === 'number') return query
  const { journal } = call.machine
  if (query.listBoots) return listBoots(call)
  const write = (entry: JournalEntry) => {
    const format = FORMATS[query.output]
    if (format) call.out(`${format(journal, entry)}\n`)
  }
  const found = select(journal, query)
  if (!found) {
    call.err('Failed to seek to cursor: Invalid argument\n')
    return 1
  }
  const isCut = query.follow && query.cursor && (query.lines ?? 0) > 0
  const now = isCut ? found.slice(0, query.lines) : found
  for (const entry of now) write(entry)
  if (query.follow) {
    await follow(call, query, isCut ? found.slice(query.lines) : [], write)
    return 0
  }
  const last = now.at(-1)
  if (!last && query.output !== 'json' && !query.quiet) call.out('-- No entries --\n')
  if (query.showCursor && last) call.out(`-- cursor: ${last.cursor}\n`)
  return 0
}

async function follow(
  call: Invocation,
  query: Query,
  held: JournalEntry[],
  write: (entry: JournalEntry) => void,
): Promise<void> {
  let waiting = held
  let cancel: (() => void) | undefined
  const flush = () => {
    cancel = undefined
    for (const entry of waiting) write(entry)
    waiting = []
  }
  const stop = call.machine.journal.follow((entry) => {
    if (!matches(query, entry)) return
    waiting.push(entry)
    cancel ??= call.machine.clock.after(NOTICE_MS, flush)
  })
  await hangUp(call.signal)
  stop()
  cancel?.()
}

function select(journal: Journal, query: Query): JournalEntry[] | undefined {
  const { entries } = journal
  const wanted = (entry: JournalEntry) =>
    matches(query, entry) && (!query.bootOnly || entry.bootId === journal.bootId)
  if (query.cursor) {
    const start = seek(entries, query.cursor.text)
    if (start === undefined) return undefined
    let rest = entries.slice(start).filter(wanted)
    // The first match is skipped even when it is not the cursor's own entry.
    if (query.cursor.after) rest = rest.slice(1)
    return query.follow ? rest : rest.slice(0, query.lines)
  }
  const all = entries.filter(wanted)
  const shown = query.lines === undefined ? all : query.lines === 0 ? [] : all.slice(-query.lines)
  return query.reverse ? shown.reverse() : shown
}

/** Where a cursor points, or the next entry that is left; undefined when it is no cursor. */
function seek(entries: readonly JournalEntry[], cursor: string): number | undefined {
  const exact = entries.findIndex((entry) => entry.cursor === cursor)
  if (exact >= 0) return exact
  const time = /(?:^|;)t=([0-9a-f]+)/.exec(cursor)?.[1]
  if (!time) return undefined
  const at = Number.parseInt(time, 16) / 1000
  const next = entries.findIndex((entry) => entry.at >= at)
  return next < 0 ? entries.length : next
}

function matches(query: Query, entry: JournalEntry): boolean {
  if (query.since !== undefined && entry.at < query.since) return false
  if (query.kernelOnly && entry.identifier !== 'kernel') return false
  if (query.identifiers.length && !query.identifiers.includes(entry.identifier)) return false
  if (!query.units.length) return true
  return query.units.some((unit) => unit.test(entry.unit) || unit.test(entry.about ?? ''))
}

function listBoots(call: Invocation): number {
  const boots = [...new Set(call.machine.journal.entries.map(({ bootId }) => bootId))]
  boots.forEach((boot, index) =>
    call.out(`${String(index - boots.length + 1).padStart(3)} ${boot}\n`),
  )
  return 0
}

function parse({ argv, err, machine }: Invocation): Query | number {
  const now = machine.clock.now()
  const query: Query = {
    units: [],
    identifiers: [],
    output: 'short',
    lines: undefined,
    follow: false,
    noTail: false,
    quiet: false,
    showCursor: false,
    bootOnly: false,
    kernelOnly: false,
    listBoots: false,
    reverse: false,
    cursor: undefined,
    since: undefined,
  }
  const rest = argv.flatMap((word) => {
    const long = /^(--[a-z-]+)=(.*)$/s.exec(word)
    if (long) return [long[1] ?? '', long[2] ?? '']
    const short = /^(-[unotSc])(.+)$/s.exec(word)
    return short ? [short[1] ?? '', short[2] ?? ''] : [word]
  })
  while (rest.length) {
    const option = rest.shift() ?? ''
    const take = () => rest.shift() ?? ''
    switch (option) {
      case '-u':
      case '--unit':
        query.units.push(unitPattern(take()))
        break
      case '-t':
      case '--identifier':
        query.identifiers.push(take())
        break
      case '-o':
      case '--output':
        query.output = take()
        break
      case '-n':
      case '--lines':
        query.lines = count(/^(\d+|all)$/.test(rest[0] ?? '') ? take() : '10')
        break
      case '-f':
      case '--follow':
        query.follow = true
        break
      case '--no-tail':
        query.noTail = true
        break
      case '-c':
      case '--cursor':
      case '--after-cursor':
        query.cursor = { text: take(), after: option === '--after-cursor' }
        break
      case '-S':
      case '--since':
        query.since = instant(take(), now)
        break
      case '-b':
      case '--boot':
        query.bootOnly = true
        break
      case '-k':
      case '--dmesg':
        query.kernelOnly = true
        query.bootOnly = true
        break
      case '--list-boots':
        query.listBoots = true
        break
      case '-r':
      case '--reverse':
        query.reverse = true
        break
      case '--show-cursor':
        query.showCursor = true
        break
      case '-q':
      case '--quiet':
        query.quiet = true
        break
      case '--no-pager':
      case '--utc':
      case '-a':
      case '--all':
        break
      default:
        err(`journalctl: unrecognized option '${option}'\n`)
        return 1
    }
  }
  if (!FORMATS[query.output]) {
    err(`Unknown output format '${query.output}'.\n`)
    return 1
  }
  const tailed = query.follow && !query.noTail && !query.cursor && query.since === undefined
  if (tailed) query.lines ??= 10
  return query
}

const unitPattern = (name: string): RegExp =>
  glob(/\.(service|mount|scope|slice|target)$|[*?]/.test(name) ? name : `${name}.service`)

const count = (text: string): number | undefined => (text === 'all' ? undefined : Number(text))

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** `@` and seconds since the epoch, `-` and how long ago, or a time in UTC. */
function instant(text: string, now: number): number {
  const [, amount, unit = ''] = /^-(\d+)(s|min|h|d)$/.exec(text) ?? []
  if (amount !== undefined) return now - Number(amount) * (UNITS_MS[unit] ?? 0)
  if (text.startsWith('@')) return Number(text.slice(1)) * 1000
  return Date.parse(`${text.replace(' ', 'T')}Z`)
}
