import type { LineMeaning } from '../../../preload/contract/pair'

/** A shape and its meaning; the names of its groups are fields of `Classification`. All are anchored and without nested repetition. */
export type Rule = readonly [pattern: RegExp, meaning: LineMeaning]

const FROM = '(?: from (?<peer>[0-9a-fA-F.:]{1,44}[0-9a-fA-F:]))?'
const shape = (source: string): RegExp => new RegExp(source)

/** What keepalived says about an instance, behind its name. The first shape that fits counts. */
export const INSTANCE_RULES: readonly Rule[] = [
  [/^Entering MASTER STATE/, 'enterMaster'],
  [/^(?:Entering BACKUP STATE|Now in BACKUP state)/, 'enterBackup'],
  [/^entering FAULT state due to script (?<script>\S{1,255})/, 'enterFault'],
  [/^entering FAULT state \(interface (?<interface>\S{1,64}) (?:is )?down\)/, 'enterFault'],
  [/^(?:Entering FAULT STATE|entering FAULT state|Now in FAULT state)/, 'enterFault'],

  [
    shape(
      `^(?:Master received|Received) advert${FROM} with (?:higher priority (?<priority>\\d{1,3})|same priority \\d{1,3} but higher IP address)(?:, ours (?<ownPriority>\\d{1,3}))?`,
    ),
    'higherPriority',
  ],
  [/^Received higher prio advert(?: (?<priority>\d{1,3}))?/, 'higherPriority'],
  [
    shape(
      `^(?:Master received|Received) advert${FROM} with lower priority (?<priority>\\d{1,3})(?:, ours (?<ownPriority>\\d{1,3}))?`,
    ),
    'lowerPriority',
  ],
  [shape(`^received lower priority \\((?<priority>\\d{1,3})\\) advert${FROM}`), 'lowerPriority'],
  [/^Received lower prio advert(?: (?<priority>\d{1,3}))?/, 'lowerPriority'],
  [/^(?:Backup|Master) received priority 0 /, 'priorityZero'],
  [/^sent 0 priority/, 'priorityZero'],

  [/^(?:setting|removing) Virtual R(?:outes|ules)/, 'other'],
  [/^Cant send advert to (?<peer>[0-9a-fA-F.:]{1,44}[0-9a-fA-F:])/, 'other'],
  [/^Changing effective priority from \d{1,3} to (?<ownPriority>\d{1,3})/, 'other'],
  [/^setting (?:protocol )?(?:E-)?VIPs/, 'vipSet'],
  [/^removing (?:protocol )?(?:E-)?VIPs/, 'vipRemoved'],
  [
    /^ip address (?<address>[0-9a-fA-F.:]{1,44}[0-9a-fA-F:])(?:\/\d{1,3})? dev (?<interface>\S{1,64}), no longer exist/,
    'vipRemoved',
  ],
  [
    /^Sending(?:\/queueing)? (?:gratuitous ARPs?|[Uu]nsolicited Neighbou?r Adverts?) on (?<interface>\S{1,64}) for (?<address>[0-9a-fA-F.:]{1,44}[0-9a-fA-F:])/,
    'gratuitousArp',
  ],

  [shape(`^receive(?:d)? an invalid passwd${FROM}`), 'mismatch'],
  [shape(`^received an? \\d{1,10} auth${FROM}`), 'mismatch'],
  [shape(`^Invalid auth type${FROM}`), 'mismatch'],
  [
    shape(
      `^ip address associated with VRID \\d{1,3} not present in (?:MASTER )?advert${FROM} ?: (?<address>[0-9a-fA-F.:]{1,44}[0-9a-fA-F:])`,
    ),
    'mismatch',
  ],
  [/^expected \d{1,10} VIPs but received/, 'mismatch'],
  [
    /^advertisement interval mismatch(?: with (?<peer>[0-9a-fA-F.:]{1,44}[0-9a-fA-F:]))?/,
    'mismatch',
  ],
  [shape(`^invalid (?:ttl|TTL)(?:/HL)?${FROM}`), 'mismatch'],
  [/^TTL\/HL \d{1,3} not in range/, 'mismatch'],
  [
    /^unicast source address (?<peer>[0-9a-fA-F.:]{1,44}[0-9a-fA-F:]) not a unicast peer/,
    'mismatch',
  ],
  [shape(`^Expected unicast packet but received multicast packet${FROM}`), 'mismatch'],
  [/^discarding unicast packet on multicast instance/, 'mismatch'],
  [shape(`^Invalid VRRPv[23] checksum${FROM}`), 'mismatch'],
  [shape(`^wrong (?:VRRP )?version${FROM}`), 'mismatch'],
  [shape(`^vrrp packet${FROM} too (?:long|short)`), 'mismatch'],
  [shape(`^Invalid packet type${FROM}`), 'mismatch'],
  [/^received VRID mismatch/, 'mismatch'],
  [
    /^- warning, VRID \d{1,3} for IPv[46] is currently duplicated on (?<interface>\S{1,64})/,
    'mismatch',
  ],
  [/^WARNING - equal priority advert received from remote host with our IP address/, 'mismatch'],
  [/^Dropping received VRRP packet/, 'mismatch'],
  [/^bind unicast_src /, 'configProblem'],
  [/^Truncating auth_pass/, 'configProblem'],
]

const SCRIPT = '(?:VRRP_Script\\((?<script>[^()]{1,255})\\))'
const UNIT = '(?<unit>[\\w@.:\\\\-]{1,255}\\.service)'
const JOB =
  '(?<unit>[\\w@.:\\\\-]{1,255}\\.service|Keepalive Daemon \\(LVS and VRRP\\)|HAProxy Load Balancer)(?: - .*)?\\.{1,3}$'

/** What keepalived's processes say about themselves, and systemd about their units. The first shape that fits counts. */
export const PROCESS_RULES: readonly Rule[] = [
  [
    shape(
      `^${SCRIPT} failed(?: \\((?:exited with status (?<exitStatus>\\d{1,5})|due to signal (?<signal>\\d{1,3}))\\))?`,
    ),
    'scriptFailed',
  ],
  [shape(`^${SCRIPT} (?:timed[ _]out|considered unsuccessful on reload)`), 'scriptFailed'],
  [shape(`^${SCRIPT} (?:succeeded|considered successful on reload)`), 'scriptSucceeded'],
  [/^Script `(?<script>[^`]{1,255})` now returning (?<exitStatus>\d{1,5})/, 'scriptChanged'],
  [/^Track script (?<script>\S{1,255}) is (?:already running|being timed out)/, 'scriptChanged'],
  [/^Script (?<script>\S{1,255}) cannot be accessed/, 'configProblem'],
  [/^Disabling track script (?<script>\S{1,255}) /, 'configProblem'],

  [/^Netlink reports (?<interface>\S{1,64}) down/, 'linkDown'],
  [/^Netlink reports (?<interface>\S{1,64}) up/, 'linkUp'],
  [/^Kernel is reporting: interface (?<interface>\S{1,64}) DOWN/, 'linkDown'],
  [/^Kernel is reporting: interface (?<interface>\S{1,64}) UP/, 'linkUp'],
  [/^Kernel is reporting: tracked interface are UP/, 'linkUp'],
  [/^Interface (?<interface>\S{1,64}) deleted/, 'linkDown'],

  [
    /^Sending (?:gratuitous ARP|[Uu]nsolicited Neighbou?r Advert) on (?<interface>\S{1,64}) for (?<address>[0-9a-fA-F.:]{1,44}[0-9a-fA-F:])/,
    'gratuitousArp',
  ],
  [
    /^(?<instance>[^\s:]{1,255}): sending gratuitous ARP for (?<address>[0-9a-fA-F.:]{1,44}[0-9a-fA-F:])/,
    'gratuitousArp',
  ],

  [/^bogus VRRP packet received on (?<interface>\S{1,64})/, 'mismatch'],
  [
    shape(
      `^Unknown VRID\\(\\d{1,3}\\) received on interface\\((?<interface>[^()]{1,64})\\)${FROM}`,
    ),
    'mismatch',
  ],
  [/^receive an invalid passwd/, 'mismatch'],

  [/^A thread timer expired (?<lateSeconds>\d{1,9}(?:\.\d{1,9})?) seconds ago/, 'starved'],
  [/^VRRP thread timer expired(?: (?<lateSeconds>\d{1,9}(?:\.\d{1,9})?))?/, 'starved'],
  [
    /^(?:VRRP|Healthcheck|Checker|BFD) (?:child )?process(?:\(\d{1,10}\))? has used too much CPU time/,
    'starved',
  ],
  [/^Netlink: Receive buffer overrun/, 'starved'],

  [/^VRRP child process\((?<pid>\d{1,10})\) died: /, 'died'],
  [/^(?:Healthcheck|Checker|BFD) child process\((?<pid>\d{1,10})\) died: /, 'died'],
  [/^pid (?<pid>\d{1,10}) exited due to signal (?<signal>\d{1,3})/, 'died'],
  [/^pid (?<pid>\d{1,10}) exited with status (?<exitStatus>\d{1,5})/, 'died'],
  [/^pid (?<pid>\d{1,10}) exited with permanent error/, 'died'],

  [/^\(\/?[^():]{1,1024}: Line (?<configLine>\d{1,9})\) /, 'configProblem'],
  [/^Non-existent interface specified in configuration/, 'configProblem'],
  [/^Unable to set network namespace /, 'configProblem'],
  [/^bind unicast_src /, 'configProblem'],
  [/^Truncating auth_pass/, 'configProblem'],

  [/^Starting Keepalived v(?<version>[\w.+~-]{1,64})/, 'starting'],
  [/^Starting (?:VRRP|Healthcheck|BFD|scheduler) child process, pid=(?<pid>\d{1,10})/, 'starting'],
  [/^Startup complete/, 'starting'],
  [/^Stopped Keepalived v(?<version>[\w.+~-]{1,64})/, 'stopped'],
  [/^Stopped(?: - used .*)?$/, 'stopped'],
  [/^Stopping$/, 'stopping'],
  [/^Stopping Keepalived v(?<version>[\w.+~-]{1,64})/, 'stopping'],
  [
    /^(?:Reloading|Reloading \.\.\.|Reload complete|Got SIGHUP, reloading.*|Reload finished.*)$/,
    'reloading',
  ],

  [shape(`^Start(?:ing|ed) ${JOB}`), 'starting'],
  [shape(`^Stopping ${JOB}`), 'stopping'],
  [shape(`^Stopped ${JOB}`), 'stopped'],
  [shape(`^Reload(?:ing|ed) ${JOB}`), 'reloading'],
  [shape(`^Failed to start ${JOB}`), 'died'],
  [shape(`^${UNIT}: (?:Deactivated successfully|Succeeded)\\.$`), 'stopped'],
  [shape(`^${UNIT}: Main process exited, code=exited, status=0/SUCCESS`), 'stopped'],
  [shape(`^${UNIT}: [Mm]ain process exited, code=exited, status=(?<exitStatus>\\d{1,3})`), 'died'],
  [
    shape(`^${UNIT}: [Mm]ain process exited, code=(?:killed|dumped), status=(?<signal>\\d{1,3})`),
    'died',
  ],
  [
    shape(
      `^${UNIT}: (?:Failed with result|Unit entered failed state|Start request repeated too quickly)`,
    ),
    'died',
  ],
  [shape(`^Unit ${UNIT} entered failed state`), 'died'],
  [
    shape(`^${UNIT}: (?:Scheduled restart job|Service hold-off time over|Service RestartSec=)`),
    'starting',
  ],
  [shape(`^${UNIT}: (?:Consumed |Can't open PID file |PID file .{1,512} not readable)`), 'noise'],

  // On every amphora, and harmless there.
  [/^Script user 'keepalived_script' does not exist/, 'noise'],
  [/^SECURITY VIOLATION - scripts are being executed but script_security not enabled/, 'noise'],
  [/^NOTICE: setting config option max_auto_priority /, 'noise'],
  [/^(?:Running on Linux |Command line: | {4,32}'|Configuration file |Opening file )/, 'noise'],
  [
    /^ {1,8}(?:Please log an issue at |and include a full copy of |copies of the keepalived system log )/,
    'noise',
  ],
  [/^(?:Remove a zombie pid file |read eventfd count |Printing )/, 'noise'],
]
