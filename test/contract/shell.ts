import type { Duplex } from 'node:stream'
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from 'ssh2'

export interface Outcome {
  exit: number | undefined
  stdout: string
  stderr: string
}

/** Lines that come in one after the other, with the time each was seen. */
export interface Follower {
  lines: { at: number; text: string }[]
  /** Waits for a line that matches, from the first line on. */
  until(pattern: RegExp, limitMs?: number): Promise<{ at: number; text: string }>
  stop(): void
  /** Ends the command's standard input; answers how the command ended. */
  endInput(): Promise<number | undefined>
}

/** An SSH connection, as plain as it can be. */
export class Shell {
  constructor(private readonly client: Client) {}

  static async open(config: ConnectConfig): Promise<Shell> {
    const client = new ssh2.Client()
    await new Promise<void>((resolve, reject) => {
      client
        .once('ready', resolve)
        .once('error', reject)
        .connect({ readyTimeout: 15_000, ...config })
    })
    client.on('error', () => undefined)
    return new Shell(client)
  }

  /** `input` goes to its standard input, which is closed then; without, it stays open. */
  run(line: string, input?: string): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.client.exec(line, (error, channel) => {
        if (error) return reject(error)
        if (input !== undefined) channel.end(input)
        const outcome: Outcome = { exit: undefined, stdout: '', stderr: '' }
        channel.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString()))
        channel.stderr.on('data', (chunk: Buffer) => (outcome.stderr += chunk.toString()))
        channel.on('exit', (code: number | null) => (outcome.exit = code ?? undefined))
        channel.on('close', () => resolve(outcome))
      })
    })
  }

  /** The octets of a command's output, until the signal is aborted or it ends. */
  async *octets(line: string, signal: AbortSignal): AsyncGenerator<Buffer, number | undefined> {
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      this.client.exec(line, (error, opened) => (error ? reject(error) : resolve(opened)))
    })
    let exit: number | undefined
    channel.on('exit', (code: number | null) => (exit = code ?? undefined))
    signal.addEventListener('abort', () => channel.destroy())
    try {
      for await (const chunk of channel as AsyncIterable<Buffer>) yield chunk
    } catch (error) {
      if (!signal.aborted) throw error
    }
    return exit
  }

  follow(line: string): Promise<Follower> {
    return new Promise((resolve, reject) => {
      this.client.exec(line, (error, channel) => {
        if (error) return reject(error)
        const lines: Follower['lines'] = []
        let rest = ''
        channel.on('data', (chunk: Buffer) => {
          const parts = (rest + chunk.toString()).split('\n')
          rest = parts.pop() ?? ''
          for (const text of parts) lines.push({ at: Date.now(), text })
        })
        resolve({
          lines,
          stop: () => channel.close(),
          endInput: () =>
            new Promise((end) => {
              channel.once('exit', (code: number | null) => end(code ?? undefined))
              channel.end()
            }),
          until: async (pattern, limitMs = 15_000) => {
            const end = Date.now() + limitMs
            for (;;) {
              const found = lines.find(({ text }) => pattern.test(text))
              if (found) return found
              if (Date.now() > end) {
                throw new Error(
                  `No line like ${String(pattern)} in:\n${lines.map(({ text }) => text).join('\n')}`,
                )
              }
              await new Promise((wake) => setTimeout(wake, 20))
            }
          },
        })
      })
    })
  }

  dial(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.client.forwardOut('127.0.0.1', 0, host, port, (error, stream) =>
        error ? reject(error) : resolve(stream),
      )
    })
  }

  close(): void {
    this.client.end()
  }

  /** Ends the connection as a killed client does, without a word. */
  kill(): void {
    this.client.destroy()
  }
}
