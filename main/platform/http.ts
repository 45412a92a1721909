/** How a TLS connection is checked and who we are in it. PEM text, not paths. */
export interface TlsOptions {
  /** Certificates that are trusted instead of the system's. */
  ca?: string
  certificate?: string
  key?: string
  /** Certificates are not verified; only after a warning. */
  insecure: boolean
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
  /** Absolute. */
  url: string
  headers?: Readonly<Record<string, string>>
  /** A list repeats the parameter, as Octavia wants it for `fields`. Undefined ones are left out. */
  query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
  /** Sent as JSON. */
  body?: unknown
  tls: TlsOptions
  /** @default 60000 */
  timeoutMs?: number
  signal: AbortSignal
}

export interface HttpAnswer {
  status: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** Parsed where it is JSON, else the text. */
  body: unknown
  /** `x-openstack-request-id`. */
  requestId?: string
  /** Names the record of this exchange (`evidence.read`), where one is kept. */
  evidence?: string
  /** When it was sent, milliseconds since the epoch. */
  at: number
  durationMs: number
}

/** An answer together with what was read. */
export interface ReceivedAnswer extends HttpAnswer {
  /** The body as it came. */
  text: string
}

/** Sends requests. Every answer is an answer, whatever its status. */
export interface Http {
  /** @throws AppError of reason `network.*` or `tls.*` when no answer comes, `cancelled` when aborted */
  send(request: HttpRequest): Promise<ReceivedAnswer>
}
