import type { SshConnections, SshHost, SshRoute } from '../platform/ssh'
import type { AmphoraAddress, AmphoraHosts } from './amphoraHosts'
import type { SshProfiles } from './sshProfiles'
import type { SshRoutes } from './sshRoutes'

/** Connections to the amphorae by each cloud's profile. A host that was handed out follows changes of the profile. */
export class SshHosts implements AmphoraHosts {
  constructor(
    private readonly profiles: SshProfiles,
    private readonly routes: SshRoutes,
    private readonly connections: SshConnections,
  ) {}

  connect(cloud: string, amphora: AmphoraAddress, signal: AbortSignal): Promise<SshHost> {
    return this.connections.connect(
      async () => this.routes.toAmphora(cloud, await this.profiles.read(cloud), amphora),
      signal,
    )
  }

  async jump(cloud: string, signal: AbortSignal): Promise<SshHost | undefined> {
    const route = await this.jumpRoute(cloud)
    if (!route) return undefined
    return this.connections.connect(async () => (await this.jumpRoute(cloud)) ?? route, signal)
  }

  /** The way to the last jump host of the cloud; undefined when its profile has none. @throws AppError `ssh.configFile` */
  async jumpRoute(cloud: string): Promise<SshRoute | undefined> {
    return this.routes.toJump(cloud, await this.profiles.read(cloud))
  }

  /** Closes every connection of a cloud: it is closed, or its profile has changed. */
  close(cloud: string): void {
    this.connections.close(cloud)
  }
}
