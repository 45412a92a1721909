import type {
  ActionPreview,
  ActionResult,
  AmphoraAction,
  Check,
} from '../../../preload/contract/action'
import { AppError } from '../../../preload/contract/error'
import type { Pair } from '../../../preload/contract/pair'
import type { AmphoraHosts } from '../amphoraHosts'
import { commands, display, type AmphoraCommand, type UnitAction } from '../commands'
import type { EvidenceStore } from '../evidence'
import { Ask } from '../pairs/ask'
import type { Pairs } from '../pairs/pairs'
import type { PairWatch } from '../pairs/pairWatch'
import { requireSuccess } from '../requireSuccess'
import type { Audit, AuditEnd, AuditStart, Safety } from '../safety'
import { check } from './checks'
import { foresee, interruptsService } from './effects'
import { isKeepalived, partOf, type Situation } from './situation'

/** Longest wait for the pair to be known before the checks judge it, in milliseconds. */
const KNOWN_MS = 10_000
/** systemd gives a unit 90 seconds to stop. */
const COMMAND_MS = 120_000

export interface ActionSubject {
  cloud: string
  loadBalancerId: string
  amphoraId: string
  action: AmphoraAction
}

export interface ActionServices {
  pairs: Pick<Pairs, 'use'>
  hosts: AmphoraHosts
  evidence: EvidenceStore
  safety: Safety
  audit: Audit
}

/** What the audit log is told of an action beside its object. */
type AuditWords = Pick<AuditStart, 'planned' | 'notes'>

interface Plan {
  command: AmphoraCommand | undefined
  preview: ActionPreview
}

/** Stops, starts and restarts keepalived and haproxy on one amphora: foreseen, checked, confirmed, recorded. */
export class Actions {
  constructor(private readonly services: ActionServices) {}

  /**
   * What an action would do, with its pre-checks run now. Changes nothing.
   * @throws AppError `amphora.gone`, `cancelled`
   */
  preview(subject: ActionSubject, signal: AbortSignal): Promise<ActionPreview> {
    return this.withWatch(
      subject,
      async (watch) => (await this.plan(watch, subject, signal)).preview,
    )
  }

  /**
   * Does it. Once the command is on its way it is seen to its end, whether the caller waits or not.
   * Each attempt is in the audit log, those that were refused too; when it cannot be written, nothing is sent.
   *
   * @throws AppError `safety.readOnly`, `safety.confirmation`, `safety.refused` (values: `checks`), `amphora.gone`,
   * `store.unwritable`, `ssh.*`
   */
  run(
    subject: ActionSubject & { confirmation: string; override?: string | undefined },
    signal: AbortSignal,
  ): Promise<ActionResult> {
    return this.withWatch(subject, async (watch) => {
      const { safety } = this.services
      const armed = refusalOf(() => safety.requireArmed(subject.cloud))
      if (armed) return this.refuse(watch, subject, {}, armed)

      const { command, preview } = await this.plan(watch, subject, signal)
      const record = {
        ...(preview.command && { planned: [preview.command] }),
        notes: [
          ...(subject.override ? [`override: ${subject.override}`] : []),
          ...preview.checks.map(({ id, outcome }) => `check ${id}: ${outcome}`),
        ],
      }
      const refusal =
        confirmationRefusal(preview, subject.confirmation) ??
        checkRefusal(preview.checks, command, subject.override) ??
        // The checks take seconds; the armed mode may have ended meanwhile.
        refusalOf(() => safety.requireArmed(subject.cloud))
      if (refusal || !command) {
        return this.refuse(watch, subject, record, refusal ?? refused(preview.checks))
      }
      return this.send(watch, subject, command, record)
    })
  }

  private async plan(watch: PairWatch, subject: ActionSubject, signal: AbortSignal): Promise<Plan> {
    const { action, amphoraId } = subject
    const asked = Date.now()
    watch.refresh()
    await watch.until((pair) => isKnown(pair, amphoraId, asked), KNOWN_MS, signal)
    const watched = watch.side(amphoraId)
    if (!watched) throw AppError.because('amphora.gone', amphoraId, { values: { id: amphoraId } })

    const peer = watch.peerOf(amphoraId)
    const { pair, loadBalancer } = watch
    const command = commandOf(action, watched.haproxyUnits)
    const situation: Situation = {
      action,
      pair,
      loadBalancer,
      side: watched.side,
      peer: peer?.side,
      part: partOf(pair, amphoraId),
      hasCommand: command !== undefined,
    }
    const checks = await check(situation, peer, signal)
    const canTakeOver = checks
      .filter(({ id }) => id === 'peerReachable' || id === 'peerReceivesAdverts')
      .every(({ outcome }) => outcome === 'pass')
    const name = loadBalancer?.name || subject.loadBalancerId
    const preview: ActionPreview = {
      action,
      amphoraId,
      command: command ? display(command) : '',
      ...foresee(situation, canTakeOver),
      checks,
      confirmation: interruptsService(situation) ? name : '',
    }
    return { command, preview }
  }

  private async send(
    watch: PairWatch,
    subject: ActionSubject,
    command: AmphoraCommand,
    record: AuditWords,
  ): Promise<ActionResult> {
    const { hosts, evidence, audit } = this.services
    const { cloud, amphoraId, action } = subject
    const signal = new AbortController().signal
    const auditId = await this.begin(watch, subject, record)
    const begunAt = Date.now()
    let end: AuditEnd = { result: 'ok' }
    try {
      const managementAddress = watch.side(amphoraId)?.amphora.managementAddress
      if (managementAddress === undefined) throw AppError.because('ssh.noAddress', amphoraId)
      const host = await hosts.connect(cloud, { amphoraId, managementAddress }, signal)
      await audit.sent(auditId, { detail: display(command) })
      watch.note({ kind: 'action', amphoraId, action, at: Date.now(), errorMs: 0 })
      const result = await host.run(command, { signal, timeoutMs: COMMAND_MS })
      new Ask(host, amphoraId, evidence).keep(command, result)
      requireSuccess(result, command)
      const { exit, stdout, stderr, startedAt, endedAt } = result
      const durationMs = endedAt - startedAt
      return { auditId, stdout, stderr, startedAt, durationMs, ...(exit !== undefined && { exit }) }
    } catch (error) {
      end = { result: 'failed', failure: AppError.from(error).toFailure() }
      throw error
    } finally {
      watch.refresh()
      await audit.finish(auditId, { ...end, durationMs: Date.now() - begunAt })
    }
  }

  private async refuse(
    watch: PairWatch,
    subject: ActionSubject,
    record: AuditWords,
    failure: AppError,
  ): Promise<never> {
    const id = await this.begin(watch, subject, record)
    await this.services.audit.finish(id, { result: 'refused', failure: failure.toFailure() })
    throw failure
  }

  private begin(watch: PairWatch, subject: ActionSubject, record: AuditWords): Promise<string> {
    const { cloud, action, amphoraId: id, loadBalancerId } = subject
    const name = watch.loadBalancer?.name || loadBalancerId
    return this.services.audit.start({
      cloud,
      action,
      object: { kind: 'amphora', id, name },
      ...record,
    })
  }

  private async withWatch<T>(
    { cloud, loadBalancerId }: ActionSubject,
    work: (watch: PairWatch) => Promise<T>,
  ): Promise<T> {
    const { watch, release } = this.services.pairs.use(cloud, loadBalancerId)
    try {
      return await work(watch)
    } finally {
      release()
    }
  }
}

/** Whether everything the checks look at was asked for since then, or cannot be asked for. */
const isKnown = (pair: Pair, amphoraId: string, since: number): boolean =>
  pair.sides.some((side) => side.amphoraId === amphoraId) &&
  pair.sides.every(({ connection, vips, keepalived, haproxy }) => {
    if (connection.state !== 'live') return connection.state !== 'connecting'
    return [vips, keepalived, haproxy].every(({ at = 0 }) => at >= since)
  })

/** Units are those that the amphora reports: up to Stein haproxy has one for each listener, and then none is the one. */
function commandOf(
  action: AmphoraAction,
  haproxyUnits: readonly string[],
): AmphoraCommand | undefined {
  const verb = action.replace(/^.*\./, '') as UnitAction
  if (isKeepalived(action)) return commands.controlKeepalived(verb)
  const [unit, ...others] = haproxyUnits
  const id = unit && /^haproxy-(.+)\.service$/.exec(unit)?.[1]
  return id && !others.length ? commands.controlHaproxy(verb, id) : undefined
}

function confirmationRefusal(preview: ActionPreview, typed: string): AppError | undefined {
  const { confirmation } = preview
  if (!confirmation || typed.trim() === confirmation.trim()) return undefined
  return AppError.because('safety.confirmation', typed, { values: { name: confirmation } })
}

/** No reason overrides that there is nothing to send. */
function checkRefusal(
  checks: readonly Check[],
  command: AmphoraCommand | undefined,
  override: string | undefined,
): AppError | undefined {
  const passed = checks.every(({ outcome }) => outcome === 'pass')
  return command && (passed || override !== undefined) ? undefined : refused(checks)
}

function refused(checks: readonly Check[]): AppError {
  const open = checks.filter(({ outcome }) => outcome !== 'pass')
  const words = open.map(({ id, outcome }) => `${id}: ${outcome}`).join(', ')
  return AppError.because('safety.refused', words, {
    values: { checks: open.map(({ id }) => id).join(', ') },
  })
}

function refusalOf(demand: () => void): AppError | undefined {
  try {
    demand()
    return undefined
  } catch (error) {
    return AppError.from(error)
  }
}
