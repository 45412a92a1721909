import { AppError } from '../../preload/contract/error'
import type { ProbeSettings } from '../../preload/contract/pair'
import type { Command } from '../platform/ssh'
import { shellLine } from '../platform/ssh/shellLine'
import {
  atLeastOne,
  changes,
  integer,
  ipAddress,
  matching,
  NAMESPACE,
  oneOf,
  reads,
  unitName,
  uuid,
  type AmphoraCommand,
} from './commandParameters'
import { followed } from './followed'
import probeProgram from './probe/vantage.py?raw'

export type { AmphoraCommand }

export const KEEPALIVED_UNIT = 'octavia-keepalived.service'
const KEEPALIVED_PID = '/var/lib/octavia/vrrp/octavia-keepalived.pid'

/** Files that may hold what keepalived logs, by family of distributions. */
export const LOG_FILES = ['/var/log/syslog', '/var/log/messages'] as const
/** A log file or what rotation made of it, uncompressed. */
const LOG_FILE = /^\/var\/log\/(?:syslog|messages)(?:[.-]\d{1,10})?$/

export const DUMP_FILES = {
  data: '/tmp/keepalived.data',
  stats: '/tmp/keepalived.stats',
  json: '/tmp/keepalived.json',
} as const

const UNIT_PROPERTIES = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'MainPID',
  'NRestarts',
  'StateChangeTimestamp',
  'StateChangeTimestampMonotonic',
  'ActiveEnterTimestamp',
  'ActiveEnterTimestampMonotonic',
].join(',')

/** Every command the console runs on an amphora. Parameters are checked here: what gets through reaches the amphora as it is. */
export const commands = {
  /** Addresses of every interface that carries traffic, as `ip -j` prints them. */
  addresses: () => reads(['ip', '-n', NAMESPACE, '-j', 'address', 'show'], 'sudo'),

  /**
   * One line per address that comes or goes, stamped by the amphora's clock in its own zone.
   * Ends with exit status 124 after an hour: start it again, and read the addresses.
   */
  monitorAddresses: () =>
    reads(followed(['ip', '-n', NAMESPACE, '-ts', '-o', 'monitor', 'address']), 'sudo'),

  /**
   * Probes an address from a jump host: see the program's own words. Ends when its output is no longer read.
   * The program is the argument, so that nothing is left on the host.
   */
  probe: (order: {
    address: string
    settings: ProbeSettings
    request: string
    firstSequence: number
  }) => {
    const { address, settings, request, firstSequence } = order
    return reads([
      ...['python3', '-c', probeProgram],
      ...[oneOf('kind of probe', settings.kind, ['http', 'tcp']), ipAddress(address)],
      ...[String(integer(settings.port)), request],
      ...[settings.intervalMs, settings.timeoutMs, firstSequence].map((n) => String(integer(n))),
    ])
  },

  /** Seconds since the epoch with nanoseconds: `1795345414.686097456`. */
  clock: () => reads(['date', '+%s.%N']),

  /** Seconds since the boot, with hundredths, and the idle time: `18234.52 36102.11`. */
  uptime: () => reads(['cat', '/proc/uptime']),

  /** Offset of the amphora's zone, in which syslog and `ip -ts` write: `+0000`. */
  zone: () => reads(['date', '+%z']),

  /**
   * `Key=value` lines, one paragraph per unit, in the order asked. Time stamps are in UTC with seconds on every release
   * (`--timestamp=` came with systemd 247, the microseconds of `…Monotonic` are older than all); unknown properties are left out.
   */
  unitStates: (units: readonly string[]) =>
    reads([
      'env',
      'TZ=UTC',
      'LC_ALL=C',
      'systemctl',
      'show',
      '--no-pager',
      `--property=${UNIT_PROPERTIES}`,
      ...atLeastOne(units).map(unitName),
    ]),

  /** Octavia's units by whatever name the image gives them: `unit load active sub description` per line. */
  listUnits: () =>
    reads([
      'systemctl',
      'list-units',
      '--all',
      '--no-legend',
      '--plain',
      '--no-pager',
      'haproxy-*',
      'octavia-*',
      'amphora-*',
      'prometheus-proxy*',
    ]),

  /** The last lines of a unit as JSON, then the end. Here and below, `brief` leaves out fields that are not used. */
  journalHistory: (unit: string, lines: number, sudo = true, brief = false) =>
    journal(unit, [`--lines=${String(integer(lines))}`], sudo, brief),

  /** From the record of a cursor on (that record included), then the end. Where the record is gone: from the next one that is left. */
  journalFrom: (unit: string, cursor: string, sudo = true, brief = false) =>
    journal(unit, [`--cursor=${journalCursor(cursor)}`], sudo, brief),

  /** As `journalFrom`, and then what comes; without a cursor all there is, and what comes. Ends with exit status 124 after an hour. */
  journalFollow: (
    unit: string,
    cursor: string | undefined,
    sudo = true,
    brief = false,
  ): AmphoraCommand => {
    const { argv } = journal(
      unit,
      cursor === undefined
        ? ['--follow', '--no-tail']
        : ['--follow', '--no-tail', `--cursor=${journalCursor(cursor)}`],
      sudo,
      brief,
    )
    return { argv: followed(argv), sudo, access: 'reads' }
  },

  /** `inode size` in decimal. */
  fileStatus: (path: string, sudo = true) =>
    reads(['stat', '--format=%i %s', logFile(path)], sudo && 'sudo'),

  /** The file from an octet on, counted from 0, to its present end. */
  readFrom: (path: string, offset: number, sudo = true) =>
    reads(['tail', `--bytes=+${String(integer(offset) + 1)}`, logFile(path)], sudo && 'sudo'),

  /** The names a log file has now, one per line; rotation renames it. */
  findLogFile: (inode: number, sudo = true) =>
    reads(
      ['find', '/var/log', '-maxdepth', '1', '-type', 'f', '-inum', String(integer(inode))],
      sudo && 'sudo',
    ),

  /** The file from an octet on, and what comes; also across rotation. Ends with exit status 124 after an hour. */
  followFile: (path: string, offset: number, sudo = true) =>
    reads(
      followed([
        ...['tail', '--follow=name', '--retry'],
        ...[`--bytes=+${String(integer(offset) + 1)}`, logFile(path)],
      ]),
      sudo && 'sudo',
    ),

  /** Process id of keepalived's parent. */
  keepalivedPid: () => reads(['cat', KEEPALIVED_PID], 'sudo'),

  /** The number of the signal that makes keepalived write JSON; fails where it was built without. */
  keepalivedJsonSignal: () => reads(['keepalived', '--signum=JSON'], 'sudo'),

  /**
   * Makes keepalived write a dump into /tmp: `USR1` data, `USR2` stats, or the number of `keepalivedJsonSignal`.
   * systemd picks the process: a number out of a stale pid file could belong to anybody, and the signal would end it.
   */
  keepalivedDump: (signal: 'USR1' | 'USR2' | number) =>
    reads(
      [
        'systemctl',
        'kill',
        '--kill-who=main',
        `--signal=${typeof signal === 'number' ? realTimeSignal(signal) : dumpSignal(signal)}`,
        KEEPALIVED_UNIT,
      ],
      'sudo',
    ),

  /** `name time size` of dumps that exist, one per line; what a new dump changes. Fails where one is missing. */
  dumpStatus: (kinds: readonly (keyof typeof DUMP_FILES)[]) =>
    reads(
      ['stat', '--format=%n %y %s', ...kinds.map((kind) => DUMP_FILES[dumpKind(kind)])],
      'sudo',
    ),

  /** The dump as keepalived wrote it. Holds the VRRP password: keep it only as evidence, which takes it out. */
  readDump: (kind: keyof typeof DUMP_FILES) => reads(['cat', DUMP_FILES[dumpKind(kind)]], 'sudo'),

  /** Stops, starts or restarts keepalived. */
  controlKeepalived: (action: UnitAction) =>
    changes(['systemctl', unitAction(action), KEEPALIVED_UNIT]),

  /** Stops, starts or restarts the haproxy of a load balancer. */
  controlHaproxy: (action: UnitAction, loadBalancerId: string) =>
    changes(['systemctl', unitAction(action), haproxyUnit(loadBalancerId)]),
} as const

const UNIT_ACTIONS = ['stop', 'start', 'restart'] as const
export type UnitAction = (typeof UNIT_ACTIONS)[number]

/** The unit of a load balancer's haproxy (since Train; before, it was named after the listener). @throws AppError `invalidInput` */
export const haproxyUnit = (loadBalancerId: string): string =>
  `haproxy-${uuid(loadBalancerId)}.service`

/** The exact line, as it reaches the amphora's shell. */
export const display = (command: Command): string => shellLine(command)

/**
 * What is used of an entry; the cursor and the stamps of the journal are always sent. An entry is 2.5 times as long with all
 * its fields. `--output-fields` came with systemd 236; older ones refuse it: `unrecognized option`.
 */
const JOURNAL_FIELDS = [
  'MESSAGE',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  '_COMM',
  '_PID',
  '_SOURCE_REALTIME_TIMESTAMP',
].join(',')

const journal = (
  unit: string,
  options: readonly string[],
  sudo: boolean,
  brief: boolean,
): AmphoraCommand =>
  reads(
    [
      'journalctl',
      '--output=json',
      ...(brief ? [`--output-fields=${JOURNAL_FIELDS}`] : []),
      '--no-pager',
      `--unit=${unitName(unit)}`,
      ...options,
    ],
    sudo && 'sudo',
  )

/** Opaque; what systemd has written so far: `s=…;i=…;b=…;m=…;t=…;x=…`. */
const journalCursor = (value: string): string =>
  matching('journal cursor', value, /^[a-z]=[A-Za-z0-9=;:._-]{1,400}$/)

const logFile = (value: string): string => matching('log file', value, LOG_FILE)

const unitAction = (value: UnitAction): UnitAction => oneOf('unit action', value, UNIT_ACTIONS)
const dumpSignal = (value: 'USR1' | 'USR2') => oneOf('signal', value, ['USR1', 'USR2'])
const dumpKind = (value: keyof typeof DUMP_FILES) => oneOf('dump', value, Object.keys(DUMP_FILES))

function realTimeSignal(value: number): string {
  if (integer(value) < 34 || value > 64)
    throw new AppError('invalidInput', `Not a real-time signal: ${JSON.stringify(value)}`)
  return String(value)
}
