import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { Shell } from './shell'
import type { Credentials, Target } from './target'

const run = promisify(execFile)
const LAB = new URL('../lab/lab', import.meta.url).pathname

interface LabInformation {
  auth_url: string
  clouds_yaml: string
  client_netns: string
  ssh: { user: string; port: number; key: string }
}

type Clouds = Record<string, { auth: Record<string, string> }>

/** The lab that is running on this machine. */
export async function labTarget(): Promise<Target> {
  const { stdout } = await run(LAB, ['info'])
  const lab = JSON.parse(stdout) as LabInformation
  const { clouds } = parse(await readFile(lab.clouds_yaml, 'utf8')) as { clouds: Clouds }
  const privateKey = await readFile(lab.ssh.key, 'utf8')
  const credential = clouds['lab-appcred']?.auth
  return {
    name: 'lab',
    authUrl: lab.auth_url,
    admin: credentials(clouds['lab-admin']?.auth),
    member: credentials(clouds['lab-member']?.auth),
    applicationCredential: {
      id: credential?.['application_credential_id'] ?? '',
      secret: credential?.['application_credential_secret'] ?? '',
    },
    speed: 1,
    connect: (host) => Shell.open({ host, port: lab.ssh.port, username: lab.ssh.user, privateKey }),
    get: async (vip) => {
      const curl = ['-s', '-m', '1', '-w', '\n%{http_code}', `http://${vip}/`]
      const answer = await run('ip', ['netns', 'exec', lab.client_netns, 'curl', ...curl]).catch(
        () => undefined,
      )
      const lines = answer?.stdout.trim().split('\n')
      return lines && { status: Number(lines.at(-1)), body: lines[0] ?? '' }
    },
    close: () => Promise.resolve(),
  }
}

const credentials = (auth: Record<string, string> = {}): Credentials => ({
  userName: auth['username'] ?? '',
  password: auth['password'] ?? '',
  projectName: auth['project_name'] ?? '',
})
