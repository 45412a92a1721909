import { AppError } from '../../../preload/contract/error'
import { NodeDial } from '../../platform/dial'
import type { SshOperator } from '../../platform/ssh'
import { Ssh2 } from '../../platform/ssh2'
import type { ThreadPort } from '../../platform/thread'
import { LocalProber } from './prober'
import type { About, AnswerTo, FromThread, QuestionName, ToThread } from './threadMessages'

/**
 * Carries out the probes that the console orders, with SSH connections of this thread's own. Nothing is decided here:
 * host keys, passphrases and routes are asked of the console.
 */
export function serveProbes(port: ThreadPort<FromThread, ToThread>): void {
  const console = new Inquiry(port)
  const ssh = new Ssh2(operator(console))
  const jumpRoute = (cloud: string, signal: AbortSignal) => console.ask('jumpRoute', cloud, signal)
  const jump = async (cloud: string, signal: AbortSignal) => {
    const route = await jumpRoute(cloud, signal)
    return route && ssh.connect(async () => (await jumpRoute(cloud, signal)) ?? route, signal)
  }
  const prober = new LocalProber(new NodeDial(), { jump }, (cloud) => ssh.close(cloud))
  const running = new Map<number, AbortController>()

  const run = async (id: number, order: Parameters<LocalProber['probe']>[0]) => {
    const abort = new AbortController()
    running.set(id, abort)
    try {
      for await (const samples of prober.probe(order, abort.signal)) port.post({ samples, of: id })
      port.post({ ended: id })
    } catch (error) {
      port.post({ ended: id, failure: AppError.from(error).toFailure() })
    } finally {
      running.delete(id)
    }
  }

  port.onMessage((message) => {
    if ('probe' in message) void run(message.probe, message.order)
    else if ('stop' in message) running.get(message.stop)?.abort()
    else if ('close' in message) prober.close(message.close)
    else if ('failure' in message)
      console.fail(message.answer, AppError.fromFailure(message.failure))
    else console.answer(message.answer, message.value)
  })
}

const operator = (console: Inquiry): SshOperator => ({
  knownKeyType: (group, subject) =>
    console.ask('knownKeyType', { group, subject }, new AbortController().signal),
  acceptHostKey: (key, signal) => console.ask('acceptHostKey', key, signal),
  passphrase: (question, signal) => console.ask('passphrase', question, signal),
  password: (question, signal) => console.ask('password', question, signal),
  keyboardInteractive: (question, signal) => console.ask('keyboardInteractive', question, signal),
})

/** Questions that wait for their answers. */
class Inquiry {
  private readonly waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()
  private last = 0

  constructor(private readonly port: ThreadPort<FromThread, ToThread>) {}

  ask<K extends QuestionName>(name: K, about: About<K>, signal: AbortSignal): Promise<AnswerTo<K>> {
    const ask = (this.last += 1)
    return new Promise<unknown>((resolve, reject) => {
      const leave = () => {
        this.port.post({ giveUp: ask })
        this.fail(ask, new AppError('cancelled', 'Cancelled.'))
      }
      const settle = () => {
        this.waiting.delete(ask)
        signal.removeEventListener('abort', leave)
      }
      this.waiting.set(ask, {
        resolve: (value) => {
          settle()
          resolve(value)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      })
      signal.addEventListener('abort', leave, { once: true })
      // The compiler cannot pair a name with what it is about once both are variables.
      this.port.post({ ask, name, about } as FromThread)
      if (signal.aborted) leave()
    }) as Promise<AnswerTo<K>>
  }

  answer(ask: number, value: unknown): void {
    this.waiting.get(ask)?.resolve(value)
  }

  fail(ask: number, error: Error): void {
    this.waiting.get(ask)?.reject(error)
  }
}
