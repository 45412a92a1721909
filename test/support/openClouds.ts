import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudSession } from '../../preload/contract/cloud'
import { AxiosHttp } from '../../main/platform/axiosHttp'
import { CloudFiles } from '../../main/platform/cloudFiles'
import { JsonFile } from '../../main/platform/files'
import type { HttpAnswer } from '../../main/platform/http'
import { MemorySecrets } from '../../main/platform/memorySecrets'
import type { SecretCipher } from '../../main/platform/secrets'
import { NodeProbe } from '../../main/platform/tlsProbe'
import { Clouds } from '../../main/services/clouds/clouds'
import { CloudSessions } from '../../main/services/clouds/cloudSessions'
import { CloudTest } from '../../main/services/clouds/cloudTest'
import type { CloudDefinition } from '../../main/services/clouds/definition'
import { parseOwnClouds } from '../../main/services/clouds/own'
import { EvidenceStore } from '../../main/services/evidence'
import type { AuditEnd, AuditSent, AuditStart } from '../../main/services/safety'
import { parseSealedSecrets, Secrets } from '../../main/services/secrets'
import { PASSWORD } from './smallCloud'

interface Options {
  environment?: Record<string, string>
  definitions?: CloudDefinition[]
  cipher?: SecretCipher
  folder?: string
  probeTimeoutMs?: number
}

/** The cloud services as the console composes them, in a folder of their own. */
export function openClouds(options: Options = {}) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'clouds-'))
  const environment = { HOME: folder, ...options.environment }
  const files = new CloudFiles(environment, 'linux', () => folder)
  const audit = new ListedAudit()
  const clouds = new Clouds({
    files,
    environment,
    own: new JsonFile(join(folder, 'own-clouds.json'), parseOwnClouds, []),
    secrets: new Secrets(
      new JsonFile(join(folder, 'secrets.json'), parseSealedSecrets, {}),
      options.cipher ?? new MemorySecrets(),
    ),
    audit,
    extra: () => options.definitions ?? [],
  })
  const http = new AxiosHttp(environment)
  const evidence = new EvidenceStore()
  const sessions = new CloudSessions({ clouds, files, http, evidence, audit })
  const probe = new NodeProbe(environment, options.probeTimeoutMs)
  const test = new CloudTest({ files, http, probe })
  return { folder, files, clouds, http, evidence, audit, sessions, test }
}

/** The sessions that are open now. */
export async function openSessions(sessions: CloudSessions): Promise<CloudSession[]> {
  for await (const open of sessions.follow(new AbortController().signal)) return open
  return []
}

/** Lists the load balancers of the cloud `alpha`. */
export const listLoadBalancers = (sessions: CloudSessions): Promise<HttpAnswer> =>
  sessions.call('alpha', 'load-balancer', {
    method: 'GET',
    path: '/v2.0/lbaas/loadbalancers',
    signal: new AbortController().signal,
  })

/** An audit log that can be read. */
export class ListedAudit {
  readonly entries: (AuditStart & Partial<AuditEnd>)[] = []

  start(change: AuditStart): Promise<string> {
    this.entries.push({ ...change })
    return Promise.resolve(String(this.entries.length - 1))
  }

  sent(id: string, { detail }: AuditSent): Promise<void> {
    const entry = this.entries[Number(id)]!
    entry.detail = [...(entry.detail ?? []), detail]
    return Promise.resolve()
  }

  finish(id: string, end: AuditEnd): Promise<void> {
    Object.assign(this.entries[Number(id)]!, end)
    return Promise.resolve()
  }
}

/** A cloud signed in to by password; say only what matters. */
export const aCloud = (authUrl: string, rest: Partial<CloudDefinition> = {}): CloudDefinition => ({
  name: 'alpha',
  source: 'demo',
  authUrl: `${authUrl}/identity`,
  authType: 'password',
  interfaces: ['public'],
  services: {},
  tls: { insecure: false },
  credentials: {
    type: 'password',
    user: { name: 'operator', domain: { id: 'default' } },
    password: PASSWORD,
    scope: { project: { id: 'p1' } },
  },
  ...rest,
})
