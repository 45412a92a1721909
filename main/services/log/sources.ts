import { delay } from '../../base/delay'
import type { SshHost } from '../../platform/ssh'
import { commands, LOG_FILES } from '../commands'
import { failureOf } from '../requireSuccess'
import { JournalReader, Unreadable, type Reading } from './journalReader'
import type { LineContext, RawLine } from './rawLine'
import { SyslogReader } from './syslogReader'

/** One way to get at an amphora's log. */
export interface LogSource {
  kind: 'journal' | 'syslog'
  /** What its lines are read with. @throws AppError of the connection */
  context(host: SshHost, signal: AbortSignal): Promise<Pick<LineContext, 'zoneOffsetMinutes'>>
  /** Everything from where reading stopped, and what comes, until the connection ends. @throws Unreadable; AppError of the connection */
  read(
    host: SshHost,
    signal: AbortSignal,
  ): AsyncGenerator<Reading<RawLine> | { kind: 'live' }, void>
}

/** The journal of one unit. */
export function journalSource(unit: string, lines: number, sudo: boolean): LogSource {
  const reader = new JournalReader(unit, lines, sudo)
  return {
    kind: 'journal',
    context: () => Promise.resolve({ zoneOffsetMinutes: 0 }),
    read: async function* (host, signal) {
      while (!signal.aborted) {
        yield* reader.catchUp(host, signal)
        yield { kind: 'live' }
        for await (const reading of reader.follow(host, signal))
          // It continues from where catching up has just ended; only the opposite would be news.
          if (reading.kind === 'records' || reading.position === 'gap') yield reading
      }
    },
  }
}

/** The files that syslog may write to, by family of distributions. */
export function syslogSources(lines: number, sudo: boolean, pollMs: number): LogSource[] {
  return LOG_FILES.map((path) => {
    const reader = new SyslogReader(path, isAboutKeepalived, lines, sudo)
    return {
      kind: 'syslog',
      context: async (host, signal) => ({
        zoneOffsetMinutes: await zoneOffsetMinutes(host, signal),
      }),
      read: async function* (host, signal) {
        while (!signal.aborted) {
          yield* reader.catchUp(host, signal)
          yield { kind: 'live' }
          await delay(pollMs, signal).catch(() => undefined)
        }
      },
    }
  })
}

/** As the journal's filter for the unit would choose: what keepalived says, and what systemd says of it. */
const isAboutKeepalived = (line: string): boolean =>
  /(?:^|\s)Keepalived[\w.-]*(?:\[\d+\])?:/.test(line) ||
  (/(?:^|\s)systemd(?:\[1\])?:/.test(line) && /octavia-keepalived|Keepalive Daemon/i.test(line))

async function zoneOffsetMinutes(host: SshHost, signal: AbortSignal): Promise<number> {
  const command = commands.zone()
  const result = await host.run(command, { signal })
  const failure = failureOf(result, command)
  if (failure) throw new Unreadable(failure)
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)\s*$/.exec(result.stdout) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
}
