import { AppError } from '../../preload/contract/error'
import type { SshHop, SshProfile } from '../../preload/contract/ssh'
import type { SshRoute, SshServer } from '../platform/ssh'
import type { LocalIdentity } from '../platform/ssh/localIdentity'
import {
  proxyWords,
  type JumpHost,
  type SshConfigFile,
  type SshDefaults,
} from '../platform/sshConfig'
import { subjectOfAmphora, type AmphoraAddress } from './amphoraHosts'

/** The default user of Octavia's image builder. */
const AMPHORA_USER = 'ubuntu'
const SSH_PORT = 22
/** A ProxyJump that leads to itself ends here. */
const MOST_JUMPS = 8

/** What decides about one server: the profile first, `~/.ssh/config` next, then what is usual. */
interface Wish {
  subject?: string
  host: string
  port?: number | undefined
  user?: string | undefined
  keyFile?: string | undefined
  defaultUser: string
}

/** Turns a profile into the way to a host. */
export class SshRoutes {
  constructor(
    private readonly config: Pick<SshConfigFile, 'lookup'>,
    private readonly local: LocalIdentity,
  ) {}

  /** The way to an amphora. @throws AppError `ssh.noAddress`, `ssh.configFile` */
  async toAmphora(
    cloud: string,
    profile: SshProfile,
    { amphoraId, managementAddress }: AmphoraAddress,
  ): Promise<SshRoute> {
    if (!managementAddress)
      throw AppError.because('ssh.noAddress', 'No management address.', { values: { amphoraId } })
    return this.route(cloud, profile, {
      subject: subjectOfAmphora(amphoraId),
      host: managementAddress,
      port: profile.port,
      user: profile.user,
      keyFile: profile.keyFile,
      defaultUser: AMPHORA_USER,
    })
  }

  /** The way to the profile's last jump host; undefined when it has none. @throws AppError `ssh.configFile` */
  async toJump(cloud: string, profile: SshProfile): Promise<SshRoute | undefined> {
    const last = profile.jumps.at(-1)
    if (!last) return undefined
    return this.route(cloud, { ...profile, jumps: profile.jumps.slice(0, -1) }, this.wish(last))
  }

  private async route(cloud: string, profile: SshProfile, target: Wish): Promise<SshRoute> {
    const defaults = await this.defaults(profile, target)
    const jumps: SshHop[] = profile.jumps.length
      ? profile.jumps
      : (defaults.proxyJump ?? []).map(asHop)
    const leading = await this.leading(profile, jumps, 0)
    const wishes = [...leading, ...jumps].map((hop) => this.wish(hop))
    const all = [...wishes, target]
    const servers = await Promise.all(
      all.map(async (wish, index) =>
        this.server(profile, wish, await this.defaults(profile, wish), index === 0),
      ),
    )
    return { group: cloud, servers }
  }

  /** The first jump host may have a ProxyJump of its own. */
  private async leading(
    profile: SshProfile,
    jumps: readonly SshHop[],
    depth: number,
  ): Promise<SshHop[]> {
    const [first] = jumps
    if (!first || depth >= MOST_JUMPS) return []
    const { proxyJump = [] } = await this.defaults(profile, this.wish(first))
    const before = proxyJump.map(asHop)
    return [...(await this.leading(profile, before, depth + 1)), ...before]
  }

  private wish({ host, port, user, keyFile }: SshHop): Wish {
    return { host, port, user, keyFile, defaultUser: this.local.user }
  }

  private async defaults(profile: SshProfile, { host, user }: Wish): Promise<SshDefaults> {
    return profile.useConfigFile ? this.config.lookup(host, user) : {}
  }

  private server(
    profile: SshProfile,
    wish: Wish,
    defaults: SshDefaults,
    first: boolean,
  ): SshServer {
    const host = defaults.hostName ?? wish.host
    const port = wish.port ?? defaults.port ?? SSH_PORT
    const user = wish.user || defaults.user || wish.defaultUser
    const named = wish.keyFile ? [this.atHome(wish.keyFile)] : defaults.identityFiles
    const agent = profile.useAgent ? agentOf(defaults, this.local.agent) : undefined
    const { proxyCommand } = defaults
    return {
      subject: wish.subject ?? `${host}:${port}`,
      host,
      port,
      user,
      keyFiles: named ?? this.local.keyFiles(),
      keyFilesNamed: named !== undefined,
      ...(agent && { agent }),
      identitiesOnly: defaults.identitiesOnly ?? false,
      usePassword: profile.usePassword,
      ...(first &&
        proxyCommand && {
          proxyCommand: proxyWords(proxyCommand, { host, port, user, alias: wish.host }),
        }),
    }
  }

  private atHome(path: string): string {
    return /^~[/\\]/.test(path) ? `${this.local.home}${path.slice(1)}` : path
  }
}

const asHop = ({ host, port, user }: JumpHost): SshHop => ({
  host,
  ...(port && { port }),
  ...(user && { user }),
})

function agentOf({ identityAgent }: SshDefaults, usual: string | undefined): string | undefined {
  return identityAgent === 'none' ? undefined : (identityAgent ?? usual)
}
