import { spawn } from 'node:child_process'

/** One TCP connection as the wire saw it. Times are seconds since the epoch, in milliseconds. */
interface Connection {
  openedAt: number
  /** First payload from the server. */
  answeredAt?: number
}

/**
 * Captures the connections to `host:port` inside a network namespace with tcpdump, as an independent witness
 * of what a client saw. Needs root.
 */
export async function capture(namespace: string, host: string, port: number) {
  const filter = `tcp and host ${host} and port ${String(port)}`
  const tcpdump = spawn('ip', [
    ...['netns', 'exec', namespace, 'tcpdump', '-tt', '-nn', '-l', '-i', 'any'],
    ...filter.split(' '),
  ])
  const connections = new Map<string, Connection>()
  let rest = ''
  tcpdump.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) see(connections, line, `${host}.${String(port)}`)
  })
  await new Promise<void>((resolve, reject) => {
    tcpdump.stderr.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('listening on')) resolve()
    })
    tcpdump.on('exit', () => reject(new Error('tcpdump ended')))
  })

  return {
    /** Ends the capture and answers its connections in the order they were opened. */
    async stop(): Promise<Connection[]> {
      const ended = new Promise((resolve) => tcpdump.on('close', resolve))
      tcpdump.kill('SIGINT')
      await ended
      return [...connections.values()].sort((a, b) => a.openedAt - b.openedAt)
    },
  }
}

const PACKET =
  /^(?<at>\d+\.\d+) .*IP6? (?<from>[0-9a-f.:]+) > (?<to>[0-9a-f.:]+): Flags \[(?<flags>[^\]]*)\].* length (?<length>\d+)/

function see(connections: Map<string, Connection>, line: string, server: string): void {
  const { at, from, to, flags, length } = PACKET.exec(line)?.groups ?? {}
  if (!at || !from || !to) return
  const time = Number(at) * 1000
  if (to === server && flags === 'S') {
    // A SYN that is sent again belongs to the connection that was opened before.
    if (!connections.has(from)) connections.set(from, { openedAt: time })
  } else if (from === server && Number(length) > 0) {
    const connection = connections.get(to)
    if (connection) connection.answeredAt ??= time
  }
}

/** The longest time between two answers, in milliseconds, from shortly before `since` on. */
export function longestGap(connections: readonly Connection[], since: number): number {
  const answers = connections
    .flatMap(({ answeredAt }) => (answeredAt === undefined ? [] : [answeredAt]))
    .filter((at) => at >= since - 1000)
    .sort((a, b) => a - b)
  return Math.max(0, ...answers.slice(1).map((at, index) => at - answers[index]!))
}
