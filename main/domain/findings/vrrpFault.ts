import type { Fact } from '../../../preload/contract/common'
import type { NetworkInterface } from '../../../preload/contract/inspect'
import type { LogLine } from '../../../preload/contract/pair'
import { canonicalAddress } from '../ip'
import { valueOf } from '../fact'
import { quoteAmphora, quoteFile, quoteLine, quoteUnit } from './proof'
import { eachSideOfPair, inspected, vrrpInterface, type Side } from './reading'
import type { Rule } from './rule'
import { fine, holds, judged, unjudged } from './verdict'
import { isYoung, stateProof } from './vrrpOwner'

/** A restart takes about a second. */
const RESTART_MS = 3000

/** keepalived does not run: this amphora cannot take over, and sends no heartbeats. */
const keepalivedStopped: Rule = {
  id: 'keepalived.stopped',
  modes: [13],
  explains: ['vrrp.no-owner', 'agent.heartbeat-silent', 'lb.offline'],
  judge: eachSideOfPair((side, reading) =>
    judged(side.subject, { services: side.keepalived }, ({ services }) => {
      if (services.active !== 'inactive' && services.active !== 'failed') return fine
      if (isYoung(services.since, reading.facts.now, RESTART_MS)) {
        return unjudged(side.subject, 'services', 'notYet')
      }
      return holds(
        'high',
        side.subject,
        { amphora: side.id, unit: services.unit, state: services.active },
        [
          quoteUnit(side.id, services, side.keepalived),
          lastLine(side, ({ meaning }) => meaning === 'died' || meaning === 'stopped'),
        ],
        services.since,
      )
    }),
  ),
}

/** The link that VRRP runs on is down. */
const faultInterface: Rule = {
  id: 'vrrp.fault-interface',
  modes: [15],
  explains: ['vrrp.fault-check-script', 'vrrp.no-owner', 'neutron.port-down'],
  judge: eachSideOfPair((side) => {
    const name = vrrpInterface(side)
    const interfaces = interfacesOf(side)
    const link = valueOf(interfaces)?.find((each) => each.name === name)
    const state = valueOf(side.vrrp)
    const down = link && (!link.carrier || link.state === 'DOWN' || link.state === 'LOWERLAYERDOWN')
    const line = lastLine(side, ({ meaning }) => meaning === 'linkDown')
    const values = { amphora: side.id, interface: name }
    const outdated = state !== undefined && state !== 'FAULT' && newer(side.vrrp, interfaces)
    if (down && !outdated) {
      const text = `${name}: state ${link.state}, ${link.carrier ? 'carrier' : 'no carrier'}`
      return holds('high', side.subject, values, [
        quoteAmphora(side.id, 'ip -j -s link', text, interfaces),
        stateProof(side),
        line,
      ])
    }
    if (state === 'FAULT' && linkIsDown(side) && !link) {
      return holds('high', side.subject, values, [stateProof(side), line])
    }
    if (link || (state && state !== 'FAULT')) return fine
    return judged(side.subject, { interfaces, vrrpState: side.vrrp }, () => fine)
  }),
}

/** The check script says no, and keepalived gives up the VIP. */
const faultCheckScript: Rule = {
  id: 'vrrp.fault-check-script',
  modes: [11, 12],
  explains: ['vrrp.no-owner'],
  judge: eachSideOfPair((side, reading) =>
    judged(
      side.subject,
      { vrrpState: side.vrrp, loadBalancer: reading.served },
      ({ vrrpState, loadBalancer: { all } }) => {
        if (vrrpState !== 'FAULT' || !all) return fine
        return judged(side.subject, { log: side.facts.lines }, ({ log }) => {
          const last = log.findLast(
            ({ meaning }) => meaning === 'scriptFailed' || meaning === 'scriptSucceeded',
          )
          if (last?.meaning !== 'scriptFailed' || linkIsDown(side)) return fine
          return holds(
            'high',
            side.subject,
            { amphora: side.id, script: 'check_script' },
            [quoteLine(last, side.facts.lines), stateProof(side)],
            last.at,
          )
        })
      },
    ),
  ),
}

/** The check script cannot run at all: images of some releases shipped it so. */
const checkScriptBroken: Rule = {
  id: 'vrrp.check-script-broken',
  modes: [12],
  explains: ['vrrp.fault-check-script', 'vrrp.no-owner'],
  judge: eachSideOfPair((side) =>
    judged(side.subject, { log: side.facts.lines }, ({ log }) => {
      const line = log.findLast(({ text }) => BROKEN_SCRIPT.test(text))
      const ran = line && log.some((each) => each.at >= line.at && RAN.test(each.text))
      if (!line || ran) return fine
      return holds(
        'high',
        side.subject,
        { amphora: side.id },
        [quoteLine(line, side.facts.lines), scriptFile(side)],
        line.at,
      )
    }),
  ),
}

/** keepalived does not accept its configuration. */
const configRejected: Rule = {
  id: 'vrrp.config-rejected',
  modes: [7, 14],
  explains: ['keepalived.stopped', 'vrrp.no-owner'],
  judge: eachSideOfPair((side) =>
    judged(side.subject, { log: side.facts.lines }, ({ log }) => {
      const { line, interfaceMissing } = lastComplaint(log)
      if (!line || interfaceMissing) return fine
      const number = Number(/: Line (\d{1,9})\)/.exec(line.text)?.[1] ?? 0)
      const settings = valueOf(side.settings)
      const dead = valueOf(side.keepalived)?.active === 'failed'
      return holds(
        dead ? 'high' : 'medium',
        side.subject,
        { amphora: side.id, line: number },
        [
          quoteLine(line, side.facts.lines),
          number && settings ? quoteFile(side.id, settings.file, number, side.settings) : undefined,
        ],
        line.at,
      )
    }),
  ),
}

/** keepalived was started before its interface was there, and gave up. */
const startedBeforeNetwork: Rule = {
  id: 'vrrp.started-before-network',
  modes: [14],
  explains: ['keepalived.stopped', 'vrrp.no-owner'],
  judge: eachSideOfPair((side) =>
    judged(side.subject, { log: side.facts.lines, services: side.keepalived }, (known) => {
      const { line, interfaceMissing } = lastComplaint(known.log)
      if (!line || !interfaceMissing || known.services.active === 'active') return fine
      return holds(
        'high',
        side.subject,
        { amphora: side.id, interface: vrrpInterface(side) },
        [quoteLine(line, side.facts.lines), quoteUnit(side.id, known.services, side.keepalived)],
        line.at,
      )
    }),
  ),
}

/** The address that adverts leave from is not on the interface. */
const sourceMissing: Rule = {
  id: 'vrrp.source-missing',
  modes: [7, 15],
  explains: ['vrrp.no-owner'],
  judge: eachSideOfPair((side) => {
    const interfaces = interfacesOf(side)
    return judged(
      side.subject,
      { keepalivedConfig: side.settings, interfaces },
      ({ keepalivedConfig: { file, instance }, interfaces: all }) => {
        const source = instance.unicastSource
        const name = vrrpInterface(side)
        const link = all.find((each) => each.name === name)
        const here = link?.addresses.map(({ address }) => canonicalAddress(address))
        if (!source || !here || here.includes(canonicalAddress(source.value))) return fine
        return holds(
          'high',
          side.subject,
          { amphora: side.id, source: source.value, interface: name },
          [
            quoteFile(side.id, file, source.line, side.settings),
            quoteAmphora(side.id, 'ip -j addr', `${name}: ${here.join(', ') || '–'}`, interfaces),
          ],
        )
      },
    )
  }),
}

/** Another machine has the address: IPv6 refuses it, IPv4 sees an advert of its own address. */
const duplicateAddress: Rule = {
  id: 'vrrp.duplicate-address',
  modes: [21],
  judge: eachSideOfPair((side) => {
    const interfaces = interfacesOf(side)
    return judged(side.subject, { interfaces }, ({ interfaces: all }) => {
      for (const { name, addresses } of all) {
        const refused = addresses.find(({ flags }) => flags.includes('dadfailed'))
        if (!refused) continue
        return holds(
          'critical',
          side.subject,
          { amphora: side.id, address: refused.address, interface: name },
          [quoteAmphora(side.id, 'ip -j addr', `${refused.address} dadfailed`, interfaces)],
        )
      }
      return fine
    })
  }),
}

/** Rules about keepalived that cannot be MASTER. */
export const faultRules: readonly Rule[] = [
  startedBeforeNetwork,
  configRejected,
  keepalivedStopped,
  faultInterface,
  sourceMissing,
  checkScriptBroken,
  faultCheckScript,
  duplicateAddress,
]

const BROKEN_SCRIPT =
  /Error exec-ing command|cannot be accessed|Disabling track script|Exec format error|shopt: not found|haproxy-vrrp-check: (?:command )?not found/
const RAN = /^VRRP_Script\([^()]{1,255}\) succeeded/

/** The interfaces of the namespace. */
const interfacesOf = (side: Side): Fact<readonly NetworkInterface[]> =>
  inspected(side, ({ namespace }) => namespace.interfaces)

/** The last complaint about the configuration, unless the file was read anew since without one. */
function lastComplaint(log: readonly LogLine[]) {
  let line: LogLine | undefined
  let interfaceMissing = false
  for (const each of log) {
    if (each.text.startsWith('Configuration file ') || each.text.startsWith('Opening file ')) {
      line = undefined
      interfaceMissing = false
    }
    if (NO_INTERFACE.test(each.text)) interfaceMissing = true
    else if (!COMPLAINT.test(each.text)) continue
    line ??= each
  }
  return { line, interfaceMissing }
}

const NO_INTERFACE =
  /^Non-existent interface specified|WARNING - interface \S{1,64} for .* doesn't exist/
const COMPLAINT = /^\(\/?[^():]{1,1024}: Line \d{1,9}\) |exited with permanent error CONFIG/

/** Whether the last word of the log about the link is that it is down. */
function linkIsDown(side: Side): boolean {
  const lines = valueOf(side.facts.lines)
  const last = lines?.findLast(({ meaning }) => meaning === 'linkDown' || meaning === 'linkUp')
  return last?.meaning === 'linkDown'
}

function lastLine(side: Side, fits: (line: LogLine) => boolean) {
  const line = valueOf(side.facts.lines)?.findLast(fits)
  return line && quoteLine(line, side.facts.lines)
}

const newer = (one: Fact<unknown>, other: Fact<unknown>): boolean => (one.at ?? 0) > (other.at ?? 0)

function scriptFile(side: Side) {
  const file = valueOf(side.files)?.find(({ kind }) => kind === 'checkScript')
  return file && quoteFile(side.id, file, 1, side.files)
}
