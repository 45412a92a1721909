import type { ClientChannel } from 'ssh2'
import type { Shell, StreamEnd, TerminalSize } from '../ssh'
import { endOf, hangUp, openChannel, type End } from './channels'
import type { Link } from './link'

/** What the page's terminal understands. */
const TERM = 'xterm-256color'
/** What is handed on at once; more would make whoever types wait. */
const PIECE_BYTES = 64 * 1024

/**
 * Opens a login shell on a pty. The connection is released when the shell has ended or its output is no longer read.
 * @throws AppError as `SshHost.shell`
 */
export async function openShell(
  link: Link,
  size: TerminalSize,
  signal: AbortSignal,
): Promise<Shell> {
  const pty = { term: TERM, cols: size.columns, rows: size.rows, width: 0, height: 0 }
  const { channel, end } = await openChannel(
    link,
    (client, opened) => client.shell(pty, opened),
    signal,
    (opened) => ({ channel: opened, end: endOf(opened, signal) }),
  )
  // A pty has one output; whatever comes beside it would hold the window.
  channel.stderr.resume()
  channel.on('error', () => undefined)
  void end.over.then(() => link.release())
  return {
    output: read(link, channel, end, signal),
    write: (input) => {
      if (channel.writable) channel.write(input)
    },
    resize: ({ columns, rows }) => {
      if (channel.writable) channel.setWindow(rows, columns, 0, 0)
    },
  }
}

/** The loop pulls: what is not asked for stays in the window, and the window holds the shell back. */
async function* read(
  link: Link,
  channel: ClientChannel,
  end: End,
  signal: AbortSignal,
): AsyncGenerator<Buffer, Pick<StreamEnd, 'exit' | 'signal'>> {
  let wake = () => {}
  const stir = () => wake()
  const state = { over: false }
  void end.over.then(() => {
    state.over = true
    wake()
  })
  channel.on('readable', stir)
  try {
    while (!signal.aborted) {
      const chunk = channel.read(Math.min(channel.readableLength, PIECE_BYTES)) as Buffer | null
      if (chunk) yield chunk
      else if (state.over) return await end.settled(link)
      else await new Promise<void>((resolve) => (wake = resolve))
    }
    return { exit: undefined, signal: undefined }
  } finally {
    channel.off('readable', stir)
    hangUp(channel)
  }
}
