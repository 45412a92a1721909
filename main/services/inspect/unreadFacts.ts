import type { Unknown } from '../../../preload/contract/common'
import type { AmphoraFacts, InspectionPart } from '../../../preload/contract/inspect'
import { notKnown } from '../../domain/fact'

/** An amphora of which nothing is known: the parts that were asked for have a reason, the others wait to be asked for. */
export function unreadFacts(
  amphoraId: string,
  parts: readonly InspectionPart[],
  reason: Unknown,
  startedAt: number,
): AmphoraFacts {
  const at = Date.now()
  const of = (part: InspectionPart) =>
    parts.includes(part) ? notKnown(reason, at) : notKnown('notYet')
  const [namespace, haproxy, agent, system] = [
    ...[of('namespace'), of('haproxy'), of('agent'), of('system')],
  ] as const
  return {
    amphoraId,
    startedAt,
    endedAt: at,
    clock: notKnown(reason, at),
    namespace: {
      ...{ interfaces: namespace, outerInterfaces: namespace, routes: namespace },
      ...{ rules: namespace, neighbours: namespace, sockets: namespace },
      ...{ outerSockets: namespace, nft: namespace, conntrack: namespace },
    },
    services: of('services'),
    files: of('files'),
    unreadFiles: [],
    haproxy: { info: haproxy, stat: haproxy, servers: haproxy, peers: haproxy },
    agent: {
      ...{ settings: agent, heartbeatKeyDigest: agent, certificate: agent },
      ...{ clientCa: agent, heartbeats: agent, complaints: agent },
    },
    system: {
      ...{ hostname: system, distribution: system, kernel: system, bootedAt: system },
      ...{ versions: system, load: system, processors: system, memory: system },
      ...{ disks: system, kernelMessages: system, steal: system },
    },
  }
}
