import type { Failure } from '../../../preload/contract/error'
import type { CommandResult } from '../../platform/ssh'
import type { Service } from '../cloudApi'

/** A command and what came of it, as it is kept. */
export interface CommandExchange {
  kind: 'command'
  amphoraId: string
  /** As people would write it: `ubuntu@10.77.0.11 via bastion`. */
  host: string
  /** The exact line, as it reached the amphora's shell. */
  command: string
  /** What went to its standard input. */
  input?: string | undefined
  /** Milliseconds since the epoch, by the console's clock. */
  startedAt: number
  endedAt: number
  /** Absent when a signal ended it, or no end came. */
  exit?: number | undefined
  signal?: string | undefined
  truncated: boolean
  stdout: string
  stderr: string
  /** Why no end came. */
  failure?: Failure | undefined
}

/** A request to a service of the cloud and what came of it, as it is kept. */
export interface RequestExchange {
  kind: 'request'
  service: Service
  method: string
  path: string
  query: Readonly<Record<string, string | readonly string[]>>
  startedAt: number
  endedAt: number
  status?: number | undefined
  requestId?: string | undefined
  /** Parsed where it is JSON, else the text. */
  body?: unknown
  failure?: Failure | undefined
}

/** An attempt to connect to an amphora. */
export interface ConnectExchange {
  kind: 'connect'
  amphoraId: string
  startedAt: number
  endedAt: number
  /** How the host is called; absent where it was not reached. */
  host?: string | undefined
  failure?: Failure | undefined
}

/** One thing that was asked, and what came back. */
export type Exchange = CommandExchange | RequestExchange | ConnectExchange

/** Takes exchanges as they begin; the answer takes how each ended. Their order is that of their beginnings. */
export interface ExchangeSink {
  begin(): (exchange: Exchange) => void
}

type Asked<T extends Exchange, K extends keyof T> = Pick<T, K>

/** What was asked of whom: equal for equal questions, whenever they are asked. */
export function questionOf(
  asked:
    | Asked<CommandExchange, 'kind' | 'amphoraId' | 'command' | 'input'>
    | Asked<RequestExchange, 'kind' | 'service' | 'method' | 'path' | 'query'>
    | Asked<ConnectExchange, 'kind' | 'amphoraId'>,
): string {
  if (asked.kind === 'connect') return JSON.stringify([asked.kind, asked.amphoraId])
  if (asked.kind === 'command')
    return JSON.stringify([asked.kind, asked.amphoraId, asked.command, asked.input ?? null])
  const { kind, service, method, path, query } = asked
  const sorted = Object.entries(query).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([kind, service, method, path, sorted])
}

/** A query as it goes over the wire: undefined parameters are left out. */
export function queryOf(
  query: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>> = {},
): RequestExchange['query'] {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name, Array.isArray(value) ? value.map(String) : String(value as string | number)]],
    ),
  )
}

/** How a command ended, as it is kept. */
export const endOf = ({
  exit,
  signal,
}: Pick<CommandResult, 'exit' | 'signal'>): Pick<CommandExchange, 'exit' | 'signal'> => ({
  ...(exit !== undefined && { exit }),
  ...(signal !== undefined && { signal }),
})
