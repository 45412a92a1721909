import { Duplex } from 'node:stream'
import type { SshHost } from '../../main/platform/ssh'
import { shellLine } from '../../main/platform/ssh/shellLine'
import type { Shell } from './shell'

/** A connection of the suite as the console's services know connections. Counts the commands that run at a time. */
export function shellHost(
  shell: Shell,
): Omit<SshHost, 'shell'> & { most: number; lines: string[] } {
  let running = 0
  const host = {
    label: 'suite',
    most: 0,
    lines: [] as string[],
    run: async (...[command, { input = '' }]: Parameters<SshHost['run']>) => {
      const line = shellLine(command)
      host.lines.push(line)
      running += 1
      host.most = Math.max(host.most, running)
      const startedAt = Date.now()
      const outcome = await shell.run(line, input)
      running -= 1
      const endedAt = Date.now()
      return { ...outcome, signal: undefined, truncated: false, startedAt, endedAt }
    },
    follow: async function* (...[command, signal]: Parameters<SshHost['follow']>) {
      const exit = yield* shell.octets(shellLine(command), signal)
      return { exit, signal: undefined, stderr: '' }
    },
    shell: () => Promise.reject(new Error('No shell here.')),
    dial: () => Promise.resolve(new Duplex()),
  }
  return host
}
