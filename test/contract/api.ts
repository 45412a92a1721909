import type { Credentials, Target } from './target'

/** Decoded JSON: what a test reads out of it is checked by its assertions. */
export interface Json {
  [name: string]: Json
  [index: number]: Json
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The text as JSON; undefined where it is none. */
  body: Json
}

export async function send(
  method: string,
  url: string,
  options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      Accept: 'application/json',
      ...(options.token && { 'X-Auth-Token': options.token }),
      ...(options.body !== undefined && { 'Content-Type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body !== undefined && {
      body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body),
    }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: parse(text) as Json }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const passwordAuth = ({ userName, password, projectName }: Credentials): object => ({
  auth: {
    identity: {
      methods: ['password'],
      password: { user: { name: userName, domain: { name: 'Default' }, password } },
    },
    scope: { project: { name: projectName, domain: { name: 'Default' } } },
  },
})

/** Signs in and answers how to call each service. */
export async function signIn(target: Target, who: Credentials): Promise<Api> {
  const answer = await send('POST', `${target.authUrl}/auth/tokens`, { body: passwordAuth(who) })
  if (answer.status !== 201) throw new Error(answer.text)
  const urls = new Map<string, string>()
  for (const service of list(answer.body['token']!['catalog'])) {
    const endpoint = list(service['endpoints']).find((each) => text(each['interface']) === 'public')
    urls.set(text(service['type']), text(endpoint?.['url']))
  }
  return new Api(answer.headers.get('x-subject-token') ?? '', urls)
}

export const list = (value: Json | undefined): Json[] => value as unknown as Json[]
export const text = (value: Json | undefined): string => value as unknown as string

/** One user's view of a cloud. */
export class Api {
  constructor(
    readonly token: string,
    private readonly urls: ReadonlyMap<string, string>,
  ) {}

  octavia(method: string, path: string, body?: unknown): Promise<Answer> {
    return send(method, `${this.url('load-balancer')}${path}`, { token: this.token, body })
  }

  neutron(path: string): Promise<Answer> {
    return send('GET', `${this.url('network')}/v2.0${path}`, { token: this.token })
  }

  url(type: string): string {
    return this.urls.get(type) ?? ''
  }
}
