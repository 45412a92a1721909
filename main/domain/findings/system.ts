import type { ClockOffset } from '../../../preload/contract/pair'
import { firstKnown, allKnown, valueOf } from '../fact'
import { perFile } from './perFile'
import { quoteAmphora, quoteFile } from './proof'
import { eachSide, inspected, wholePair, type Side } from './reading'
import type { Rule } from './rule'
import { fine, holds, judged } from './verdict'

const CONNTRACK_PERCENT = 90
const DISK_PERCENT = 95
const MEMORY_PERCENT = 5
const KERNEL_TOLD_MS = 60 * 60_000
/** Less does not disturb anybody who reads both logs. */
const SKEW_MS = 1000

/** The table of tracked connections is full: new ones are dropped. */
const conntrackFull: Rule = {
  id: 'system.conntrack-full',
  modes: [44],
  judge: eachSide((side, { facts: { now } }) => {
    const table = inspected(side, ({ namespace }) => namespace.conntrack)
    const messages = inspected(side, ({ system }) => system.kernelMessages)
    const message = valueOf(messages)?.findLast(
      ({ at, text }) => /nf_conntrack: .*table full/.test(text) && now - at <= KERNEL_TOLD_MS,
    )
    return judged(side.subject, { system: table }, ({ system: { count, limit } }) => {
      const full = limit > 0 && (count / limit) * 100 >= CONNTRACK_PERCENT
      if (!full && !message) return fine
      return holds('critical', side.subject, { amphora: side.id, count, limit }, [
        quoteAmphora(side.id, 'nf_conntrack_count, nf_conntrack_max', `${count} / ${limit}`, table),
        message && quoteAmphora(side.id, 'kernel', message.text, messages),
      ])
    })
  }),
}

/** The kernel killed a process for want of memory, or is about to. */
const outOfMemory: Rule = {
  id: 'system.out-of-memory',
  modes: [40],
  explains: ['haproxy.crashed'],
  judge: eachSide((side, { facts: { now } }) => {
    const messages = inspected(side, ({ system }) => system.kernelMessages)
    const memory = inspected(side, ({ system }) => system.memory)
    const message = valueOf(messages)?.findLast(
      ({ at, text }) =>
        /Out of memory|oom-kill|oom_reaper/i.test(text) && now - at <= KERNEL_TOLD_MS,
    )
    return judged(side.subject, { system: memory }, ({ system: { total, available } }) => {
      const percent = total > 0 ? (available / total) * 100 : 100
      if (!message && !(percent < MEMORY_PERCENT)) return fine
      return holds(
        message ? 'high' : 'medium',
        side.subject,
        { amphora: side.id, percent: Math.round(percent) },
        [
          message && quoteAmphora(side.id, 'kernel', message.text, messages),
          quoteAmphora(
            side.id,
            '/proc/meminfo',
            `MemTotal ${total}, MemAvailable ${available}`,
            memory,
          ),
        ],
        message?.at,
      )
    })
  }),
}

/** A disk is full: logs stop, and no new configuration can be written. */
const diskFull: Rule = {
  id: 'system.disk-full',
  modes: [],
  judge: eachSide((side) => {
    const disks = inspected(side, ({ system }) => system.disks)
    return judged(side.subject, { system: disks }, ({ system: all }) => {
      const full = all.find(({ size, used, filesystem }) => {
        const readOnly = /squashfs|iso9660|overlay$/.test(filesystem)
        return !readOnly && size > 0 && (used / size) * 100 >= DISK_PERCENT
      })
      if (!full) return fine
      return holds(
        'medium',
        side.subject,
        {
          amphora: side.id,
          mount: full.mount,
          percent: Math.floor((full.used / full.size) * 100),
        },
        [quoteAmphora(side.id, 'df', `${full.mount} ${full.used} / ${full.size}`, disks)],
      )
    })
  }),
}

/** The clocks of both differ by more than the error of measuring them. */
const clockSkew: Rule = {
  id: 'system.clock-skew',
  modes: [51],
  judge: wholePair(({ sides, pair }) => {
    const clocks = sides.map(clockOf)
    return judged(pair, { system: allKnown(clocks) }, ({ system: offsets }) => {
      const [first, second] = offsets
      const [mine, theirs] = sides
      if (!first || !second || !mine || !theirs) return fine
      const apart = Math.abs(first.offsetMs - second.offsetMs)
      if (!(apart - first.errorMs - second.errorMs > SKEW_MS)) return fine
      return holds(
        'low',
        pair,
        { first: mine.id, second: theirs.id, milliseconds: Math.round(apart) },
        [mine, theirs].map((side, index) => {
          const { offsetMs, errorMs } = [first, second][index] ?? first
          return quoteAmphora(
            side.id,
            'date',
            `${Math.round(offsetMs)} ms ± ${Math.round(errorMs)} ms`,
            clockOf(side),
          )
        }),
      )
    })
  }),
}

/** rsyslog writes nothing to the disk of this amphora: only the journal, until it is full, tells what was. */
const localLogsOff: Rule = {
  id: 'system.local-logs-off',
  modes: [49],
  judge: eachSide((side) =>
    judged(side.subject, { services: side.files }, ({ services: files }) => {
      for (const file of files) {
        if (file.kind !== 'rsyslog') continue
        const line = stopLine(file)
        if (!line) continue
        return holds('info', side.subject, { amphora: side.id, path: file.path }, [
          quoteFile(side.id, file, line, side.files),
        ])
      }
      return fine
    }),
  ),
}

/** Rules about the machine itself. */
export const systemRules: readonly Rule[] = [
  conntrackFull,
  outOfMemory,
  diskFull,
  clockSkew,
  localLogsOff,
]

/** The line that throws everything away, from 1; 0 without one. */
const stopLine = perFile(
  (text) => text.split('\n').findIndex((line) => /^\s*\*\.\*\s+stop\b/.test(line)) + 1,
)

const clockOf = (side: Side) =>
  firstKnown<ClockOffset>(
    side.facts.live?.clock,
    inspected(side, (inspection) => inspection.clock),
  )
