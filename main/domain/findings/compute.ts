import type { Fact } from '../../../preload/contract/common'
import type { ServerFacts } from './facts'
import { notKnown, valueOf } from '../fact'
import { quoteAmphora, quoteApi } from './proof'
import {
  eachSide,
  eachSideOfPair,
  inspected,
  owns,
  whole,
  type Reading,
  type Side,
} from './reading'
import type { Rule } from './rule'
import { fine, holds, judged, listed } from './verdict'

const DAY_MS = 86_400_000

/** The virtual machine does not run. */
const serverDown: Rule = {
  id: 'compute.server-down',
  modes: [18, 48],
  explains: ['amphora.unreachable', 'vrrp.no-owner', 'neutron.port-down'],
  judge: eachSide((side, reading) => {
    const server = serverOf(side, reading)
    return judged(side.subject, { server }, ({ server: { id, status } }) => {
      if (!DOWN.has(status) || reading.pending) return fine
      return holds(
        owns(side) === true ? 'critical' : 'high',
        side.subject,
        { amphora: side.id, server: id, status },
        [quoteApi(`GET /servers/${id}`, 'status', status, server)],
      )
    })
  }),
}

/** Nova does not know the virtual machine of an amphora any more. */
const serverMissing: Rule = {
  id: 'compute.server-missing',
  modes: [48],
  explains: ['amphora.unreachable', 'vrrp.no-owner'],
  judge: eachSide((side, reading) => {
    const server = serverOf(side, reading)
    if ('unknown' in server && server.unknown === 'compute.notFound' && !reading.pending) {
      const id = side.amphora?.computeId ?? ''
      return holds('high', side.subject, { amphora: side.id, server: id }, [
        quoteApi(`GET /servers/${id}`, 'status', 404, server),
      ])
    }
    return judged(side.subject, { server }, () => fine)
  }),
}

/** Nova built the virtual machine anew: whatever the controller had put into it is gone. */
const rebuilt: Rule = {
  id: 'compute.rebuilt',
  modes: [46],
  explains: ['agent.stopped', 'haproxy.stopped', 'keepalived.stopped'],
  judge: eachSide((side, reading) => {
    const server = serverOf(side, reading)
    return judged(side.subject, { server }, ({ server: { id, actions } }) => {
      const action = actions.find((each) => REBUILT.has(each.action))
      if (!action) return fine
      const files = valueOf(side.files)
      const intact = files?.some(({ kind }) => kind === 'agent')
      return holds(
        intact ? 'info' : 'high',
        side.subject,
        { amphora: side.id, server: id, action: action.action },
        [quoteApi(`GET /servers/${id}/os-instance-actions`, 'action', action.action, server)],
        action.at,
      )
    })
  }),
}

/** The virtual machine moved, or stood still: both can make keepalived miss its time. */
const moved: Rule = {
  id: 'compute.moved',
  modes: [18],
  judge: eachSide((side, reading) => {
    const server = serverOf(side, reading)
    return judged(side.subject, { server }, ({ server: { id, actions } }) => {
      const action = actions.find(
        (each) => MOVED.has(each.action) && reading.facts.now - each.at <= DAY_MS,
      )
      if (!action) return fine
      return holds(
        'info',
        side.subject,
        { amphora: side.id, server: id, action: action.action },
        [quoteApi(`GET /servers/${id}/os-instance-actions`, 'action', action.action, server)],
        action.at,
      )
    })
  }),
}

/** A machine of an amphora that the controller has forgotten still runs: it may hold the VIP as a third one. */
const strayServer: Rule = {
  id: 'compute.stray-server',
  modes: [45],
  judge: whole(({ facts }) =>
    judged(
      { kind: 'loadBalancer', id: facts.loadBalancerId },
      { strays: facts.compute.strays },
      ({ strays }) => {
        const running = strays.filter(({ status }) => status === 'ACTIVE')
        const [first] = running
        if (!first) return fine
        return holds(
          'high',
          { kind: 'server', id: first.id, name: first.name },
          {
            server: first.id,
            count: running.length,
            servers: listed(running.map(({ name }) => name)),
          },
          running
            .slice(0, 4)
            .map((server) =>
              quoteApi(`GET /servers/${server.id}`, 'name', server.name, facts.compute.strays),
            ),
        )
      },
    ),
  ),
}

/** The processor was taken away from the machine: keepalived and haproxy come too late. */
const cpuSteal: Rule = {
  id: 'system.cpu-steal',
  modes: [18],
  explains: ['vrrp.frozen'],
  judge: eachSideOfPair((side) => {
    const steal = inspected(side, ({ system }) => system.steal)
    return judged(side.subject, { system: steal }, ({ system: percent }) =>
      percent >= STEAL_PERCENT
        ? holds('medium', side.subject, { amphora: side.id, percent: Math.round(percent) }, [
            quoteAmphora(side.id, '/proc/stat', `steal ${percent} %`, steal),
          ])
        : fine,
    )
  }),
}

/** Rules about the virtual machines. */
export const computeRules: readonly Rule[] = [
  serverMissing,
  serverDown,
  rebuilt,
  strayServer,
  cpuSteal,
  moved,
]

const STEAL_PERCENT = 10
const DOWN = new Set(['SHUTOFF', 'ERROR', 'PAUSED', 'SUSPENDED', 'DELETED', 'SHELVED', 'STOPPED'])
const REBUILT = new Set(['evacuate', 'rebuild'])
const MOVED = new Set(['migrate', 'live-migration', 'pause', 'suspend', 'resize', 'reboot'])

/** The server of a side. */
export const serverOf = ({ id }: Side, { facts }: Reading): Fact<ServerFacts> =>
  (Object.hasOwn(facts.compute.servers, id) ? facts.compute.servers[id] : undefined) ??
  notKnown('notMeasured')
