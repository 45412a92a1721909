import type { MemberAnswer } from './amphora/haproxyBackend'
import type { ServerConfiguration } from './amphora/specification'

/** The servers behind the pools, by address. Each answers its name on port 80. */
export const WEB_SERVERS: Readonly<Record<string, string>> = {
  '192.168.220.6': 'web1',
  '192.168.220.26': 'web2',
}

/** Which servers of a load balancer's pools answer, and which are down on request. */
export class WebServers {
  private readonly down = new Set<string>()

  answer(loadBalancerId: string, { address, port }: ServerConfiguration): MemberAnswer {
    if (!(address in WEB_SERVERS)) return 'silent'
    if (port !== 80 || this.down.has(`${loadBalancerId} ${address}`)) return 'refused'
    return 'ok'
  }

  /** Stops the web server, as one load balancer sees it. */
  turn(loadBalancerId: string, address: string, up: boolean): void {
    const key = `${loadBalancerId} ${address}`
    if (up) this.down.delete(key)
    else this.down.add(key)
  }
}
