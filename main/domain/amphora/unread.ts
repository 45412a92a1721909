import type { Unknown } from '../../../preload/contract/common'
import type { AmphoraFacts, InspectionPart } from '../../../preload/contract/inspect'
import { notKnown } from '../fact'

/** An amphora of which nothing is known; why, part by part. */
export function unknownAmphora(
  amphoraId: string,
  reasonOf: (part: InspectionPart) => Unknown,
  startedAt: number,
  endedAt: number,
): AmphoraFacts {
  const of = (part: InspectionPart) => {
    const reason = reasonOf(part)
    return reason === 'notYet' ? notKnown(reason) : notKnown(reason, endedAt)
  }
  const [namespace, haproxy, agent, system] = [
    ...[of('namespace'), of('haproxy'), of('agent'), of('system')],
  ] as const
  return {
    ...{ amphoraId, startedAt, endedAt },
    clock: of('namespace'),
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
