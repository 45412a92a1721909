import type { Fact } from '../../../preload/contract/common'
import type { Reason } from '../../../preload/contract/error'
import type { HaproxyFacts } from '../../../preload/contract/inspect'
import { parseHaproxyAnswers, type HaproxyAnswers } from '../../domain/amphora/haproxyAnswers'
import { notKnown } from '../../domain/fact'
import {
  haproxyQuestion,
  inspectionCommands,
  type HaproxyQuestion,
  type SocketTool,
} from './commands'
import type { Reader, Reply } from './reader'

/** The most sockets that are asked: up to Stein there is one for each listener. */
const MOST_SOCKETS = 64

/** Asks the statistics sockets of one amphora, with the program that its image has. */
export class HaproxyReader {
  private tool: SocketTool = 'socat'

  constructor(private readonly reader: Reader) {}

  /** Several processes are one: rows one after the other, the information of the first. @throws AppError `cancelled` */
  async read(question: HaproxyQuestion): Promise<HaproxyFacts> {
    const found = await this.reader.run(inspectionCommands.haproxySockets())
    if (found.failure) return unknownHaproxy(found.failure, found)
    const ids = found.stdout.split('\n').flatMap((name) => SOCKET.exec(name)?.[1] ?? [])
    if (!ids.length) return unknownHaproxy('amphora.haproxyDown', found)
    const replies = await Promise.all(
      ids.slice(0, MOST_SOCKETS).map((id) => this.askSocket(question, id)),
    )
    const failed = replies.find(({ failure }) => failure)
    if (failed?.failure) return unknownHaproxy(failed.failure, failed)
    const answers = replies.map(({ stdout }) => parseHaproxyAnswers(stdout))
    const [first] = replies
    if (!first) return unknownHaproxy('amphora.haproxyDown', found)
    const fact = <T>(pick: (answer: HaproxyAnswers) => T | undefined, join: (all: T[]) => T) =>
      joined(first, answers.map(pick), join)
    return {
      info: fact(
        ({ info }) => info,
        ([one = {}]) => one,
      ),
      stat: fact(
        ({ stat }) => stat,
        (all) => all.flat(),
      ),
      servers: fact(
        ({ servers }) => servers,
        (all) => all.flat(),
      ),
      peers: fact(
        ({ peers }) => peers,
        (all) => all.join(''),
      ),
    }
  }

  private async askSocket(question: HaproxyQuestion, id: string): Promise<Reply> {
    const input = haproxyQuestion(question)
    const run = (tool: SocketTool) =>
      this.reader.run(inspectionCommands.haproxySocket(tool, id), { input })
    const { tool } = this
    let reply = await run(tool)
    if (reply.failure === 'ssh.commandMissing' && tool === 'socat') {
      this.tool = 'python3'
      reply = await run(this.tool)
    }
    const failure = failureOfSocket(reply)
    return failure ? { ...reply, failure } : reply
  }
}

const SOCKET = /^([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\.sock$/

/** What a socket that gives no answer means; socat ends without a word when it has waited long enough. */
function failureOfSocket({ failure, stdout, stderr }: Reply): Reason | undefined {
  if (failure && failure !== 'ssh.commandFailed') return failure
  if (/Connection refused|No such file/i.test(stderr)) return 'amphora.haproxyDown'
  if (/timed? ?out/i.test(stderr)) return 'amphora.haproxySilent'
  return failure ?? (stdout.trim() ? undefined : 'amphora.haproxySilent')
}

function joined<T>(
  { at, evidence }: Reply,
  values: readonly (T | undefined)[],
  join: (all: T[]) => T,
): Fact<T> {
  const known = values.filter((value) => value !== undefined)
  if (!known.length) return notKnown('notSupported', at, evidence)
  return { value: join(known), at, ...(evidence !== undefined && { evidence }) }
}

function unknownHaproxy(reason: Reason, { at, evidence }: Reply): HaproxyFacts {
  const fact = notKnown(reason, at, evidence)
  return { info: fact, stat: fact, servers: fact, peers: fact }
}
