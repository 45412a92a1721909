import { access, constants, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { AppError, type Failure } from '../../preload/contract/error'
import { parseConfigFile } from './configSyntax'
import { isMissing } from './files'

type Environment = Readonly<Record<string, string | undefined>>

/** What one of OpenStack's configuration files holds. */
interface ConfigFile {
  path: string
  content: Readonly<Record<string, unknown>>
}

/** The files that were found. Whatever could not be read is in `looked`, with the reason. */
export interface CloudFilesFound {
  clouds?: ConfigFile
  secure?: ConfigFile
  vendors?: ConfigFile
  looked: { path: string; failure?: Failure }[]
}

interface Kind {
  name: 'clouds' | 'secure' | 'clouds-public'
  variable: string
}

const KINDS = {
  clouds: { name: 'clouds', variable: 'OS_CLIENT_CONFIG_FILE' },
  secure: { name: 'secure', variable: 'OS_CLIENT_SECURE_FILE' },
  vendors: { name: 'clouds-public', variable: 'OS_CLIENT_VENDOR_FILE' },
} as const satisfies Record<string, Kind>

const SUFFIXES = ['yaml', 'yml', 'json']

/**
 * Finds OpenStack's client configuration where openstacksdk's loader does: the file that a variable names, then the
 * working folder, this user's folders, the site's folders. Of each kind the first readable file wins.
 */
export class CloudFiles {
  constructor(
    private readonly environment: Environment,
    private readonly platform: NodeJS.Platform = process.platform,
    private readonly workingFolder: () => string = () => process.cwd(),
  ) {}

  /** Reads them anew; never fails as a whole. */
  async find(): Promise<CloudFilesFound> {
    const looked: CloudFilesFound['looked'] = []
    const clouds = await this.first(KINDS.clouds, looked)
    const secure = await this.first(KINDS.secure, looked)
    const vendors = await this.first(KINDS.vendors, looked)
    return {
      ...(clouds && { clouds }),
      ...(secure && { secure }),
      ...(vendors && { vendors }),
      looked,
    }
  }

  /** The text of a PEM file; `~` is this user's home. @throws AppError `tls.file` */
  async readPem(path: string): Promise<string> {
    try {
      return await readFile(this.expand(path), 'utf8')
    } catch (cause) {
      throw AppError.because('tls.file', messageOf(cause), { cause, values: { path } })
    }
  }

  private async first(kind: Kind, looked: CloudFilesFound['looked']) {
    const named = this.environment[kind.variable]
    const candidates = this.folders().flatMap((folder) =>
      SUFFIXES.map((suffix) => join(folder, `${kind.name}.${suffix}`)),
    )
    // The loader goes on when the named file does not exist; the operator should learn that it does not.
    for (const path of new Set([...(named ? [this.expand(named)] : []), ...candidates])) {
      try {
        await access(path, constants.F_OK)
      } catch (cause) {
        if (named && path === this.expand(named)) {
          const failure = isMissing(cause) ? missing(path, kind.variable) : unreadable(path, cause)
          looked.push({ path, failure })
        }
        continue
      }
      let text
      try {
        text = await readFile(path, 'utf8')
      } catch (cause) {
        looked.push({ path, failure: unreadable(path, cause) })
        continue
      }
      try {
        const content = parseConfigFile(path, text)
        looked.push({ path })
        return { path, content }
      } catch (error) {
        looked.push({ path, failure: AppError.from(error).toFailure() })
        return undefined
      }
    }
    return undefined
  }

  private folders(): string[] {
    const home = this.home()
    const environment = this.environment
    const unix = join(environment['SNAP_REAL_HOME'] ?? home, '.config', 'openstack')
    const ofPlatform = (): { user: string; site: string[] } => {
      if (this.platform === 'darwin') {
        const below = join('Library', 'Application Support', 'openstack')
        return { user: join(home, below), site: [join('/', below)] }
      }
      if (this.platform === 'win32') {
        const local = environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local')
        const program = environment['PROGRAMDATA'] ?? 'C:\\ProgramData'
        const below = join('OpenStack', 'openstack')
        return { user: join(local, below), site: [join(program, below)] }
      }
      const configHome = environment['XDG_CONFIG_HOME']
      const site = (environment['XDG_CONFIG_DIRS'] ?? '/etc/xdg').split(':').filter(Boolean)
      return {
        user: configHome ? join(configHome, 'openstack') : join(home, '.config', 'openstack'),
        site: site.map((folder) => join(folder, 'openstack')),
      }
    }
    const { user, site } = ofPlatform()
    return [this.workingFolder(), user, unix, ...site, '/etc/openstack']
  }

  private home(): string {
    const named = this.platform === 'win32' ? 'USERPROFILE' : 'HOME'
    return this.environment[named] ?? homedir()
  }

  private expand(path: string): string {
    return resolve(this.workingFolder(), path.replace(/^~(?=$|[/\\])/, this.home()))
  }
}

const missing = (path: string, variable: string): Failure =>
  AppError.because('cloud.fileMissing', '', { values: { path, variable } }).toFailure()

const unreadable = (path: string, cause: unknown): Failure =>
  AppError.because('cloud.fileUnreadable', messageOf(cause), { values: { path } }).toFailure()

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
