import { AppError } from '../../../preload/contract/error'
import type { Http, HttpAnswer, HttpRequest, TlsOptions } from '../../platform/http'
import type { EvidenceStore } from '../evidence'

/** What stands where a secret was; shorter texts would be found in innocent words. */
const REMOVED = '‹removed›'
const SHORTEST_SECRET = 4
const TOKENS = 3

/** Sends requests of one cloud and keeps each exchange as evidence: without headers, sent bodies and secrets. */
export class Exchange {
  private readonly secrets = new Set<string>()
  private tokens: string[] = []

  constructor(
    private readonly http: Http,
    private readonly evidence: EvidenceStore | undefined,
    private readonly tls: TlsOptions,
    private readonly timeoutMs: number | undefined,
  ) {}

  /** From now on this text is taken out of evidence and of errors. */
  hide(secret: string): void {
    if (secret.length < SHORTEST_SECRET) return
    this.secrets.add(secret)
    this.secrets.add(JSON.stringify(secret).slice(1, -1))
  }

  /** As `hide`, for tokens, which come anew every hour: only the last ones can still be repeated to us. */
  hideToken(token: string): void {
    this.tokens = [...this.tokens, token].slice(-TOKENS)
  }

  /** @throws AppError `network.*`, `tls.*`, `cancelled` */
  async send(request: Omit<HttpRequest, 'tls' | 'timeoutMs'>): Promise<HttpAnswer> {
    const startedAt = Date.now()
    try {
      const { text, ...answer } = await this.http.send({
        ...request,
        tls: this.tls,
        ...(this.timeoutMs && { timeoutMs: this.timeoutMs }),
      })
      const { status, requestId } = answer
      const record = this.keep(request, startedAt, { exit: status, stdout: text, requestId })
      return { ...answer, ...(record && { evidence: record }) }
    } catch (error) {
      const failure = AppError.from(error)
      if (failure.code !== 'cancelled') this.keep(request, startedAt, { stderr: failure.message })
      throw failure
    }
  }

  /** The same error without secrets: some systems repeat what they were told. */
  cleaned(error: AppError): AppError {
    const { message } = error
    const clean = this.clean(message)
    const values = error.values && JSON.stringify(error.values)
    const cleanValues = values && this.clean(values)
    if (clean === message && cleanValues === values) return error
    const failure = { ...error.toFailure(), message: clean }
    return AppError.fromFailure(
      cleanValues === undefined
        ? failure
        : { ...failure, values: JSON.parse(cleanValues) as typeof failure.values & object },
    )
  }

  private keep(
    { method, url, query = {} }: Pick<HttpRequest, 'method' | 'url' | 'query'>,
    startedAt: number,
    found: { exit?: number; stdout?: string; stderr?: string; requestId?: string | undefined },
  ): string | undefined {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().map((one) => `${name}=${String(one)}`),
    )
    const { exit, requestId } = found
    const record = {
      source: {
        kind: 'request',
        method,
        url: pairs.length ? `${url}?${pairs.join('&')}` : url,
        ...(requestId && { requestId }),
      },
      startedAt,
      endedAt: Date.now(),
      ...(exit !== undefined && { exit }),
      stdout: found.stdout ?? '',
      stderr: found.stderr ?? '',
    } as const
    // Of thousands of answers a few are looked at. The token of this moment may be forgotten by then.
    const { tokens } = this
    return this.evidence?.keep(record, (text) => this.clean(sameSpelling(text), tokens))
  }

  private clean(text: string, tokens = this.tokens): string {
    let clean = text
    for (const secret of [...this.secrets, ...tokens, ...this.tokens])
      clean = clean.replaceAll(secret, REMOVED)
    return clean
  }
}

/** JSON can spell one text in many ways; here all secrets are spelled as `hide` expects them. */
function sameSpelling(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}
