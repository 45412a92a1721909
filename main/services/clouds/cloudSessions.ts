import type { CloudSession, Project } from '../../../preload/contract/cloud'
import { AppError, type Failure, type Reason } from '../../../preload/contract/error'
import { Live } from '../../base/live'
import type { CloudFiles } from '../../platform/cloudFiles'
import type { Http, HttpAnswer } from '../../platform/http'
import type { ApiCall, CloudApi, Service } from '../cloudApi'
import type { EvidenceStore } from '../evidence'
import type { Audit, Safety } from '../safety'
import { askAmphorae, findOctavia, hasNetwork } from './abilities'
import { Arming } from './arming'
import type { Clouds } from './clouds'
import { CloudConnection } from './connection'
import type { CloudDefinition } from './definition'
import { Exchange } from './exchange'
import { SharedCall } from './sharedCall'
import { readTls } from './tls'

/** What `CloudSessions` is made of. */
export interface CloudSessionsDependencies {
  clouds: Clouds
  files: CloudFiles
  http: Http
  evidence: EvidenceStore
  audit: Audit
}

/** An open cloud. */
interface Session {
  connection: CloudConnection
  octavia: CloudSession['octavia']
  amphorae: CloudSession['amphorae']
  network: boolean
  /** The last failure of each service that fails now. */
  failures: Map<Service, Failure>
}

/** Refusals of one request: they prove that the service works. */
const ANSWERED: ReadonlySet<Reason> = new Set<Reason>([
  'octavia.forbidden',
  'octavia.immutable',
  'octavia.busy',
  'octavia.duplicate',
  'octavia.inUse',
  'octavia.quota',
  'octavia.notFound',
  'octavia.invalid',
  'octavia.unsupported',
  'neutron.forbidden',
  'neutron.notFound',
  'compute.forbidden',
  'compute.notFound',
])

/** The open clouds: who we are in each, what it can do, whether it may be changed, and its APIs. */
export class CloudSessions implements CloudApi, Safety {
  private readonly sessions = new Map<string, Session>()
  private readonly opening = new Map<string, SharedCall<CloudSession>>()
  private readonly live = new Live<CloudSession[]>([])
  private readonly arming: Arming
  private readonly leaving: ((cloud: string) => void)[] = []

  constructor(private readonly dependencies: CloudSessionsDependencies) {
    this.arming = new Arming(dependencies.audit, () => this.publish())
  }

  /**
   * Signs in and finds out what the cloud offers; answers the session of a cloud that is open already.
   * @throws AppError `cloud.*`, `secrets.*`, `tls.*`, `network.*`, `keystone.*`, `catalog.noService`, `service.*`
   */
  async open(name: string, signal: AbortSignal): Promise<CloudSession> {
    const session = this.sessions.get(name)
    // A session whose sign-in was refused is opened anew: the operator may have mended the password.
    if (session && !session.connection.refused) return this.describe(name, session)
    const call =
      this.opening.get(name) ??
      new SharedCall(async (ended) => {
        const definition = await this.dependencies.clouds.find(name)
        return this.enter(name, definition, undefined, ended)
      })
    this.opening.set(name, call)
    try {
      return await call.join(signal)
    } finally {
      if (this.opening.get(name) === call) this.opening.delete(name)
    }
  }

  /** Forgets the token; a cloud that is not open stays so. @throws AppError `store.unwritable` */
  async close(name: string): Promise<void> {
    if (!this.sessions.has(name)) return
    try {
      // First, while it is still known who acts here.
      await this.arming.disarm(name, 'closed')
    } finally {
      this.sessions.delete(name)
      this.publish()
      for (const leave of this.leaving) leave(name)
    }
  }

  /** Is called after a cloud was closed, for whoever holds connections into it. */
  onClose(listener: (cloud: string) => void): void {
    this.leaving.push(listener)
  }

  /** The session of every open cloud, again after each change. */
  follow(signal: AbortSignal): AsyncGenerator<CloudSession[], void> {
    return this.live.follow(signal)
  }

  /** @throws AppError `cloud.notOpen`, and what `call` throws */
  async projects(name: string, signal: AbortSignal): Promise<Project[]> {
    return this.require(name).connection.projects(signal)
  }

  /** @throws AppError `cloud.notOpen`, and what `call` throws */
  async projectNames(name: string, signal: AbortSignal): Promise<Pick<Project, 'id' | 'name'>[]> {
    return this.require(name).connection.projectNames(signal)
  }

  /**
   * Signs in to another project; the cloud is read-only afterwards. When it fails the session stays what it was.
   * @throws AppError `cloud.notOpen`, `keystone.fixedProject`, and what `open` throws
   */
  async switchProject(name: string, projectId: string, signal: AbortSignal): Promise<CloudSession> {
    const { connection } = this.require(name)
    if (connection.definition.credentials?.type === 'applicationCredential') {
      throw AppError.because('keystone.fixedProject', name, { values: { cloud: name } })
    }
    // Before, so that no change that was meant for one project reaches the other.
    await this.arming.disarm(name, 'project')
    return this.enter(name, connection.definition, projectId, signal)
  }

  /** @throws AppError `cloud.notOpen`, `store.unwritable` */
  async arm(name: string, minutes: number): Promise<CloudSession> {
    this.require(name)
    await this.arming.arm(name, minutes)
    return this.describe(name, this.require(name))
  }

  /** @throws AppError `cloud.notOpen`, `store.unwritable` */
  async disarm(name: string): Promise<CloudSession> {
    const session = this.require(name)
    await this.arming.disarm(name, 'operator')
    return this.describe(name, session)
  }

  requireArmed(cloud: string): void {
    this.require(cloud)
    this.arming.requireArmed(cloud)
  }

  octaviaMinor(cloud: string): number {
    return this.require(cloud).octavia.minor
  }

  async call(cloud: string, service: Service, call: ApiCall): Promise<HttpAnswer> {
    const session = this.require(cloud)
    try {
      const answer = await session.connection.call(service, call)
      this.note(session, service, undefined)
      return answer
    } catch (error) {
      const failure = AppError.from(error)
      const works = failure.reason !== undefined && ANSWERED.has(failure.reason)
      // A catalog without a service is told by `network`; it is no failure of the cloud.
      const silent = failure.code === 'cancelled' || failure.reason === 'catalog.noService'
      if (!silent) this.note(session, service, works ? undefined : failure.toFailure())
      throw failure
    }
  }

  /** The id of the project that an open cloud is in. Undefined when it is not open, or without a project. */
  projectOf(cloud: string): string | undefined {
    return this.sessions.get(cloud)?.connection.identity.project?.id
  }

  /** Who acts in a cloud, for the record. Bound, so that it can be handed over. */
  readonly actor = (
    cloud: string,
  ): { cloudUser?: string | undefined; project?: string | undefined } => {
    const identity = this.sessions.get(cloud)?.connection.identity
    return { cloudUser: identity?.userName, project: identity?.project?.name }
  }

  private async enter(
    name: string,
    definition: CloudDefinition,
    projectId: string | undefined,
    signal: AbortSignal,
  ): Promise<CloudSession> {
    const { http, files, evidence } = this.dependencies
    const tls = await readTls(files, definition)
    const exchange = new Exchange(http, evidence, tls, definition.timeoutMs)
    const connection = new CloudConnection(definition, exchange, projectId, () => this.publish())
    await connection.signIn(signal)
    const octavia = await findOctavia(connection, signal)
    const amphorae = await askAmphorae(connection, signal)
    const network = hasNetwork(connection)
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled.')
    const session = { connection, octavia, amphorae, network, failures: new Map() }
    this.sessions.set(name, session)
    this.publish()
    return this.describe(name, session)
  }

  private require(name: string): Session {
    const session = this.sessions.get(name)
    if (!session) throw AppError.because('cloud.notOpen', name, { values: { cloud: name } })
    return session
  }

  private note(session: Session, service: Service, failure: Failure | undefined): void {
    const before = session.failures.get(service)
    if (before?.reason === failure?.reason && before?.message === failure?.message) return
    if (failure) session.failures.set(service, failure)
    else session.failures.delete(service)
    this.publish()
  }

  private describe(name: string, session: Session): CloudSession {
    const { connection, octavia, amphorae, network, failures } = session
    const armedUntil = this.arming.until(name)
    const [failure] = failures.values()
    return {
      cloud: name,
      source: connection.definition.source,
      ...connection.identity,
      octavia,
      network,
      amphorae,
      ...(armedUntil !== undefined && { armedUntil }),
      ...(failure && { failure }),
    }
  }

  private publish(): void {
    this.live.set([...this.sessions].map(([name, session]) => this.describe(name, session)))
  }
}
