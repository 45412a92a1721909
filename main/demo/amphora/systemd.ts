import type { Clock } from '../clock'
import { newHex } from '../identity'
import type { Journal, Origin } from './journal'

/** One unit as `systemctl show` and `list-units` tell of it. */
export class Unit {
  load = 'loaded'
  active = 'inactive'
  sub = 'dead'
  mainPid = 0
  result = 'success'
  restarts = 0
  invocationId = ''
  stateChangedAt: number | undefined
  activeEnteredAt: number | undefined
  activeExitedAt: number | undefined
  inactiveEnteredAt: number | undefined
  inactiveExitedAt: number | undefined
  mainStartedAt: number | undefined

  constructor(
    readonly name: string,
    readonly description: string,
  ) {}

  /** Moves the unit to another state and remembers when. */
  become(active: string, sub: string, at: number): void {
    const was = this.active
    this.active = active
    this.sub = sub
    this.stateChangedAt = at
    const rest = ['inactive', 'failed']
    if (active === 'active' && was !== 'active') this.activeEnteredAt = at
    if (active !== 'active' && was === 'active') this.activeExitedAt = at
    if (rest.includes(active) && !rest.includes(was)) this.inactiveEnteredAt = at
    if (!rest.includes(active) && rest.includes(was)) this.inactiveExitedAt = at
  }

  begin(): void {
    this.invocationId = newHex()
    this.result = 'success'
  }
}

const SYSTEMD: Origin = {
  identifier: 'systemd',
  pid: 1,
  unit: 'init.scope',
  transport: 'journal',
  facility: 3,
  command: '/usr/lib/systemd/systemd',
  executable: '/usr/lib/systemd/systemd',
  name: 'systemd',
}

const START = { CODE_FILE: 'src/core/job.c', CODE_FUNC: 'job_emit_start_message', CODE_LINE: '580' }
const DONE = { CODE_FILE: 'src/core/job.c', CODE_FUNC: 'job_emit_done_message', CODE_LINE: '767' }
const UNIT = { CODE_FILE: 'src/core/unit.c', CODE_FUNC: 'unit_log_success', CODE_LINE: '5618' }

/** Message ids of systemd 252 (sd-messages.h), by what a line says. */
const KINDS: readonly { words: RegExp; extra: Record<string, string> }[] = [
  {
    words: /^Starting /,
    extra: { ...START, JOB_TYPE: 'start', MESSAGE_ID: '7d4958e842da4a758f6c1cdc7b36dcc5' },
  },
  {
    words: /^Started /,
    extra: {
      ...DONE,
      JOB_TYPE: 'start',
      JOB_RESULT: 'done',
      MESSAGE_ID: '39f53479d3a045ac8e11786248231fbf',
    },
  },
  {
    words: /^Stopping /,
    extra: { ...START, JOB_TYPE: 'stop', MESSAGE_ID: 'de5b426a63be47a7b6ac3eaac82e2f6f' },
  },
  {
    words: /^Stopped /,
    extra: {
      ...DONE,
      JOB_TYPE: 'stop',
      JOB_RESULT: 'done',
      MESSAGE_ID: '9d1aaa27d60140bd96365438aad20286',
    },
  },
  { words: /Deactivated/, extra: { ...UNIT, MESSAGE_ID: '7ad2d189f7e94e70a38c781354912448' } },
  { words: /Failed with/, extra: { ...UNIT, MESSAGE_ID: 'd9b373ed55a64feb8242e02dbe79a49c' } },
]

/** The units of one machine. */
export class Systemd {
  readonly units = new Map<string, Unit>()
  private job = 300

  constructor(
    readonly clock: Clock,
    readonly journal: Journal,
  ) {}

  /** The unit of that name, new when it is not known. */
  unit(name: string, description: string): Unit {
    const unit = this.units.get(name) ?? new Unit(name, description)
    this.units.set(name, unit)
    return unit
  }

  /** A line of systemd about a unit. */
  tell(unit: Unit, message: string, at?: number, priority = 6): void {
    const extra = KINDS.find(({ words }) => words.test(message))?.extra ?? {}
    if ('JOB_TYPE' in extra && !('JOB_RESULT' in extra)) this.job += 1
    this.journal.append(
      { ...SYSTEMD, about: unit.name },
      {
        message,
        priority,
        invocationId: unit.invocationId,
        extra: { ...extra, ...('JOB_TYPE' in extra && { JOB_ID: String(this.job) }) },
        ...(at !== undefined && { at }),
      },
    )
  }

  /** `Starting octavia-keepalived.service - Keepalive Daemon (LVS and VRRP)...` and its like. */
  announce(
    unit: Unit,
    verb: 'Starting' | 'Started' | 'Stopping' | 'Stopped' | 'Reloading' | 'Reloaded',
    at?: number,
  ): void {
    const tail = verb.endsWith('ing') ? '...' : '.'
    this.tell(unit, `${verb} ${unit.name} - ${unit.description}${tail}`, at)
  }
}
