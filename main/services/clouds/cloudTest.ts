import { TEST_STEPS, type TestStep } from '../../../preload/contract/cloud'
import { AppError } from '../../../preload/contract/error'
import type { CloudFiles } from '../../platform/cloudFiles'
import type { Http, TlsOptions } from '../../platform/http'
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

type Found = Pick<TestStep, 'detail'> & Partial<Pick<TestStep, 'outcome' | 'failure'>>
type Step = (signal: AbortSignal) => Promise<Found>

/** Tries a cloud one layer after the other, without opening it, and names the first that fails. */
export class CloudTest {
  constructor(private readonly dependencies: CloudTestDependencies) {}

  /** Each step first as `running`, then as it ended; after a failure the others are skipped. Never fails itself. */
  async *run(
    definition: () => Promise<CloudDefinition>,
    signal: AbortSignal,
  ): AsyncGenerator<TestStep, void> {
    let steps: Partial<Record<TestStep['step'], Step>> | undefined
    let failed = false
    for (const step of TEST_STEPS) {
      if (failed) {
        yield { step, outcome: 'skipped', detail: '', durationMs: 0 }
        continue
      }
      yield { step, outcome: 'running', detail: '', durationMs: 0 }
      const started = performance.now()
      const ended = await this.attempt(async () => {
        steps ??= await this.steps(await definition())
        return (await steps[step]?.(signal)) ?? { outcome: 'skipped', detail: '' }
      })
      if (signal.aborted) return
      failed = ended.outcome === 'failed'
      yield { step, ...ended, durationMs: performance.now() - started }
    }
  }

  private async attempt(
    step: () => Promise<Found>,
  ): Promise<Omit<TestStep, 'step' | 'durationMs'>> {
    try {
      return { outcome: 'ok', ...(await step()) }
    } catch (error) {
      const failure = AppError.from(error).toFailure()
      return { outcome: 'failed', detail: failure.message, failure }
    }
  }

  private async steps(
    definition: CloudDefinition,
  ): Promise<Partial<Record<TestStep['step'], Step>>> {
    const { files, http, probe } = this.dependencies
    const { authUrl } = definition
    const tls = await readTls(files, definition)
    const exchange = new Exchange(http, undefined, tls, definition.timeoutMs)
    const connection = new CloudConnection(definition, exchange)
    const proxy = probe.proxyOf(authUrl)
    const via = proxy ? ` (proxy ${proxy})` : ''
    return {
      dns: async (signal) => ({
        detail: `${(await probe.resolve(authUrl, signal)).join(', ')}${via}`,
      }),
      tcp: async (signal) => ({ detail: `${await probe.connect(authUrl, signal)}${via}` }),
      ...(new URL(authUrl).protocol === 'https:' && {
        tls: (signal: AbortSignal) => handshake(probe, authUrl, tls, signal),
      }),
      ...(definition.credentials?.type !== 'none' && {
        keystone: (signal: AbortSignal) => signIn(connection, signal),
        catalog: () => Promise.resolve(catalog(connection)),
      }),
      octavia: async (signal) => {
        const { url, version, minor } = await findOctavia(connection, signal)
        return { detail: `${version} ${url}`, ...(minor === 0 && { outcome: 'warning' }) }
      },
      role: (signal) => role(connection, signal),
    }
  }
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
  const detail = [protocol, subject, `issuer ${issuer}`, `valid to ${end}`, untrusted]
    .filter(Boolean)
    .join(' · ')
  const soon = validTo - Date.now() < EXPIRES_SOON_MS
  return { detail, ...((soon || untrusted) && { outcome: 'warning' }) }
}

async function signIn(connection: CloudConnection, signal: AbortSignal): Promise<Found> {
  await connection.signIn(signal)
  const { userName, project, roles } = connection.identity
  return { detail: [userName, project?.name, roles.join(', ')].filter(Boolean).join(' · ') }
}

function catalog(connection: CloudConnection): Found {
  const network = hasNetwork(connection) ? connection.endpoint('network') : undefined
  const urls = [connection.endpoint('load-balancer'), network].filter(Boolean)
  return { detail: urls.join(' · '), ...(!network && { outcome: 'warning' }) }
}

async function role(connection: CloudConnection, signal: AbortSignal): Promise<Found> {
  await listOne(connection, signal)
  const { roles } = connection.identity
  const { allowed, failure } = await askAmphorae(connection, signal)
  const detail = roles.join(', ')
  if (allowed) return { detail }
  return { detail, outcome: 'warning', ...(failure && { failure }) }
}
