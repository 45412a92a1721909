import type { Duplex } from 'node:stream'
import type { HaproxyBackend, ServerHealth } from './amphora/haproxyBackend'
import type { Machine } from './amphora/machine'
import type { Pairs } from './pairs'
import type { Dialled } from './ssh/jumpHost'
import { WEB_SERVERS } from './webServers'

const NO_SERVER_PAGE = `<html><body><h1>503 Service Unavailable</h1>
No server is available to handle this request.
</body></html>
`
/** haproxy tries a server that refuses three times, a second apart, before another one gets the request. */
const REDISPATCH_MS = 3000
const CLIENT_NETWORK = /^192\.168\.(30|220)\./

/** What a TCP connection into the demo cloud's networks meets: an amphora's sshd, or the data path of a VIP. */
export class DataPath {
  constructor(
    private readonly pairs: Pairs,
    private readonly ssh: (machine: Machine) => ((wire: Duplex) => void) | undefined,
  ) {}

  dial(address: string, port: number): Dialled {
    const amphora = this.pairs.byManagementAddress(address)
    if (amphora) return this.dialAmphora(amphora, port)
    if (address.startsWith('10.77.0.')) return 'silence'
    if (WEB_SERVERS[address]) {
      const name = WEB_SERVERS[address]
      return port === 80
        ? { take: (wire) => serve(wire, () => Promise.resolve(page(name))) }
        : REFUSED
    }
    const owner = this.pairs.ownerOf(address)
    if (!owner) return CLIENT_NETWORK.test(address) ? 'silence' : { fail: 'Connection timed out' }
    return dialVip(owner, port)
  }

  private dialAmphora(machine: Machine, port: number): Dialled {
    if (!machine.powered) return 'silence'
    const take = port === 22 ? this.ssh(machine) : undefined
    return take ? { take } : REFUSED
  }
}

const REFUSED: Dialled = { fail: 'Connection refused' }

function dialVip(machine: Machine, port: number): Dialled {
  const { haproxy } = machine
  const frontend = haproxy.frontends.find((each) => each.port === port)
  if (!haproxy.runs || !frontend) return REFUSED
  return {
    take: (wire) => {
      const traffic = haproxy.count(frontend.id)
      traffic.connections += 1
      traffic.open += 1
      wire.on('close', () => (traffic.open -= 1))
      const hangUp = machine.onPowerOff(() => wire.destroy())
      wire.on('close', hangUp)
      serve(wire, async (request) => {
        const backend = haproxy.backends.get(frontend.id)
        const answer = backend ? await ask(machine, backend, frontend.mode) : unavailable()
        traffic.received += request.length
        traffic.sent += answer?.length ?? 0
        return answer
      })
    },
  }
}

/** The answer of the server whose turn it is; undefined hangs up. */
async function ask(
  machine: Machine,
  backend: HaproxyBackend,
  mode: 'http' | 'tcp',
): Promise<string | undefined> {
  const [first, ...others] = backend.order()
  if (!first) return mode === 'http' ? unavailable() : undefined
  const answers = (server: ServerHealth) => machine.members(server.configuration) === 'ok'
  let server: ServerHealth | undefined = first
  if (!answers(first)) {
    await machine.pause(REDISPATCH_MS)
    server = others.find(answers)
  }
  const name = server && WEB_SERVERS[server.configuration.address]
  if (!server || !name) return mode === 'http' ? unavailable() : undefined
  server.connections += 1
  return page(name)
}

const page = (name: string): string =>
  `HTTP/1.1 200 OK\r\nserver: BaseHTTP/0.6 Python/3.11.2\r\ndate: ${new Date().toUTCString()}\r\ncontent-type: text/plain\r\ncontent-length: ${name.length + 1}\r\n\r\n${name}\n`

const unavailable = (): string =>
  `HTTP/1.1 503 Service Unavailable\r\ncontent-length: ${NO_SERVER_PAGE.length}\r\ncache-control: no-cache\r\ncontent-type: text/html\r\n\r\n${NO_SERVER_PAGE}`

/** Answers one HTTP request after the other on a connection that stays open. */
function serve(wire: Duplex, answer: (request: string) => Promise<string | undefined>): void {
  let text = ''
  let last = Promise.resolve()
  wire.on('error', () => undefined)
  wire.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const request = text.slice(0, end + 4)
      text = text.slice(end + 4)
      last = last.then(async () => {
        const words = await answer(request)
        if (wire.destroyed) return
        if (words === undefined) return void wire.end()
        wire.write(words)
        if (/^connection: close/im.test(request) || request.includes(' HTTP/1.0\r\n')) wire.end()
      })
    }
  })
  wire.on('end', () => void last.then(() => wire.end()))
}
