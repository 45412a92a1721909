import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const COOKIE = 'octavia-console'

/** Octets of randomness in a token; 256 bits cannot be guessed. */
const TOKEN_BYTES = 32

/** Why a request is not served: status and one line for the browser. */
export interface Refusal {
  status: 400 | 401 | 403 | 405 | 421
  text: string
}

/**
 * Decides who may talk to the browser host. Loopback alone is not enough: any page in the same browser can send
 * requests to it, and a hostile name server can make its own name point here (DNS rebinding).
 *
 * A link carries a token that works once; it is exchanged for a cookie that scripts cannot read and other sites cannot send.
 */
export class Gate {
  private readonly tokens = new Set<string>()
  private readonly sessions = new Set<string>()

  constructor(private readonly port: () => number) {}

  /** A link that lets one browser in, once. */
  link(): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    this.tokens.add(token)
    return `http://127.0.0.1:${String(this.port())}/?token=${token}`
  }

  /** Exchanges a token for the value of a Set-Cookie header; undefined when it is not one of ours or was used. */
  exchange(token: string): string | undefined {
    const known = find(this.tokens, token)
    if (known === undefined) return undefined
    this.tokens.delete(known)
    const session = randomBytes(TOKEN_BYTES).toString('base64url')
    this.sessions.add(session)
    return `${this.cookieName()}=${session}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** Whether the request names this server, and not a name that somebody pointed here. */
  checkHost(request: IncomingMessage): Refusal | undefined {
    const host = request.headers.host ?? ''
    return this.hosts().includes(host) ? undefined : { status: 421, text: 'Not this host.' }
  }

  /** Whether a page of ours asks, where the browser says which page asks. */
  checkOrigin(request: IncomingMessage, required: boolean): Refusal | undefined {
    const { origin } = request.headers
    if (origin === undefined) {
      return required ? { status: 403, text: 'No origin.' } : undefined
    }
    const ours = this.hosts().some((host) => origin === `http://${host}`)
    return ours ? undefined : { status: 403, text: 'Another origin.' }
  }

  /** Whether the browser was let in. */
  checkSession(request: IncomingMessage): Refusal | undefined {
    const session = cookiesOf(request).get(this.cookieName())
    return session !== undefined && find(this.sessions, session) !== undefined
      ? undefined
      : { status: 401, text: 'Open the link that the console printed.' }
  }

  /** The port is part of it, because browsers keep one cookie jar for all ports of a host. */
  private cookieName(): string {
    return `${COOKIE}-${String(this.port())}`
  }

  private hosts(): string[] {
    return ['127.0.0.1', 'localhost'].map((name) => `${name}:${String(this.port())}`)
  }
}

function cookiesOf(request: IncomingMessage): Map<string, string> {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => {
    const [name = '', ...value] = pair.trim().split('=')
    return [name, value.join('=')] as const
  })
  return new Map(pairs)
}

/** The element equal to `candidate`, found without telling by time how much of it is right. */
function find(known: ReadonlySet<string>, candidate: string): string | undefined {
  const wanted = Buffer.from(candidate)
  let found: string | undefined
  for (const each of known) {
    const buffer = Buffer.from(each)
    if (buffer.length === wanted.length && timingSafeEqual(buffer, wanted)) found = each
  }
  return found
}
