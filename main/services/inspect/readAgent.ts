import type { Fact } from '../../../preload/contract/common'
import type { AgentFacts, Certificate } from '../../../preload/contract/inspect'
import { controllersOf, parseAgentSettings } from '../../domain/amphora/agentSettings'
import { parseCertificate } from '../../domain/amphora/certificate'
import { parseHeartbeats } from '../../domain/amphora/heartbeats'
import { parseComplaints } from '../../domain/amphora/logs'
import { mapFact, notKnown } from '../../domain/fact'
import {
  CERTIFICATE_PATH,
  HEARTBEAT_SECONDS,
  inspectionCommands,
  MOST_HEARTBEATS,
} from './commands'
import { factOf, type Reader, type Reply } from './reader'
import { fingerprint } from './secretTokens'

const SERVER_CERTIFICATE = '/etc/octavia/certs/server.pem'
const CLIENT_CA = '/etc/octavia/certs/client_ca.pem'
const LOG_LINES = 500
/** Octavia's default, in seconds. */
const HEARTBEAT_INTERVAL = 10
/** Exit status of `timeout`: the time was up. */
const TIME_IS_UP = 124

/** The agent: its settings without secrets, certificates, log, and the heartbeats that leave. @throws AppError `cancelled` */
export async function readAgent(reader: Reader): Promise<AgentFacts> {
  const config = await reader.runEither(inspectionCommands.agentConfig)
  const parsed = factOf(config, ({ stdout }) => parseAgentSettings(stdout))
  const settings = mapFact(parsed, (value) => value.settings)
  const known = 'value' in settings ? settings.value : {}
  const certificate = (key: string, usual: string) =>
    readCertificate(reader, known[`amphora_agent.${key}`] ?? usual)
  const complaints = async () =>
    factOf(
      await reader.runEither((sudo) => inspectionCommands.agentLog(LOG_LINES, sudo)),
      ({ stdout }) => parseComplaints(stdout),
    )
  const [own, clientCa, heartbeats, told, heartbeatKeyDigest] = await Promise.all([
    certificate('agent_server_cert', SERVER_CERTIFICATE),
    certificate('agent_server_ca', CLIENT_CA),
    readHeartbeats(reader, known),
    complaints(),
    'value' in parsed
      ? digestOf(parsed.value.heartbeatKey).then((value) => mapFact(parsed, () => value))
      : parsed,
  ])
  return { settings, heartbeatKeyDigest, certificate: own, clientCa, heartbeats, complaints: told }
}

const digestOf = (key: string | undefined): Promise<string> =>
  key === undefined ? Promise.resolve('') : fingerprint(key)

async function readCertificate(reader: Reader, path: string): Promise<Fact<Certificate>> {
  // The file may name a place where no release of Octavia keeps certificates.
  if (!CERTIFICATE_PATH.test(path)) return notKnown('notSupported')
  const make = (sudo: boolean) => inspectionCommands.certificate(path, sudo)
  return factOf(await reader.runEither(make), ({ stdout }) => parseCertificate(stdout, path))
}

/** One heartbeat leaves in each interval, to one controller after the other: so many intervals tell of all of them. */
async function readHeartbeats(
  reader: Reader,
  settings: Readonly<Record<string, string>>,
): Promise<AgentFacts['heartbeats']> {
  const controllers = controllersOf(settings)
  const interval = Number(settings['health_manager.heartbeat_interval']) || HEARTBEAT_INTERVAL
  const packets = Math.min(MOST_HEARTBEATS, Math.max(1, controllers.length))
  const wait = Math.ceil((packets + 1) * interval)
  const seconds = Math.min(HEARTBEAT_SECONDS, Math.max(1, wait))
  const ports = [...new Set(controllers.map(({ port }) => port))]
  const reply: Reply = await reader.run(
    inspectionCommands.heartbeats({ seconds, packets, ports }),
    { accept: [TIME_IS_UP], timeoutMs: (seconds + 10) * 1000 },
  )
  const lasted = Math.min(seconds, (reply.at - reply.startedAt) / 1000)
  return factOf(reply, ({ stdout, stderr }) => {
    const seen = parseHeartbeats(stdout, stderr)
    return seen && { seconds: lasted, ...seen }
  })
}
