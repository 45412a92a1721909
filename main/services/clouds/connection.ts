import type { CloudSession, Project } from '../../../preload/contract/cloud'
import { AppError } from '../../../preload/contract/error'
import type { HttpAnswer } from '../../platform/http'
import type { ApiCall, Service } from '../cloudApi'
import { refusal, requireObject } from '../cloudErrors'
import { readProjects, readToken, tokenRequest, tokensUrl, type Token } from '../keystone'
import { endpointOf, rootOf } from './catalog'
import { secretsOf, type CloudDefinition, type Credentials } from './definition'
import type { Exchange } from './exchange'
import { SharedCall } from './sharedCall'

/** A token is renewed when less than this is left of it, as keystoneauth does (`MIN_TOKEN_LIFE_SECONDS`). */
const RENEW_BEFORE_MS = 120_000
/** While Keystone cannot be reached a token that still lives is used on, and renewing is tried again after this. */
const RENEW_AGAIN_MS = 10_000

/** One way into a cloud: who we are there, for one project, and calls to its services. */
export class CloudConnection {
  private readonly signing = new SharedCall((signal) => this.authenticate(signal))
  private readonly credentials: Credentials
  private token: Token | undefined
  private renewAfter = 0
  private denied: AppError | undefined

  /**
   * @param projectId instead of the one the definition names
   * @param renewed is called after each sign-in
   */
  constructor(
    readonly definition: CloudDefinition,
    private readonly exchange: Exchange,
    private readonly projectId?: string,
    private readonly renewed: () => void = () => {},
  ) {
    if (!definition.credentials) throw new Error('A cloud without credentials cannot be opened.')
    this.credentials = definition.credentials
    for (const secret of secretsOf(this.credentials)) exchange.hide(secret)
  }

  /** Keystone has refused to sign in; asking it again and again might lock the account. */
  get refused(): boolean {
    return this.denied !== undefined
  }

  /** Who we are; as `none` says it without Keystone. */
  get identity(): Pick<CloudSession, 'userName' | 'project' | 'roles' | 'expiresAt'> {
    if (this.credentials.type === 'none') {
      const id = this.projectId ?? this.credentials.projectId
      return { userName: '', roles: [], ...(id && { project: { id, name: id } }) }
    }
    const { token } = this
    return {
      userName: token?.userName ?? '',
      roles: token?.roles ?? [],
      ...(token?.project && { project: token.project }),
      ...(token && { expiresAt: token.expiresAt }),
    }
  }

  /** @throws AppError `keystone.*`, `network.*`, `tls.*`, `cancelled` */
  async signIn(signal: AbortSignal): Promise<void> {
    if (this.credentials.type !== 'none') await this.signing.join(signal)
  }

  /** Where a service is, without its version. @throws AppError `catalog.noService` */
  endpoint(service: Service): string {
    const { definition, token } = this
    if (service === 'identity' && !definition.services.identity?.url) {
      return rootOf('identity', definition.authUrl)
    }
    return endpointOf(service, definition, token?.catalog ?? [])
  }

  /** An answer below 400. @throws AppError as `CloudApi.call` does */
  async call(service: Service, call: ApiCall): Promise<HttpAnswer> {
    try {
      const token = await this.valid(call.signal)
      let answer = await this.ask(service, call, token)
      if (answer.status === 401 && token) {
        if (this.token === token) this.token = undefined
        answer = await this.ask(service, call, await this.valid(call.signal))
      }
      if (answer.status >= 400) throw refusal(service, answer)
      requireObject(service, call.method, answer)
      return answer
    } catch (error) {
      throw this.exchange.cleaned(AppError.from(error))
    }
  }

  /** A call without a token, as the version list wants it. Any status is an answer. @throws AppError `network.*`, `tls.*` */
  async visit(url: string, signal: AbortSignal): Promise<HttpAnswer> {
    return this.exchange.send({ method: 'GET', url, signal })
  }

  /** The projects this user may use, by name. @throws AppError as `call` */
  async projects(signal: AbortSignal): Promise<Project[]> {
    const { project } = this.identity
    if (this.credentials.type === 'none') {
      return project ? [{ ...project, domainId: '', enabled: true }] : []
    }
    return this.listProjects('/v3/auth/projects', signal)
  }

  /** The projects whose names may be known: all, else those this user may use. @throws AppError as `call` */
  async projectNames(signal: AbortSignal): Promise<Pick<Project, 'id' | 'name'>[]> {
    if (this.credentials.type === 'none') return this.projects(signal)
    try {
      return await this.listProjects('/v3/projects', signal)
    } catch {
      // Only an administrator may list them all.
      return this.projects(signal)
    }
  }

  private async listProjects(path: string, signal: AbortSignal): Promise<Project[]> {
    return readProjects(await this.call('identity', { method: 'GET', path, signal }))
  }

  private ask(service: Service, call: ApiCall, token: Token | undefined): Promise<HttpAnswer> {
    const { method, path, query, body, signal } = call
    const projectId = this.projectId ?? this.withoutKeystone()
    return this.exchange.send({
      method,
      url: `${this.endpoint(service)}${path}`,
      headers: {
        ...(token && { 'X-Auth-Token': token.id }),
        ...(!token && projectId && { 'X-Project-Id': projectId }),
      },
      ...(query && { query }),
      ...(body !== undefined && { body }),
      signal,
    })
  }

  private withoutKeystone(): string | undefined {
    return this.credentials.type === 'none' ? this.credentials.projectId : undefined
  }

  /** A token that will live a while. Undefined without Keystone. */
  private async valid(signal: AbortSignal): Promise<Token | undefined> {
    if (this.credentials.type === 'none') return undefined
    const { token } = this
    if (!token) return this.signing.join(signal)
    const now = Date.now()
    const left = token.expiresAt - now
    if (left >= RENEW_BEFORE_MS) return token
    if (this.credentials.type === 'token') {
      // Another token made of a plain one never lives longer than that.
      if (left > 0) return token
      throw AppError.because('keystone.tokenExpired', 'The token has ended.', {
        values: { cloud: this.definition.name },
      })
    }
    if (left > 0 && now < this.renewAfter) return token
    try {
      return await this.signing.join(signal)
    } catch (error) {
      if (left <= 0 || signal.aborted) throw error
      this.renewAfter = now + RENEW_AGAIN_MS
      return token
    }
  }

  private async authenticate(signal: AbortSignal): Promise<Token> {
    if (this.denied) throw this.denied
    const { credentials, projectId, definition } = this
    if (credentials.type === 'none') throw new Error('There is no Keystone to sign in to.')
    const url = tokensUrl(definition.authUrl)
    const body = tokenRequest(credentials, projectId)
    try {
      const answer = await this.exchange.send({ method: 'POST', url, body, signal })
      const issued = answer.headers['x-subject-token']
      if (issued) this.exchange.hideToken(issued)
      this.token = readToken(answer, credentials.type, url)
    } catch (error) {
      const failure = this.exchange.cleaned(AppError.from(error))
      if (failure.code === 'unauthenticated' && failure.reason?.startsWith('keystone.')) {
        this.denied = failure
      }
      throw failure
    }
    this.renewed()
    return this.token
  }
}
