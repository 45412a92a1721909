import type { Duplex } from 'node:stream'

/** A command as it is handed to SSH: arguments, quoted in one place, never text that was put together. */
export interface Command {
  argv: readonly string[]
  /** Run by `sudo -n`. */
  sudo: boolean
}

/** What came back. ssh2 ends a channel alike when the command ends and when the network does; this is only ever the first. */
export interface CommandResult {
  /** Absent when a signal ended it. */
  exit: number | undefined
  signal: string | undefined
  stdout: string
  stderr: string
  /** Milliseconds since the epoch, by our clock: when the command was sent and when its end arrived. */
  startedAt: number
  endedAt: number
  /** Output beyond the limit was dropped. */
  truncated: boolean
}

export interface RunOptions {
  signal: AbortSignal
  /** @default 15000 */
  timeoutMs?: number
  /** Octets of stdout to keep. @default 4194304 */
  maxBytes?: number
  /** Written to the command's standard input, then closed. */
  input?: string
}

/** An open connection to one host, shared by all who need it. Users share it by name; the pool closes it when idle. */
export interface SshHost {
  /** As people would write it: `ubuntu@10.77.0.11 via bastion`. */
  readonly label: string
  /**
   * Runs a command to its end; any exit status is an answer.
   * @throws AppError `ssh.lost` when the connection ends first, `ssh.timeout`, `cancelled`
   */
  run(command: Command, options: RunOptions): Promise<CommandResult>
  /**
   * Follows a command's output in chunks, as they come; slow readers hold the remote command back.
   * Returns the exit status at the end. Leaving the loop ends the command.
   * @throws AppError `ssh.lost` when the connection ends before the command does
   */
  follow(command: Command, signal: AbortSignal): AsyncGenerator<Buffer, StreamEnd>
  /** Opens a TCP connection from that host (direct-tcpip). @throws AppError `network.refused`, `network.timeout`, `ssh.lost` */
  dial(host: string, port: number, signal: AbortSignal): Promise<Duplex>
}

export interface StreamEnd {
  exit: number | undefined
  signal: string | undefined
  /** The last 4 KiB. */
  stderr: string
}
