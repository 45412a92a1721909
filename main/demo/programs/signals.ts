import { instanceName } from '../amphora/configurations'
import { loopback } from '../amphora/interfaces'
import { jsonDump, statsDump, topologyDump } from '../amphora/keepalivedDumps'
import { globalDump, interfacesDump } from '../amphora/keepalivedGlobals'
import type { Machine } from '../amphora/machine'

/** Numbers of signals on Linux; 36 is SIGRTMIN+2. */
const NUMBERS: Record<string, number> = { HUP: 1, KILL: 9, USR1: 10, USR2: 12, TERM: 15 }
const JSON_SIGNAL = 36
const ROOT_ONLY = 0o600

/** The number of a signal by its name or number; undefined for what is none. */
export function signalNumber(name: string): number | undefined {
  const number = NUMBERS[name.replace(/^SIG/, '')] ?? Number(name)
  return Number.isInteger(number) && number > 0 && number <= 64 ? number : undefined
}

/** Sends a signal to a process. False when there is no such process. */
export function signalMachine(machine: Machine, pid: number, name: string): boolean {
  const { keepalived, haproxy } = machine
  const number = signalNumber(name)
  if (pid === keepalived.parentPid && keepalived.vrrp) {
    signalKeepalived(machine, number)
    return true
  }
  if (pid === keepalived.childPid && keepalived.vrrp) return true
  return haproxy.runs && [haproxy.masterPid, haproxy.workerPid].includes(pid)
}

function signalKeepalived(machine: Machine, number: number | undefined): void {
  const { keepalived, spec, clock, namespace } = machine
  const { vrrp } = keepalived
  if (!vrrp) return
  const print = (what: string) =>
    keepalived.log(
      'Keepalived_vrrp',
      `Printing VRRP ${what} for process(${keepalived.childPid}) on signal`,
    )
  switch (number) {
    case NUMBERS['USR1']: {
      keepalived.log(
        'Keepalived',
        `Printing parent data for process(${keepalived.parentPid}) on signal`,
      )
      keepalived.log('Keepalived', "Script user 'keepalived_script' does not exist")
      print('data')
      const links = [loopback(), ...namespace.links]
      machine.writeFile('/tmp/keepalived_parent.data', globalDump(spec.amphoraId, true), ROOT_ONLY)
      machine.writeFile(
        '/tmp/keepalived.data',
        globalDump(spec.amphoraId, false) +
          topologyDump(spec, vrrp, clock.now()) +
          interfacesDump(links, instanceName(spec.loadBalancerId)),
        ROOT_ONLY,
      )
      break
    }
    case NUMBERS['USR2']:
      print('stats')
      machine.writeFile('/tmp/keepalived.stats', statsDump(spec, vrrp), ROOT_ONLY)
      break
    case JSON_SIGNAL:
      print('as json')
      machine.writeFile('/tmp/keepalived.json', jsonDump(spec, vrrp), ROOT_ONLY)
      break
    case NUMBERS['KILL']:
      keepalived.kill()
      break
    case NUMBERS['TERM']:
      void machine.run(() => keepalived.stop())
      break
    case NUMBERS['HUP']:
      keepalived.reload()
      break
    case undefined:
    default:
  }
}
