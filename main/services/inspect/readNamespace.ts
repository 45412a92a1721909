import type { NamespaceFacts, NetworkInterface } from '../../../preload/contract/inspect'
import {
  parseInterfaces,
  parseNeighbours,
  parseRoutes,
  parseRoutingRules,
} from '../../domain/amphora/ipAnswers'
import { parseConntrack } from '../../domain/amphora/services'
import { parseSockets } from '../../domain/amphora/sockets'
import { inspectionCommands } from './commands'
import { bothFacts } from '../../domain/fact'
import { factOf, type Reader } from './reader'

/** What carries traffic, and the management side. Nearly all of it needs sudo. @throws AppError `cancelled` */
export async function readNamespace(reader: Reader): Promise<NamespaceFacts> {
  const json = async <T>(
    command: Parameters<Reader['run']>[0],
    parse: (text: string) => T | undefined,
  ) => factOf(await reader.run(command), ({ stdout }) => parse(stdout))

  const interfaces = json(inspectionCommands.interfaces(), parseInterfaces)
  const rules = async () => {
    const four = await json(inspectionCommands.rules('inet'), parseRoutingRules)
    const known = await interfaces
    if (!('value' in known) || !known.value.some(hasSix)) return four
    const six = await json(inspectionCommands.rules('inet6'), parseRoutingRules)
    return bothFacts(four, six, (one, other) => [...one, ...other])
  }
  const sockets = async () => {
    const waiting = await json(inspectionCommands.sockets(), parseSockets)
    const peers = await json(inspectionCommands.peerSockets(), parseSockets)
    return bothFacts(waiting, peers, (one, other) => [
      ...one,
      ...other.filter(({ state }) => state !== 'LISTEN' && state !== 'UNCONN'),
    ])
  }
  const outerSockets = async () =>
    factOf(await reader.runEither(inspectionCommands.outerSockets), ({ stdout }) =>
      parseSockets(stdout),
    )

  const [inner, outer, routes, ruled, neighbours, inside, outside, nft, conntrack] =
    await Promise.all([
      interfaces,
      json(inspectionCommands.outerInterfaces(), parseInterfaces),
      json(inspectionCommands.routes(), parseRoutes),
      rules(),
      json(inspectionCommands.neighbours(), parseNeighbours),
      sockets(),
      outerSockets(),
      json(inspectionCommands.nft(), (text) => text),
      json(inspectionCommands.conntrack(), parseConntrack),
    ])
  return {
    interfaces: inner,
    outerInterfaces: outer,
    routes,
    rules: ruled,
    neighbours,
    sockets: inside,
    outerSockets: outside,
    nft,
    conntrack,
  }
}

/** Whether it has an IPv6 address that is more than the link's own. */
const hasSix = ({ name, addresses }: NetworkInterface): boolean =>
  name !== 'lo' &&
  addresses.some(({ family, address }) => family === 6 && !address.toLowerCase().startsWith('fe80'))
