import type { Fact } from '../../../preload/contract/common'
import type { Proof } from '../../../preload/contract/finding'
import type { ConfigFile } from '../../../preload/contract/inspect'
import type { LogLine, UnitState } from '../../../preload/contract/pair'
import { redact } from '../redact'

const LONGEST = 500
const shortId = (amphoraId: string): string => amphoraId.slice(0, 8)

/** A quotation: what was asked of whom, and the words. Whatever it quotes, no secret is in it. */
function quote(source: string, text: string, of?: Fact<unknown>, line?: number): Proof {
  return {
    source,
    text: withoutSecrets(text.slice(0, 4 * LONGEST)).slice(0, LONGEST),
    ...(of?.evidence !== undefined && { evidence: of.evidence }),
    ...(line !== undefined && { line }),
  }
}

/** Every kind of secret that is looked for has one of these words beside it; most quotations have none. */
const SUSPICIOUS =
  /auth|pass|secret|token|key|cookie|basic|bearer|community|:\/\/|gAAAAA|eyJ|\$\w+\$/i
const withoutSecrets = (text: string): string => (SUSPICIOUS.test(text) ? redact(text).text : text)

/** What an answer of an amphora says. */
export const quoteAmphora = (
  amphoraId: string,
  command: string,
  text: string,
  of?: Fact<unknown>,
): Proof => quote(`${shortId(amphoraId)}: ${command}`, text, of)

/** A line of the VRRP log. */
export const quoteLine = (line: LogLine, of: Fact<unknown>): Proof =>
  quoteAmphora(
    line.amphoraId,
    'octavia-keepalived.service',
    `${new Date(clamp(line.at)).toISOString()} ${line.identifier}: ${line.text}`,
    of,
  )

/** Lines of a file, by number from 1. */
export function quoteFile(amphoraId: string, file: ConfigFile, line: number, of: Fact<unknown>) {
  const text = lineOf(file.text, line)
  return text === undefined
    ? undefined
    : quote(`${shortId(amphoraId)}: ${file.path}`, text.trim(), of, line)
}

/** How systemd describes a unit. */
export const quoteUnit = (amphoraId: string, unit: UnitState, of?: Fact<unknown>): Proof =>
  quoteAmphora(
    amphoraId,
    `systemctl show ${unit.unit}`,
    `ActiveState=${unit.active} SubState=${unit.sub}${unit.restarts === undefined ? '' : ` NRestarts=${unit.restarts}`}`,
    of,
  )

/** A value of an answer of an API. */
export const quoteApi = (
  request: string,
  name: string,
  value: unknown,
  of?: Fact<unknown>,
): Proof => quote(request, `${name}: ${JSON.stringify(value)}`, of)

function lineOf(text: string, line: number): string | undefined {
  let from = 0
  for (let number = 1; number < line; number += 1) {
    const end = text.indexOf('\n', from)
    if (end < 0) return undefined
    from = end + 1
  }
  const end = text.indexOf('\n', from)
  return text.slice(from, end < 0 ? undefined : end)
}

/** Dates beyond what `Date` can hold are no dates. */
const clamp = (at: number): number => (Math.abs(at) <= 8.64e15 ? at : 0)
