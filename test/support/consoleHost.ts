import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface HostOptions {
  demo: boolean
  environment?: Record<string, string>
  /** Kept between two hosts that share it; a fresh one otherwise. */
  dataFolder?: string
  /** Lets its memory be looked at from this machine, while it runs. */
  inspect?: boolean
}

/** The built console behind its browser host, as `npm run serve` starts it. */
export interface ConsoleHost {
  /** Lets one browser in, once. */
  link: string
  dataFolder: string
  /** Where its memory can be looked at, when that was asked for: a WebSocket of the DevTools protocol. */
  inspector?: string
  printed(): string
  /** Ends it as Ctrl+C would. */
  close(): Promise<void>
  /** Ends it as a crash would. */
  kill(): Promise<void>
}

/** Starts the built console on a free port. @throws Error with what it printed when it ends at once */
export async function startConsole(options: HostOptions): Promise<ConsoleHost> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'console-data-'))
  const child = spawn(
    process.execPath,
    [
      ...(options.inspect ? ['--inspect=127.0.0.1:0'] : []),
      ...['out/main/start.js', 'serve', '--no-open', '--data', dataFolder],
      ...(options.demo ? ['--demo'] : []),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        OS_CLIENT_CONFIG_FILE: join(dataFolder, 'no-clouds.yaml'),
        ...options.environment,
      },
    },
  )
  let printed = ''
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const link = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(printed)
      if (found) resolve(found[0])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exited.then(() => reject(new Error(`The console ended: ${printed}`)))
  })
  const inspector = /ws:\/\/127\.0\.0\.1:\d+\/\S+/.exec(printed)?.[0]
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal)
    await exited
    if (options.dataFolder === undefined && signal === 'SIGTERM') {
      rmSync(dataFolder, { recursive: true, force: true })
    }
  }
  return {
    link,
    dataFolder,
    ...(inspector !== undefined && { inspector }),
    printed: () => printed,
    close: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}
