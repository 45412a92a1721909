import type { Machine } from './machine'
import type { FrontendConfiguration, ServerConfiguration } from './specification'

/** How a member's web server takes a connection. */
export type MemberAnswer = 'ok' | 'refused' | 'silent'

type PoolConfiguration = NonNullable<FrontendConfiguration['pool']>

/** haproxy's view of one server. */
export interface ServerHealth {
  configuration: ServerConfiguration
  up: boolean
  /** 0 … rise+fall-1, from `rise` on it is up; haproxy 2.6, src/check.c. */
  health: number
  changedAt: number
  failedChecks: number
  downs: number
  status: string
  connections: number
}

/** One backend: checks its servers at their pace and chooses among those that are up. */
export class HaproxyBackend {
  readonly servers: ServerHealth[]
  private readonly cancels: (() => void)[] = []
  private turn = 0

  constructor(
    private readonly machine: Machine,
    readonly name: string,
    readonly pool: PoolConfiguration,
  ) {
    const now = machine.clock.now()
    this.servers = pool.servers.map((configuration) => ({
      configuration,
      up: true,
      health: pool.check?.rise ?? 1,
      changedAt: now,
      failedChecks: 0,
      downs: 0,
      status: pool.check ? 'INI' : '',
      connections: 0,
    }))
    const { check } = pool
    if (!check) return
    const spread = (check.delay * 1000) / Math.max(1, this.servers.length)
    this.servers.forEach((server, index) => {
      const run = () => this.check(server)
      this.cancels.push(
        machine.clock.after(20 + index * Math.min(50, spread), run),
        machine.clock.every(Math.max(1, check.delay) * 1000, run),
      )
    })
  }

  halt(): void {
    for (const cancel of this.cancels) cancel()
  }

  /** The servers that may get a connection, the one whose turn it is first. */
  order(): ServerHealth[] {
    const usable = this.servers.filter(
      ({ up, configuration }) => up && configuration.enabled && configuration.weight > 0,
    )
    const primaries = usable.filter(({ configuration }) => !configuration.backup)
    const chosen = primaries.length ? primaries : usable
    if (this.pool.algorithm === 'SOURCE_IP') return chosen
    const wheel = chosen.flatMap((server) =>
      Array.from({ length: server.configuration.weight }, () => server),
    )
    const start = wheel.length ? this.turn++ % wheel.length : 0
    return [...new Set([...wheel.slice(start), ...wheel.slice(0, start)])]
  }

  private check(server: ServerHealth): void {
    const { check } = this.pool
    if (!check) return
    const answer = this.machine.members(server.configuration)
    const now = this.machine.clock.now()
    const wasUp = server.up
    if (answer === 'ok') {
      server.health = Math.min(server.health + 1, check.rise + check.fall - 1)
      if (server.health >= check.rise) server.health = check.rise + check.fall - 1
      server.status = check.type === 'HTTP' ? 'L7OK' : 'L4OK'
    } else {
      server.failedChecks += 1
      server.health = server.health > check.rise ? server.health - 1 : 0
      server.status = answer === 'refused' ? 'L4CON' : 'L4TOUT'
    }
    server.up = server.health >= check.rise
    if (server.up === wasUp) return
    server.changedAt = now
    if (!server.up) server.downs += 1
    this.tell(server, answer, check.type, check.timeout)
  }

  private tell(server: ServerHealth, answer: MemberAnswer, type: string, timeout: number): void {
    const { haproxy } = this.machine
    const left = this.servers.filter(({ up }) => up).length
    const who = `Server ${this.name}/${server.configuration.id}`
    const reason = server.up
      ? type === 'HTTP'
        ? 'Layer7 check passed, code: 200, check duration: 1ms'
        : 'Layer4 check passed, check duration: 0ms'
      : answer === 'refused'
        ? 'Layer4 connection problem, info: "Connection refused", check duration: 0ms'
        : `Layer4 timeout, check duration: ${timeout * 1000 + 1}ms`
    const words = server.up
      ? `${who} is UP, reason: ${reason}. ${left} active and 0 backup servers online. 0 sessions requeued, 0 total in queue.`
      : `${who} is DOWN, reason: ${reason}. ${left} active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.`
    haproxy.say(haproxy.workerPid, 'WARNING', words)
    this.machine.tellHaproxyLog(words)
    if (left) return
    haproxy.say(haproxy.workerPid, 'ALERT', `backend '${this.name}' has no server available!`)
    this.machine.tellHaproxyLog(`backend ${this.name} has no server available!`)
  }
}
