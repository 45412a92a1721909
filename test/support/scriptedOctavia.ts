import type { HttpAnswer } from '../../main/platform/http'
import type { ApiCall, CloudApi, Service } from '../../main/services/cloudApi'
import { AppError } from '../../preload/contract/error'

/** What a test makes of a write before it takes effect. */
export type Outcome =
  /** Refused, nothing changes. */
  | { refuse: AppError }
  /** Accepted, and then the part ends in ERROR, and its load balancer too. */
  | 'breaks'
  /** Accepted, and the answer never arrives. */
  | 'answerLost'
  | 'accepted'

interface Wire extends Record<string, unknown> {
  id: string
  provisioning_status: string
}
interface Part {
  kind: string
  wire: Wire
  loadBalancerId: string
}

/** Octavia's API v2 as far as jobs use it, in memory; a test scripts how writes go and how long they take. */
export class ScriptedOctavia implements CloudApi {
  minor = 26
  isOpen = true
  /** How often a load balancer is read as PENDING_* after each write. */
  looks = 1
  /** Decides about each write. */
  script: (call: ApiCall) => Outcome | Promise<Outcome> = () => 'accepted'
  /** Fails reading. */
  failReading: (path: string) => AppError | undefined = () => undefined
  /** Writes in the order they came, such as `POST /v2.0/lbaas/pools`, with their bodies. */
  readonly writes: { line: string; body: unknown }[] = []
  readonly parts = new Map<string, Part>()
  private readonly pending = new Map<string, { looks: number; breaks: boolean }>()
  private last = 0

  get lines(): string[] {
    return this.writes.map(({ line }) => line)
  }

  named(name: string): Wire | undefined {
    return [...this.parts.values()].find(({ wire }) => wire['name'] === name)?.wire
  }

  octaviaMinor(cloud: string): number {
    if (!this.isOpen) throw AppError.because('cloud.notOpen', cloud, { values: { name: cloud } })
    return this.minor
  }

  async call(cloud: string, _service: Service, call: ApiCall): Promise<HttpAnswer> {
    this.octaviaMinor(cloud)
    const at = Date.now()
    const requestId = `req-${String((this.last += 1))}`
    call.signal.throwIfAborted()
    const body = call.method === 'GET' ? this.read(call) : await this.write(call)
    const status = { GET: 200, HEAD: 200, POST: 201, PUT: 202, DELETE: 204 }[call.method]
    return { status, headers: {}, body, requestId, at, durationMs: 1 }
  }

  /** Puts a load balancer there that nobody here has made. */
  add(wire: Record<string, unknown>): string {
    return this.make('loadbalancer', { ...wire }, '').id
  }

  /** Lets everything that is PENDING_* be ready at the next look. */
  settle(): void {
    for (const work of this.pending.values()) work.looks = 0
  }

  private read({ path, query = {} }: ApiCall): unknown {
    const failure = this.failReading(path)
    if (failure) throw failure
    const [, kinds = '', id, below] =
      /^\/v2\.0\/lbaas\/(\w+?)(?:\/([^/]+))?(\/members)?$/.exec(path) ?? []
    const kind = below ? 'member' : kinds.slice(0, -1)
    if (id !== undefined && !below) {
      const one = { ...this.need(kind, id).wire }
      if (kind === 'loadbalancer') this.look(id)
      return { [kind]: one }
    }
    const wires = [...this.parts.values()]
      .filter((part) => part.kind === kind)
      .filter((part) => !below || part.wire['pool_id'] === id)
      .filter(
        ({ loadBalancerId }) => (query['loadbalancer_id'] ?? loadBalancerId) === loadBalancerId,
      )
      .filter(({ wire }) => (query['name'] ?? wire['name']) === wire['name'])
    return { [`${kind}s`]: wires.map(({ wire }) => wire), [`${kind}s_links`]: [] }
  }

  private async write(call: ApiCall): Promise<unknown> {
    const { method, path, query, body } = call
    const search = new URLSearchParams(query as Record<string, string>).toString()
    this.writes.push({ line: `${method} ${path}${search && `?${search}`}`, body })
    const outcome = await this.script(call)
    if (typeof outcome === 'object') throw outcome.refuse
    const answer = this.take(method, path, body as Record<string, unknown> | undefined)
    if (outcome === 'breaks') {
      const [newest] = [...this.parts.values()].slice(-1)
      const id = newest?.loadBalancerId ?? ''
      this.pending.set(id, { looks: this.looks, breaks: true })
    }
    if (outcome === 'answerLost') throw AppError.because('network.lost', 'socket hang up')
    return answer
  }

  private take(method: string, path: string, body: Record<string, unknown> = {}): unknown {
    const [, , , kinds = '', id = ''] = path.split('/')
    if (method === 'DELETE') {
      const { wire } = this.need('loadbalancer', id)
      if (wire.provisioning_status.startsWith('PENDING')) {
        this.look(id)
        throw immutable(id)
      }
      this.begin(id, 'PENDING_DELETE')
      return ''
    }
    if (method === 'PUT') {
      const { loadBalancerId } = this.need('pool', id)
      this.begin(loadBalancerId, 'PENDING_UPDATE')
      for (const member of body['members'] as Record<string, unknown>[]) {
        this.make('member', { ...member, pool_id: id }, loadBalancerId)
      }
      return ''
    }
    const kind = kinds.slice(0, -1)
    const wire = body[kind] as Record<string, unknown>
    if (kind === 'loadbalancer') {
      const { listeners = [], ...own } = wire
      const made = this.make(kind, own, '')
      this.begin(made.id, 'PENDING_CREATE')
      for (const listener of listeners as Record<string, unknown>[]) {
        this.makeWhole(listener, made.id)
      }
      return { [kind]: { ...made, listeners: [], pools: [] } }
    }
    const loadBalancerId = this.loadBalancerOf(wire)
    this.begin(loadBalancerId, 'PENDING_UPDATE')
    const made = this.make(kind, wire, loadBalancerId)
    if (kind === 'pool') {
      this.need('listener', wire['listener_id'] as string).wire['default_pool_id'] = made.id
    }
    if (kind === 'healthmonitor') {
      this.need('pool', wire['pool_id'] as string).wire['healthmonitor_id'] = made.id
    }
    return { [kind]: made }
  }

  private makeWhole(listener: Record<string, unknown>, loadBalancerId: string): void {
    const { default_pool: pool, ...fields } = listener
    const made = this.make('listener', fields, loadBalancerId)
    if (!pool) return
    const { members, healthmonitor, ...rest } = pool as Record<string, unknown>
    const { id } = this.make('pool', rest, loadBalancerId)
    made['default_pool_id'] = id
    for (const member of (members ?? []) as Record<string, unknown>[]) {
      this.make('member', { ...member, pool_id: id }, loadBalancerId)
    }
    if (!healthmonitor) return
    const monitor = this.make('healthmonitor', { ...healthmonitor }, loadBalancerId)
    this.need('pool', id).wire['healthmonitor_id'] = monitor.id
  }

  private make(kind: string, fields: Record<string, unknown>, loadBalancerId: string): Wire {
    const id = `${kind}-${String((this.last += 1))}`
    const wire = {
      name: '',
      description: '',
      operating_status: 'OFFLINE',
      provisioning_status: loadBalancerId === '' ? 'ACTIVE' : 'PENDING_CREATE',
      ...fields,
      id,
    }
    this.parts.set(id, { kind, wire, loadBalancerId: loadBalancerId || id })
    return wire
  }

  private begin(id: string, status: string): void {
    const { wire } = this.need('loadbalancer', id)
    if (wire.provisioning_status !== 'ACTIVE' && status === 'PENDING_UPDATE') throw immutable(id)
    wire.provisioning_status = status
    this.pending.set(id, { looks: this.looks, breaks: false })
  }

  /** The controller works while it is being asked. */
  private look(id: string): void {
    const work = this.pending.get(id)
    if (!work || (work.looks -= 1) >= 0) return
    this.pending.delete(id)
    const all = [...this.parts.entries()].filter(([, part]) => part.loadBalancerId === id)
    const deleting = this.need('loadbalancer', id).wire.provisioning_status === 'PENDING_DELETE'
    for (const [key, { wire }] of all) {
      if (deleting && !work.breaks) this.parts.delete(key)
      else if (wire.provisioning_status.startsWith('PENDING')) {
        wire.provisioning_status = work.breaks ? 'ERROR' : 'ACTIVE'
      }
    }
  }

  private loadBalancerOf(wire: Record<string, unknown>): string {
    const id = wire['loadbalancer_id'] ?? wire['listener_id'] ?? wire['pool_id']
    return this.parts.get(id as string)?.loadBalancerId ?? ''
  }

  private need(kind: string, id: string): Part {
    const part = this.parts.get(id)
    if (part?.kind !== kind) throw AppError.because('octavia.notFound', `${kind} ${id} not found.`)
    return part
  }
}

/** Octavia's words while a load balancer is PENDING_*. */
export const immutable = (id: string): AppError =>
  AppError.because('octavia.immutable', `Load Balancer ${id} is immutable and cannot be updated.`, {
    requestId: 'req-immutable',
    values: { status: 409 },
  })
