import { BlockList, isIP } from 'node:net'

/** An HTTP proxy as the environment names it. */
export interface Proxy {
  protocol: 'http' | 'https'
  host: string
  port: number
  /** Never shown or logged. */
  auth?: { username: string; password: string }
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` choose for a URL, in either case of letters;
 * undefined for a direct connection. Loopback is never proxied. `NO_PROXY` lists hosts, domains with everything
 * below them (`.example.com` or `example.com`), addresses, IPv4 and IPv6 ranges, each with an optional `:port`, or `*`.
 */
export function proxyFor(url: string, environment: Environment): Proxy | undefined {
  const { protocol, hostname, port } = new URL(url)
  const host = bare(hostname)
  const scheme = protocol.slice(0, -1)
  const chosen = read(environment, `${scheme}_proxy`) ?? read(environment, 'all_proxy')
  if (!chosen || isLoopback(host)) return undefined
  const target = { host, port: port || (scheme === 'https' ? '443' : '80') }
  const exceptions = (read(environment, 'no_proxy') ?? '').split(/[\s,]+/).filter(Boolean)
  if (exceptions.some((exception) => covers(exception.toLowerCase(), target))) return undefined
  return parseProxy(chosen)
}

function parseProxy(text: string): Proxy | undefined {
  const full = text.includes('://') ? text : `http://${text}`
  if (!URL.canParse(full)) return undefined
  const url = new URL(full)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  const secure = url.protocol === 'https:'
  return {
    protocol: secure ? 'https' : 'http',
    host: bare(url.hostname),
    port: Number(url.port || (secure ? 443 : 80)),
    ...(url.username && {
      auth: {
        username: decodeURIComponent(url.username),
        password: decodeURIComponent(url.password),
      },
    }),
  }
}

function covers(exception: string, { host, port }: { host: string; port: string }): boolean {
  if (exception === '*') return true
  if (exception.includes('/')) return covered(host, exception)
  const [, name = exception, only] = /^(.+?):(\d+)$/.exec(isIP(exception) ? '' : exception) ?? []
  if (only && only !== port) return false
  const domain = bare(name).replace(/^\*?\./, '')
  return host === domain || host.endsWith(`.${domain}`)
}

function covered(host: string, range: string): boolean {
  const [network = '', prefix] = range.split('/')
  const family = isIP(network)
  if (!family || isIP(host) !== family) return false
  const bits = Number(prefix)
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(network, bits, kind)
  return list.check(host, kind)
}

/** Whether what is sent to a host stays on this machine. */
export function isLoopback(hostname: string): boolean {
  const host = bare(hostname)
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

const bare = (hostname: string): string => hostname.toLowerCase().replace(/^\[|\]$/g, '')

const read = (environment: Environment, name: string): string | undefined =>
  [environment[name], environment[name.toUpperCase()]].find((value) => value)
