import { redact } from '../domain/redact'

/** Fields of something that is kept; undefined and the empty text both mean that a field is not set. */
export type Fields = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>

/**
 * What is new or different, one line per field, for the audit log: `port: 22 → 2222`, and `port: 22` where there was
 * nothing before. Passwords inside addresses are taken out; fields that are secrets must not be handed in.
 */
export function describeChange(before: Fields | undefined, after: Fields): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after)])
  return [...names].flatMap((name) => {
    const [was, is] = [textOf(before?.[name]), textOf(after[name])]
    if (was === is) return []
    return before ? `${name}: ${was || NOT_SET} → ${is || NOT_SET}` : `${name}: ${is}`
  })
}

const NOT_SET = '–'

function textOf(value: Fields[string]): string {
  if (value === undefined) return ''
  return redact(typeof value === 'object' ? value.join(', ') : String(value)).text
}
