import { MOST_CAPTURE_HOURS } from '../../../preload/contract/capture'
import { matching, reads, within, type AmphoraCommand } from '../commandParameters'

/** A log of the system or what rotation made of it, packed or not. */
const LOG_PATHS = '/var/log/(syslog|messages)([.-][0-9]{1,10})?([.](gz|bz2|xz|zst))?'
const LOG_PATH = new RegExp(`^${LOG_PATHS}$`)

/** What unpacks a file to its standard output, by the end of the file's name. */
const UNPACKERS: Readonly<Record<string, string>> = {
  gz: 'gzip',
  bz2: 'bzip2',
  xz: 'xz',
  zst: 'zstd',
}

/** The commands by which logs are captured: all of them only look. Parameters are checked here, as in the other tables. */
export const captureCommands = {
  /** Every record of the last hours, oldest first, one per line. */
  journalSince: (hours: number, sudo = true): AmphoraCommand =>
    reads(
      [
        ...['journalctl', '--output=json', '--no-pager'],
        `--since=-${String(within('number of hours', hours, 1, MOST_CAPTURE_HOURS))}h`,
      ],
      sudo && 'sudo',
    ),
  /** `changed size path` of the files that syslog writes, one per line; rotated and packed ones included. */
  listLogFiles: (sudo = true): AmphoraCommand =>
    reads(
      [
        ...['find', '/var/log', '-maxdepth', '1', '-regextype', 'posix-extended', '-type', 'f'],
        ...['-regex', LOG_PATHS, '-printf', String.raw`%T@ %s %p\n`],
      ],
      sudo && 'sudo',
    ),
  /** A whole log file, unpacked. */
  readLogFile: (path: string, sudo = true): AmphoraCommand => {
    const ending = /[.]([a-z0-9]+)$/.exec(matching('log file', path, LOG_PATH))?.[1] ?? ''
    const unpacker = UNPACKERS[ending]
    return reads(unpacker ? [unpacker, '-dc', path] : ['cat', path], sudo && 'sudo')
  },
} as const

/** A file that syslog writes. */
export interface ListedLog {
  path: string
  /** Milliseconds since the epoch, by the amphora's clock. */
  changedAt: number
}

/** Reads the answer of `listLogFiles`, the oldest file first; lines that are none of it are passed over. */
export const parseLogList = (text: string): ListedLog[] =>
  text
    .split('\n')
    .flatMap((line) => {
      const [, changed, path = ''] = /^(\d+(?:\.\d+)?) \d+ (\S+)$/.exec(line) ?? []
      return LOG_PATH.test(path) ? [{ path, changedAt: Number(changed) * 1000 }] : []
    })
    .sort((one, other) => one.changedAt - other.changedAt)
