import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'
import { startDemo, type Demo, type DemoCredentials } from '../../main/demo/startDemo'
import type { SshProfile } from '../../preload/contract/ssh'
import { startConsole, type ConsoleHost } from '../support/consoleHost'
import { PASSWORD, SmallCloud } from '../support/smallCloud'
import { Story } from './pages/story'

/** One entry of clouds.yaml. */
export interface CloudEntry {
  authUrl: string
  password?: string
  userName?: string
  projectName?: string
  domainName?: string
  caFile?: string
}

/** What is on the machine when the console starts. */
export interface Machine {
  /** Entries of clouds.yaml by name, or the whole text of the file. */
  clouds: Readonly<Record<string, CloudEntry>> | string
  ssh?: Readonly<Record<string, SshProfile>>
}

/** A machine with a clouds.yaml, on which the console is started, ended and started again. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'console-machine-'))
  readonly cloudsFile = join(this.folder, 'clouds.yaml')
  private readonly running = new Set<ConsoleHost>()

  /** Writes what the machine has. */
  set({ clouds, ssh }: Machine): void {
    const text =
      typeof clouds === 'string'
        ? clouds
        : // JSON is YAML.
          JSON.stringify({
            clouds: Object.fromEntries(
              Object.entries(clouds).map(([name, entry]) => [name, entryOf(entry)]),
            ),
          })
    writeFileSync(this.cloudsFile, text)
    if (ssh) writeFileSync(join(this.dataFolder, 'ssh.json'), JSON.stringify(ssh))
  }

  /** The console's data folder, kept from start to start. */
  get dataFolder(): string {
    const folder = join(this.folder, 'data')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  }

  /** A private file of this machine; answers its path. */
  file(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }

  async start(): Promise<ConsoleHost> {
    const host = await startConsole({
      demo: false,
      dataFolder: this.dataFolder,
      // Nothing of the real machine's own settings.
      environment: { OS_CLIENT_CONFIG_FILE: this.cloudsFile, HOME: this.folder, SSH_AUTH_SOCK: '' },
    })
    this.running.add(host)
    return host
  }

  async end(): Promise<void> {
    for (const host of this.running) await host.close()
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const entryOf = (entry: CloudEntry) => ({
  auth: {
    auth_url: entry.authUrl,
    username: entry.userName ?? 'operator',
    password: entry.password ?? PASSWORD,
    project_name: entry.projectName ?? 'web',
    user_domain_name: entry.domainName ?? 'Default',
    project_domain_name: entry.domainName ?? 'Default',
  },
  ...(entry.caFile && { cacert: entry.caFile }),
})

/** An entry for somebody of the demo cloud. */
export const entryFor = (demo: Demo, person: DemoCredentials): CloudEntry => ({
  authUrl: demo.authUrl,
  ...person,
})

/** The way to the demo's amphorae with a key file. */
export const profileFor = ({ ssh }: Demo, keyFile: string, jumpKeyFile = keyFile): SshProfile => ({
  user: ssh.amphoraUser,
  keyFile,
  useAgent: false,
  usePassword: false,
  useConfigFile: false,
  jumps: [{ ...ssh.jump, keyFile: jumpKeyFile }],
})

interface Fixtures {
  bench: Bench
  /** A cloud on loopback that can be told to answer badly. */
  cloud: SmallCloud
  /** A demo cloud that lives on when the console is ended. */
  demoCloud: Demo
  story: Story
}

export const test = base.extend<Fixtures>({
  bench: async ({}, use) => {
    const bench = new Bench()
    await use(bench)
    await bench.end()
  },
  cloud: async ({}, use) => {
    const cloud = await SmallCloud.start()
    await use(cloud)
    await cloud.stop()
  },
  demoCloud: async ({}, use) => {
    const demo = await startDemo()
    await use(demo)
    await demo.close()
  },
  story: async ({ page }, use) => use(new Story(page)),
})
