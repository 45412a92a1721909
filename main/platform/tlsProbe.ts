import { lookup } from 'node:dns/promises'
import * as http from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import * as tls from 'node:tls'
import { AppError } from '../../preload/contract/error'
import type { TlsOptions } from './http'
import { networkError } from './networkErrors'
import { proxyFor, type Proxy } from './proxyEnvironment'
import { trustedCertificates } from './trustStore'

type Environment = Readonly<Record<string, string | undefined>>

/** A server's certificate, as a person would name it. */
export interface PeerCertificate {
  subject: string
  issuer: string
  /** Milliseconds since the epoch. */
  validTo: number
  /** TLS version of the connection. */
  protocol: string
  /** Why it would not have been accepted; only where certificates are not verified. */
  untrusted?: string
}

/** Tries the way to a server one layer at a time. Where a proxy is in the way, the way to the proxy is tried. */
export interface Probe {
  /** `host:port` of the proxy between here and the URL. */
  proxyOf(url: string): string | undefined
  /** Addresses of the host. @throws AppError `network.dns`, `cancelled` */
  resolve(url: string, signal: AbortSignal): Promise<string[]>
  /** Connects and hangs up; answers the `address:port` that was reached. @throws AppError `network.*`, `cancelled` */
  connect(url: string, signal: AbortSignal): Promise<string>
  /** Shakes hands and hangs up. @throws AppError `tls.*`, `network.*`, `cancelled` */
  handshake(url: string, options: TlsOptions, signal: AbortSignal): Promise<PeerCertificate>
}

const TIMEOUT_MS = 15_000

/** Probes by Node's own resolver, sockets and TLS: the same ones that carry the requests. */
export class NodeProbe implements Probe {
  constructor(
    private readonly environment: Environment,
    private readonly timeoutMs: number = TIMEOUT_MS,
  ) {}

  proxyOf(url: string): string | undefined {
    const proxy = proxyFor(url, this.environment)
    return proxy && `${proxy.host}:${proxy.port}`
  }

  async resolve(url: string, signal: AbortSignal): Promise<string[]> {
    const { host } = this.next(url)
    if (isIP(host)) return [host]
    return this.limited(url, signal, async () => {
      const found = await lookup(host, { all: true })
      return found.map(({ address }) => address)
    })
  }

  connect(url: string, signal: AbortSignal): Promise<string> {
    return this.limited(url, signal, async (ended) => {
      const socket = await this.dial(url, ended)
      const { remoteAddress, remotePort } = socket
      socket.destroy()
      const host = isIP(remoteAddress ?? '') === 6 ? `[${remoteAddress}]` : remoteAddress
      return `${host ?? ''}:${remotePort ?? ''}`
    })
  }

  handshake(url: string, options: TlsOptions, signal: AbortSignal): Promise<PeerCertificate> {
    return this.limited(url, signal, async (ended) => {
      const proxy = proxyFor(url, this.environment)
      const socket = proxy ? await tunnel(proxy, url, ended) : await this.dial(url, ended)
      try {
        return await shake(socket, endpointOf(url).host, this.secure(options), ended)
      } finally {
        socket.destroy()
      }
    })
  }

  private secure({ ca, certificate, key, insecure }: TlsOptions): tls.SecureContextOptions & {
    rejectUnauthorized: boolean
  } {
    return {
      ca: ca ?? trustedCertificates(this.environment),
      ...(certificate && { cert: certificate }),
      ...(key && { key }),
      rejectUnauthorized: !insecure,
    }
  }

  /** The first stop on the way: the proxy, or else the server. */
  private next(url: string): { host: string; port: number } {
    return proxyFor(url, this.environment) ?? endpointOf(url)
  }

  private dial(url: string, ended: AbortSignal): Promise<Socket> {
    const { host, port } = this.next(url)
    return new Promise((done, failed) => {
      const socket = connect({ host, port }, () => done(socket))
      socket.on('error', failed)
      ended.addEventListener('abort', () => socket.destroy())
    })
  }

  private async limited<T>(
    url: string,
    signal: AbortSignal,
    work: (ended: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const end = new AbortController()
    const stop = () => end.abort()
    const timer = setTimeout(stop, this.timeoutMs)
    signal.addEventListener('abort', stop)
    const { host, port } = this.next(url)
    try {
      if (signal.aborted) stop()
      const given = new Promise<never>((_, failed) => {
        const leave = () => failed(new Error('ended'))
        if (end.signal.aborted) leave()
        else end.signal.addEventListener('abort', leave)
      })
      return await Promise.race([given, work(end.signal)])
    } catch (error) {
      if (signal.aborted) throw new AppError('cancelled', 'Cancelled.', { cause: error })
      if (end.signal.aborted) {
        const message = `No answer within ${this.timeoutMs / 1000} s`
        throw AppError.because('network.timeout', message, { values: { host, port } })
      }
      throw networkError(error, url)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
  }
}

function tunnel(proxy: Proxy, url: string, signal: AbortSignal): Promise<Socket> {
  const { host, port } = endpointOf(url)
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  const login = proxy.auth && `${proxy.auth.username}:${proxy.auth.password}`
  return new Promise((done, failed) => {
    const request = http.request({
      host: proxy.host,
      port: proxy.port,
      method: 'CONNECT',
      path: target,
      headers: {
        Host: target,
        ...(login && {
          'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}`,
        }),
      },
      ...(proxy.protocol === 'https' && {
        createConnection: () => tls.connect({ host: proxy.host, port: proxy.port }),
      }),
      signal,
    })
    request.on('error', failed)
    request.on('connect', ({ statusCode = 0, statusMessage = '' }, socket: Socket) => {
      if (statusCode === 200) {
        done(socket)
        return
      }
      socket.destroy()
      const values = { host: proxy.host, port: proxy.port }
      failed(
        AppError.because('network.proxy', `HTTP ${statusCode} ${statusMessage}`.trim(), { values }),
      )
    })
    request.end()
  })
}

function shake(
  socket: Socket,
  host: string,
  options: tls.ConnectionOptions,
  signal: AbortSignal,
): Promise<PeerCertificate> {
  return new Promise((done, failed) => {
    const secure = tls.connect({
      ...options,
      socket,
      host,
      ...(isIP(host) ? {} : { servername: host }),
    })
    const answer = () => {
      const { subject, issuer, valid_to: validTo } = secure.getPeerCertificate()
      done({
        subject: nameOf(subject),
        issuer: nameOf(issuer),
        validTo: Date.parse(validTo),
        protocol: secure.getProtocol() ?? '',
        ...(!secure.authorized && { untrusted: String(secure.authorizationError) }),
      })
      secure.destroy()
    }
    secure.on('error', failed)
    secure.on('secureConnect', () => {
      // Since TLS 1.3 a server refuses a missing client certificate only after our side is done: it speaks next.
      if (secure.getProtocol() !== 'TLSv1.3') {
        answer()
        return
      }
      secure.once('data', answer)
      secure.once('end', answer)
      secure.write(`HEAD / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    })
    signal.addEventListener('abort', () => secure.destroy())
  })
}

function nameOf(subject: tls.Certificate | undefined): string {
  const names: Partial<Record<string, string | string[]>> = { ...subject }
  const parts = ['CN', 'OU', 'O'].flatMap((part) => {
    const value = names[part]
    return value === undefined ? [] : [`${part}=${[value].flat().join('+')}`]
  })
  return parts.join(', ')
}

function endpointOf(url: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  }
}
