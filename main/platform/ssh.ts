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
   * `input` is written to the command's standard input as it comes, which is closed after it; without, it stays open
   * until the loop or the connection ends.
   * @throws AppError `ssh.lost` when the connection ends before the command does
   */
  follow(
    command: Command,
    signal: AbortSignal,
    input?: AsyncIterable<string>,
  ): AsyncGenerator<Buffer, StreamEnd>
  /**
   * Opens the user's login shell on a pty; the only thing that has one. Slow readers of its output hold it back.
   * It ends with the signal, with the end of the reading, and with the connection.
   * @throws AppError `ssh.commandFailed` where the server gives no shell, `ssh.lost`, `cancelled`
   */
  shell(size: TerminalSize, signal: AbortSignal): Promise<Shell>
  /** Opens a TCP connection from that host (direct-tcpip). @throws AppError `network.refused`, `network.timeout`, `ssh.lost` */
  dial(host: string, port: number, signal: AbortSignal): Promise<Duplex>
}

export interface StreamEnd {
  exit: number | undefined
  signal: string | undefined
  /** The last 4 KiB. */
  stderr: string
}

/** In characters. */
export interface TerminalSize {
  columns: number
  rows: number
}

/** A login shell on a pty, which somebody types into. */
export interface Shell {
  /** What is shown, as it comes, until the shell ends. To be read once. @throws AppError `ssh.lost` */
  readonly output: AsyncGenerator<Buffer, Pick<StreamEnd, 'exit' | 'signal'>>
  /** Types. What is typed after the end goes nowhere. */
  write(input: string): void
  resize(size: TerminalSize): void
}

/** One SSH server on the way, with everything decided: no defaults are looked up after this. */
export interface SshServer {
  /** The name its key is known under: `amphora <id>` or `host:port`. */
  subject: string
  /** Name or address; resolved by the server before it where there is one. */
  host: string
  port: number
  user: string
  /** Private keys to try, in order. */
  keyFiles: readonly string[]
  /** Whether the key files were named; the usual ones of `~/.ssh` may be missing or of no use. */
  keyFilesNamed: boolean
  /** Socket, Windows pipe, or `pageant`. */
  agent?: string
  /** Offer only the agent's keys that are among the key files. */
  identitiesOnly: boolean
  usePassword: boolean
  /** Run here instead of a TCP connection; only for the first server. No shell sees it. */
  proxyCommand?: readonly string[]
}

/** The way to a host: jump hosts in order, then the host itself. */
export interface SshRoute {
  /** What is closed together: the cloud. */
  group: string
  servers: readonly SshServer[]
}

/** A host key as it was presented, before any credential was sent. */
export interface PresentedKey {
  group: string
  subject: string
  /** `host:port`. */
  address: string
  /** The jump hosts on the way, first to last. */
  via: readonly string[]
  /** `ssh-ed25519`, `ssh-rsa`, … */
  keyType: string
  /** `SHA256:…` as OpenSSH prints it. */
  fingerprint: string
}

/** Who decides and knows what no configuration says. Answers may take as long as a person does. */
export interface SshOperator {
  /** The type of the key that was accepted before. @throws AppError `store.unreadable` */
  knownKeyType(group: string, subject: string): Promise<string | undefined>
  /** Returns once the key is accepted. @throws AppError `ssh.hostKeyChanged`, `ssh.hostKeyRefused`, `cancelled` */
  acceptHostKey(key: PresentedKey, signal: AbortSignal): Promise<void>
  /** From the second attempt on, the answer before was wrong. Undefined: no answer. @throws AppError `cancelled` */
  passphrase(
    question: { group: string; keyFile: string; attempt: number },
    signal: AbortSignal,
  ): Promise<string | undefined>
  /** As `passphrase`. */
  password(
    question: { group: string; subject: string; user: string; attempt: number },
    signal: AbortSignal,
  ): Promise<string | undefined>
  /** One answer per question, as `passphrase`. */
  keyboardInteractive(
    question: {
      group: string
      subject: string
      user: string
      attempt: number
      instruction: string
      questions: readonly { text: string; echo: boolean }[]
    },
    signal: AbortSignal,
  ): Promise<readonly string[] | undefined>
}

/** Connections, each shared by all who ask for the same route. */
export interface SshConnections {
  /**
   * Connects, or uses the connection that is open. The host that is handed out stays usable: when its connection was
   * lost or closed for being idle, the next use asks for the route again and connects anew, with the same errors.
   * @throws AppError `ssh.*`, `network.dns`, `network.unreachable`, `cancelled`
   */
  connect(route: () => Promise<SshRoute>, signal: AbortSignal): Promise<SshHost>
  /** Closes every connection of a group; what runs on them ends with `ssh.lost`. */
  close(group: string): void
}
