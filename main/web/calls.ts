import type { RawData, WebSocket } from 'ws'
import type {
  Handlers,
  Port,
  SocketToMain,
  SocketToRenderer,
  Table,
  ToMain,
  ToRenderer,
} from '../../preload/contract/channel'
import { serve } from '../ipc/serve'

/** Calls that one page may have open at once; an honest page has a few dozen. */
const MOST_CALLS = 512

/** RFC 6455: the message breaks the rules of the service. */
const POLICY_VIOLATION = 1008

/** Serves the calls of one page over its socket. When the socket closes, every call is aborted. */
export function serveSocket<T extends Table>(
  socket: WebSocket,
  table: T,
  handlers: Handlers<T>,
  report: (name: string, error: unknown) => void,
): void {
  const calls = new Map<number, SocketPort>()

  socket.on('message', (data, binary) => {
    const message = binary ? undefined : parse(data)
    if (!message) {
      socket.close(POLICY_VIOLATION, 'Not a message of the console.')
      return
    }
    const { call } = message
    if ('credit' in message) {
      calls.get(call)?.receive({ credit: message.credit })
    } else if ('close' in message) {
      calls.get(call)?.close()
    } else if (calls.has(call) || calls.size >= MOST_CALLS) {
      socket.close(POLICY_VIOLATION, 'Too many calls.')
    } else {
      const port = new SocketPort(socket, call, () => calls.delete(call))
      calls.set(call, port)
      void serve(table, handlers, message.open, port, report)
    }
  })
  socket.on('close', () => {
    for (const port of [...calls.values()]) port.close()
  })
  // A broken frame is followed by `close`, which does the cleaning up.
  socket.on('error', () => undefined)
}

class SocketPort implements Port<ToRenderer, ToMain> {
  private readonly closers: (() => void)[] = []
  private listener: (message: ToMain) => void = () => undefined
  private open = true

  constructor(
    private readonly socket: WebSocket,
    private readonly call: number,
    private readonly forget: () => void,
  ) {}

  post(message: ToRenderer): void {
    if (!this.open || this.socket.readyState !== this.socket.OPEN) return
    const envelope: SocketToRenderer = { call: this.call, message }
    this.socket.send(JSON.stringify(envelope))
  }

  receive(message: ToMain): void {
    this.listener(message)
  }

  onMessage(listener: (message: ToMain) => void): void {
    this.listener = listener
  }

  onClose(listener: () => void): void {
    this.closers.push(listener)
  }

  close(): void {
    if (!this.open) return
    this.open = false
    this.forget()
    for (const closer of this.closers) closer()
  }
}

function parse(data: RawData): SocketToMain | undefined {
  let message: unknown
  try {
    message = JSON.parse((data as Buffer).toString('utf8'))
  } catch {
    return undefined
  }
  if (!isRecord(message) || !Number.isSafeInteger(message['call'])) return undefined
  const { open } = message
  const known =
    typeof message['credit'] === 'number' ||
    message['close'] === true ||
    (isRecord(open) && typeof open['name'] === 'string')
  return known ? (message as SocketToMain) : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
