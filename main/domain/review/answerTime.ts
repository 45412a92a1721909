import type { HaproxyRow } from '../../../preload/contract/inspect'
import type { LogEntry } from './evidence'

const SERVER = /Server ([\w.:-]{1,160})\/([\w.-]{1,80}) is (UP|DOWN)(?:, reason: ([^,]{0,200}))?/

/** haproxy's word on one of its servers. */
export interface ServerWord {
  proxy: string
  name: string
  status: 'UP' | 'DOWN'
  reason: string
}

/** What a line of haproxy's log says of a server; undefined for any other line. */
export function serverWordOf(message: string): ServerWord | undefined {
  const [whole, proxy, name, status, reason = ''] = SERVER.exec(message) ?? []
  if (whole === undefined || proxy === undefined || name === undefined) return undefined
  return { proxy, name, status: status === 'UP' ? 'UP' : 'DOWN', reason }
}

/**
 * When an answer to `show stat` was given, at the latest. What copies files dates them anew, and nothing in the answer
 * tells its time; but where haproxy's log says otherwise of one of its servers, the answer is older than that.
 *
 * @param entries of the amphora that answered, in order of time
 * @param at when the file was changed, or the end of the evidence
 */
export function answeredAt(
  rows: readonly HaproxyRow[],
  entries: readonly LogEntry[],
  at: number,
): number {
  const answered = new Map<string, string>(
    rows.flatMap(({ kind, proxy, name, status }) => {
      const word = /^(?:UP|DOWN)\b/.exec(status)?.[0]
      return kind === 'server' && word ? [[`${proxy}/${name}`, word] as const] : []
    }),
  )
  const otherwise = new Set<string>()
  let agreed = -Infinity
  for (const entry of entries) {
    if (entry.at > at) break
    const word = serverWordOf(entry.message)
    const server = word && `${word.proxy}/${word.name}`
    const known = server && answered.get(server)
    if (server === undefined || known === undefined) continue
    if (word?.status === known) otherwise.delete(server)
    else otherwise.add(server)
    if (!otherwise.size) agreed = entry.at
  }
  return otherwise.size ? agreed : at
}
