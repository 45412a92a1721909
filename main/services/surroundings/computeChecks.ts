import type { Fact } from '../../../preload/contract/common'
import type { Amphora } from '../../../preload/contract/loadBalancer'
import type { ComputeFacts, ServerFacts } from '../../domain/findings/facts'
import type { CloudApi } from '../cloudApi'
import {
  id,
  object,
  objects,
  optionalObject,
  optionalText,
  text,
  textOrEmpty,
  texts,
  time,
  type Wire,
} from '../octavia/fields'
import { factOf, listOf } from './reading'

/** Nova's name of an amphora, unless `random_amphora_name_length` is set. */
const AMPHORA_SERVER = /^amphora-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** What Nova says about the machines of a pair. Holds no state; most of it wants admin rights, else it is unknown. */
export class ComputeChecks {
  constructor(private readonly api: CloudApi) {}

  /** @param known as in `NetworkChecks.read` */
  async read(
    cloud: string,
    amphorae: readonly Amphora[],
    known: ReadonlySet<string> | undefined,
    signal: AbortSignal,
  ): Promise<ComputeFacts> {
    const [servers, groupPolicies, strays] = await Promise.all([
      Promise.all(
        amphorae.map(
          async ({ id, computeId }) => [id, await this.server(cloud, computeId, signal)] as const,
        ),
      ),
      this.groupPolicies(cloud, amphorae, signal),
      this.strays(cloud, known, signal),
    ])
    return { servers: Object.fromEntries(servers), groupPolicies, strays }
  }

  private async server(
    cloud: string,
    id: string | undefined,
    signal: AbortSignal,
  ): Promise<Fact<ServerFacts>> {
    if (id === undefined) return { unknown: 'notYet', at: Date.now() }
    const path = `/servers/${encodeURIComponent(id)}`
    const [server, actions] = await Promise.all([
      factOf(this.api, cloud, 'compute', { path, signal }, (body) =>
        object(body['server'], 'server', serverOf),
      ),
      factOf(this.api, cloud, 'compute', { path: `${path}/os-instance-actions`, signal }, (body) =>
        objects(body['instanceActions'], 'instanceActions', (one) => ({
          action: text(one['action'], 'action'),
          at: time(one['start_time'], 'start_time') ?? 0,
        })),
      ),
    ])
    if (!('value' in server)) return server
    // What was done to a machine may be hidden from who may see it: then nothing is said about it.
    return {
      ...server,
      value: { ...server.value, actions: 'value' in actions ? actions.value : [] },
    }
  }

  private async groupPolicies(
    cloud: string,
    amphorae: readonly Amphora[],
    signal: AbortSignal,
  ): Promise<ComputeFacts['groupPolicies']> {
    const ids = new Set(amphorae.flatMap(({ computeId }) => (computeId ? [computeId] : [])))
    const groups = await factOf(
      this.api,
      cloud,
      'compute',
      { path: '/os-server-groups', query: { all_projects: true }, signal },
      (body) =>
        objects(body['server_groups'], 'server_groups', (group) => ({
          policies: [
            ...texts(group['policies'], 'policies'),
            ...[optionalText(group['policy'], 'policy')].filter((policy) => policy !== undefined),
          ],
          members: texts(group['members'], 'members'),
        })),
    )
    if (!('value' in groups)) return groups
    const found = groups.value.find(({ members }) => members.some((member) => ids.has(member)))
    return { ...groups, value: found?.policies ?? [] }
  }

  private async strays(
    cloud: string,
    known: ReadonlySet<string> | undefined,
    signal: AbortSignal,
  ): Promise<ComputeFacts['strays']> {
    if (!known) return { unknown: 'octavia.forbidden', at: Date.now() }
    const servers = await listOf(
      this.api,
      cloud,
      'compute',
      {
        path: '/servers/detail',
        key: 'servers',
        query: { all_tenants: true, name: '^amphora-' },
        signal,
      },
      serverOf,
    )
    if (!('value' in servers)) return servers
    const value = servers.value.filter(({ name }) => {
      const [, amphoraId] = AMPHORA_SERVER.exec(name) ?? []
      return amphoraId !== undefined && !known.has(amphoraId)
    })
    return { ...servers, value }
  }
}

function serverOf(fields: Wire): ServerFacts {
  const taskState = optionalText(fields['OS-EXT-STS:task_state'], 'OS-EXT-STS:task_state')
  const host = optionalText(fields['OS-EXT-SRV-ATTR:host'], 'OS-EXT-SRV-ATTR:host')
  const imageId = imageOf(fields)
  return {
    id: id(fields['id'], 'id'),
    name: textOrEmpty(fields['name'], 'name'),
    status: textOrEmpty(fields['status'], 'status'),
    ...(taskState && { taskState }),
    ...(host && { host }),
    ...(imageId && { imageId }),
    actions: [],
  }
}

/** A server that was started from a volume has the image `""`. */
function imageOf(fields: Wire): string | undefined {
  try {
    return optionalObject(fields['image'], 'image', (image) => id(image['id'], 'id'))
  } catch {
    return undefined
  }
}
