import { execFile, execFileSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What `test/lab/lab info` tells about the running lab. */
export interface LabFacts {
  lab_dir: string
  clouds_yaml: string
  ssh: { user: string; port: number; key: string }
  client_netns: string
  vantage: { host: string; port: number; user: string }
  load_balancers: {
    id: string
    name: string
    vip: string
    amphorae: { id: string; role: string; lb_network_ip: string; compute_id: string }[]
  }[]
  hosts: Record<string, { address: string; namespace: string }>
}

/** The facts of the running lab. @throws when it does not run */
export const labFacts = (): LabFacts =>
  JSON.parse(execFileSync('test/lab/lab', ['info'], { encoding: 'utf8' })) as LabFacts

/** Deletes a load balancer with everything below it; returns when it is gone. */
export async function deleteFromLab(cloud: string, id: string): Promise<void> {
  const until = Date.now() + 120_000
  execFileSync('test/lab/lab', ['openstack', cloud, 'loadbalancer', 'delete', '--cascade', id])
  while (labFacts().load_balancers.some((one) => one.id === id)) {
    if (Date.now() > until) throw new Error(`Load balancer ${id} is still there.`)
    await delay(1000)
  }
}

/** Runs a command on an amphora with plain ssh, beside the console: the witness of what is really there. */
export async function onAmphora(
  facts: Pick<LabFacts, 'ssh'>,
  address: string,
  command: string,
): Promise<string> {
  const { stdout } = await run(
    'ssh',
    [
      ...['-i', facts.ssh.key, '-p', String(facts.ssh.port)],
      ...['UserKnownHostsFile=/dev/null', 'StrictHostKeyChecking=no', 'LogLevel=ERROR'].flatMap(
        (option) => ['-o', option],
      ),
      `${facts.ssh.user}@${address}`,
      command,
    ],
    { maxBuffer: 256 * 1024 * 1024 },
  )
  return stdout
}
