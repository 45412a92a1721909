import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SshProfile } from '../preload/contract/ssh'
import { startDemo } from './demo/startDemo'
import type { DemoFaults } from './ipc/handlers/demo'
import type { CloudDefinition } from './services/clouds/definition'

const NAME = 'demo'

/** The demo cloud as the services take it. */
interface DemoCloud {
  cloud: CloudDefinition
  sshProfiles: Readonly<Record<string, SshProfile>>
  faults: DemoFaults
  close(): Promise<void>
}

/** Starts the demo cloud and introduces it to the console as a cloud like any other. */
export async function startDemoCloud(dataFolder: string): Promise<DemoCloud> {
  const demo = await startDemo()
  const { userName, password, projectName, domainName } = demo.credentials
  const domain = { name: domainName }

  // The key opens nothing but this demo, and not even that after its end.
  const keyFile = join(dataFolder, 'demo-key')
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  await writeFile(keyFile, demo.ssh.privateKey, { mode: 0o600 })

  return {
    cloud: {
      name: NAME,
      source: 'demo',
      authUrl: demo.authUrl,
      region: demo.region,
      interfaces: ['public'],
      authType: 'password',
      credentials: {
        type: 'password',
        user: { name: userName, domain },
        password,
        scope: { project: { name: projectName, domain } },
      },
      tls: { insecure: false },
      services: {},
    },
    sshProfiles: {
      [NAME]: {
        user: demo.ssh.amphoraUser,
        keyFile,
        useAgent: false,
        usePassword: false,
        useConfigFile: false,
        jumps: [{ ...demo.ssh.jump, keyFile }],
      },
    },
    faults: {
      cloud: NAME,
      list: () => demo.faults.list(),
      follow: (signal) => demo.follow(signal),
      set: (loadBalancerId, fault, on) => demo.faults.set(loadBalancerId, fault, on),
    },
    close: () => demo.close(),
  }
}
