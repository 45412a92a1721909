import { TEST_STEPS, type TestFinding, type TestStep } from '../../../preload/contract/cloud'
import { AppError } from '../../../preload/contract/error'
import type { CloudFiles } from '../../platform/cloudFiles'
import type { Http, TlsOptions } from '../../platform/http'
import { isLoopback } from '../../platform/proxyEnvironment'
import type { Probe } from '../../platform/tlsProbe'
import { askAmphorae, findOctavia, hasNetwork, listOne } from './abilities'
import { CloudConnection } from './connection'
import type { CloudDefinition } from './definition'
import { Exchange } from './exchange'
import { readTls } from './tls'

/** A certificate with less than this left is worth a warning. */
const EXPIRES_SOON_MS = 30 * 24 * 3600 * 1000

/** What is needed to try a cloud. */
export interface CloudTestDependencies {
  files: CloudFiles
  http: Http
  probe: Probe
}

type Found = Pick<TestStep, 'found'> & Partial<Pick<TestStep, 'outcome' | 'note' | 'failure'>>
/** A step, or why it is not tried. */
type Step =
  ((signal: AbortSignal) => Found | Promise<Found>) | Required<Pick<TestStep, 'outcome' | 'note'>>
type Steps = Readonly<Record<TestStep['step'], Step>>

/** Tries a cloud one layer after the other, without opening it, and names the first that fails. */
export class CloudTest {
  constructor(private readonly dependencies: CloudTestDependencies) {}

  /** Each step first as `running`, then as it ended; after a failure the others are skipped. Never fails itself. */
  async *run(
    definition: () => Promise<CloudDefinition>,
    signal: AbortSignal,
  ): AsyncGenerator<TestStep, void> {
    let steps: Promise<Steps> | undefined
    let failed = false
    for (const step of TEST_STEPS) {
      if (failed) {
        yield { step, outcome: 'skipped', found: [], note: 'earlierFailed' }
        continue
      }
      yield { step, outcome: 'running', found: [] }
      const ended = await attempt(async () => {
        steps ??= definition().then((found) => this.steps(found))
        return (await steps)[step]
      }, signal)
      if (signal.aborted) return
      failed = ended.outcome === 'failed'
      yield { step, ...ended }
    }
  }

  private async steps(definition: CloudDefinition): Promise<Steps> {
    const { files, http, probe } = this.dependencies
    const { authUrl } = definition
    const tls = await readTls(files, definition)
    const exchange = new Exchange(http, undefined, tls, definition.timeoutMs)
    const connection = new CloudConnection(definition, exchange)
    const proxy = { proxy: probe.proxyOf(authUrl) }
    const withKeystone = definition.credentials?.type !== 'none'
    const noKeystone = { outcome: 'skipped', note: 'noKeystone' } as const
    return {
      dns: async (signal) => ({
        found: named({ addresses: (await probe.resolve(authUrl, signal)).join(', '), ...proxy }),
      }),
      tcp: async (signal) => ({
        found: named({ connectedTo: await probe.connect(authUrl, signal), ...proxy }),
      }),
      tls: plainHttp(authUrl) ?? ((signal) => handshake(probe, authUrl, tls, signal)),
      keystone: withKeystone ? (signal) => signIn(connection, signal) : noKeystone,
      catalog: withKeystone ? () => catalog(connection) : noKeystone,
      octavia: async (signal) => {
        const { url, version, minor } = await findOctavia(connection, signal)
        const found = named({ octavia: url, version })
        return { found, ...(minor === 0 && { outcome: 'warning', note: 'noVersion' }) }
      },
      role: (signal) => role(connection, signal),
    }
  }
}

async function attempt(
  find: () => Promise<Step>,
  signal: AbortSignal,
): Promise<Omit<TestStep, 'step'>> {
  const started = performance.now()
  const took = () => ({ durationMs: performance.now() - started })
  try {
    const step = await find()
    if (typeof step !== 'function') return { found: [], ...step }
    return { outcome: 'ok', ...(await step(signal)), ...took() }
  } catch (error) {
    return { outcome: 'failed', found: [], failure: AppError.from(error).toFailure(), ...took() }
  }
}

/** What was found, without what there is nothing to say about. */
const named = (values: Partial<Record<TestFinding, string | undefined>>): TestStep['found'] =>
  (Object.entries(values) as [TestFinding, string | undefined][]).flatMap(([name, value]) =>
    value ? [{ name, value }] : [],
  )

/** Why there is no TLS to be tried, where there is none. */
function plainHttp(url: string): Exclude<Step, () => unknown> | undefined {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:') return undefined
  return isLoopback(hostname)
    ? { outcome: 'skipped', note: 'plainHttpHere' }
    : { outcome: 'warning', note: 'plainHttp' }
}

async function handshake(
  probe: Probe,
  url: string,
  tls: TlsOptions,
  signal: AbortSignal,
): Promise<Found> {
  const certificate = await probe.handshake(url, tls, signal)
  const { subject, issuer, validTo, protocol, untrusted } = certificate
  const end = new Date(validTo).toISOString().slice(0, 10)
  const soon = validTo - Date.now() < EXPIRES_SOON_MS
  return {
    found: named({ protocol, subject, issuer, validTo: end, untrusted }),
    ...((soon || untrusted) && { outcome: 'warning' }),
    ...(soon && { note: 'expiresSoon' }),
  }
}

async function signIn(connection: CloudConnection, signal: AbortSignal): Promise<Found> {
  await connection.signIn(signal)
  const { userName, project, roles } = connection.identity
  return { found: named({ user: userName, project: project?.name, roles: roles.join(', ') }) }
}

function catalog(connection: CloudConnection): Found {
  const octavia = connection.endpoint('load-balancer')
  const neutron = hasNetwork(connection) ? connection.endpoint('network') : undefined
  const found = named({ octavia, neutron })
  return neutron ? { found } : { found, outcome: 'warning', note: 'noNetwork' }
}

async function role(connection: CloudConnection, signal: AbortSignal): Promise<Found> {
  await listOne(connection, signal)
  const { allowed, failure } = await askAmphorae(connection, signal)
  if (allowed) return { found: [], note: 'amphoraeListed' }
  return { found: [], outcome: 'warning', note: 'amphoraeRefused', ...(failure && { failure }) }
}
