import { microTime, micros, syslogTime } from '../timestamps'
import type { Journal, JournalEntry } from './journal'

/** `journalctl -o json`: fields as systemd 252 writes them, every value a string. */
function jsonLine(journal: Journal, entry: JournalEntry): string {
  const fromSystemd = entry.transport === 'journal'
  return JSON.stringify({
    __CURSOR: entry.cursor,
    __REALTIME_TIMESTAMP: String(micros(entry.at) + RECEIVED_LATER_US),
    __MONOTONIC_TIMESTAMP: String(entry.monotonic + RECEIVED_LATER_US),
    _BOOT_ID: entry.bootId,
    _HOSTNAME: journal.hostName,
    _MACHINE_ID: journal.machineId,
    _TRANSPORT: entry.transport,
    PRIORITY: String(entry.priority),
    SYSLOG_FACILITY: String(entry.facility),
    SYSLOG_IDENTIFIER: entry.identifier,
    ...(entry.transport === 'syslog' && {
      SYSLOG_PID: String(entry.pid),
      SYSLOG_TIMESTAMP: `${syslogTime(entry.at)} `,
    }),
    MESSAGE: entry.message,
    _PID: String(entry.pid),
    _UID: '0',
    _GID: '0',
    _COMM: entry.name,
    _EXE: entry.executable,
    _CMDLINE: entry.command,
    _CAP_EFFECTIVE: 'fcecffff',
    _RUNTIME_SCOPE: 'system',
    _SYSTEMD_UNIT: entry.unit,
    _SYSTEMD_CGROUP: fromSystemd ? '/init.scope' : `/system.slice/${entry.unit}`,
    _SYSTEMD_SLICE: fromSystemd ? '-.slice' : 'system.slice',
    ...(fromSystemd
      ? { TID: '1', UNIT: entry.about, INVOCATION_ID: entry.invocationId, ...entry.extra }
      : { _SYSTEMD_INVOCATION_ID: entry.invocationId }),
    ...(entry.transport !== 'stdout' && {
      _SOURCE_REALTIME_TIMESTAMP: String(micros(entry.at)),
    }),
  })
}

/** journald takes a line some microseconds after it was written. */
const RECEIVED_LATER_US = 90

const origin = (journal: Journal, entry: JournalEntry): string =>
  `${journal.hostName} ${entry.identifier}[${entry.pid}]: ${entry.message}`

/** Lines of `journalctl -o`, by the name of the format. */
export const FORMATS: Record<string, (journal: Journal, entry: JournalEntry) => string> = {
  json: jsonLine,
  cat: (_, entry) => entry.message,
  short: (journal, entry) => `${syslogTime(entry.at)} ${origin(journal, entry)}`,
  'short-precise': (journal, entry) =>
    `${syslogTime(entry.at)}.${microTime(entry.at).slice(20)} ${origin(journal, entry)}`,
  'short-iso': (journal, entry) =>
    `${microTime(entry.at).slice(0, 19)}+0000 ${origin(journal, entry)}`,
  'short-iso-precise': (journal, entry) => `${microTime(entry.at)}+0000 ${origin(journal, entry)}`,
  'short-unix': (journal, entry) => `${(entry.at / 1000).toFixed(6)} ${origin(journal, entry)}`,
}

/** rsyslog's traditional file format, `/var/log/syslog` of Ubuntu 22.04. */
export const syslogLine = (journal: Journal, entry: JournalEntry): string =>
  `${syslogTime(entry.at)} ${origin(journal, entry)}\n`

/** rsyslog's ISO format, `/var/log/syslog` of newer systems. */
export const syslogIsoLine = (journal: Journal, entry: JournalEntry): string =>
  `${microTime(entry.at + 0.4)}+00:00 ${origin(journal, entry)}\n`
