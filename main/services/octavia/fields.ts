/** An object of an answer; nothing is known of its fields until they are checked. */
export type Wire = Readonly<Record<string, unknown>>

/** A field of an answer that does not have the shape it must have. */
export class WrongField extends Error {
  /** From the object that was read to the field; empty: the object itself. */
  readonly path: PropertyKey[] = []

  /** The same, seen from one level further out. */
  inside(key: PropertyKey): this {
    this.path.unshift(key)
    return this
  }
}

// Every reader takes the value and its name, not the object and a name: engines make one load of `wire['id']`, but look up
// a name that varies, and a list of thousands of objects is read field by field. All of them throw `WrongField`.

/** An object. */
export function wireOf(value: unknown): Wire {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unexpected('object', value)
  return value as Wire
}

/** Text that must be there. */
export function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw unexpected('string', value).inside(name)
}

/** Text that a release may leave out or answer as null; then it is absent. */
export function optionalText(value: unknown, name: string): string | undefined {
  if (typeof value === 'string') return value
  return value == null ? undefined : text(value, name)
}

/** Text that a release may leave out or answer as null; then it is empty. */
export const textOrEmpty = (value: unknown, name: string): string => optionalText(value, name) ?? ''

/** An id that must be there. It is never empty. */
export function id(value: unknown, name: string): string {
  const read = text(value, name)
  if (read === '') throw new WrongField('An id is never empty.').inside(name)
  return read
}

/** An id that may be left out or null. It is never empty. */
export const optionalId = (value: unknown, name: string): string | undefined =>
  value == null ? undefined : id(value, name)

/** A whole number that must be there. */
export function integer(value: unknown, name: string): number {
  if (Number.isSafeInteger(value)) return value as number
  throw unexpected('integer', value).inside(name)
}

/** A whole number that may be left out or null. */
export const optionalInteger = (value: unknown, name: string): number | undefined =>
  value == null ? undefined : integer(value, name)

/** A truth value that may be left out or null. */
export function optionalFlag(value: unknown, name: string): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value == null) return undefined
  throw unexpected('boolean', value).inside(name)
}

/** `YYYY-MM-DDTHH:MM:SS` in UTC, without a zone, as milliseconds since the epoch; absent when left out or null. */
export function time(value: unknown, name: string): number | undefined {
  if (value == null) return undefined
  const instant = instantOf(text(value, name))
  if (Number.isNaN(instant)) throw new WrongField('Not a time.').inside(name)
  return instant
}

/** A list that must be there. */
export function list<T>(value: unknown, name: string, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw unexpected('array', value).inside(name)
  const found: T[] = []
  try {
    for (const item of value) found.push(read(item))
  } catch (error) {
    throw error instanceof WrongField ? error.inside(found.length).inside(name) : error
  }
  return found
}

/** Objects; none when the list is left out or null. */
export const objects = <T>(value: unknown, name: string, read: (wire: Wire) => T): T[] =>
  value == null ? [] : list(value, name, (item) => read(wireOf(item)))

/** Texts; none when the list is left out or null. */
export const texts = (value: unknown, name: string): string[] =>
  value == null ? [] : list(value, name, textOf)

/** A list of texts that a release may leave out or answer as null; then it is absent. */
export const optionalTexts = (value: unknown, name: string): string[] | undefined =>
  value == null ? undefined : texts(value, name)

/** `[{"id": …}]` as the list of the ids; none when it is left out or null. */
export const references = (value: unknown, name: string): string[] =>
  value == null ? [] : list(value, name, idOf)

/** An object that must be there. */
export function object<T>(value: unknown, name: string, read: (wire: Wire) => T): T {
  try {
    return read(wireOf(value))
  } catch (error) {
    throw error instanceof WrongField ? error.inside(name) : error
  }
}

/** An object that may be left out or null. */
export const optionalObject = <T>(
  value: unknown,
  name: string,
  read: (wire: Wire) => T,
): T | undefined => (value == null ? undefined : object(value, name, read))

function textOf(item: unknown): string {
  if (typeof item === 'string') return item
  throw unexpected('string', item)
}

const idOf = (item: unknown): string => id(wireOf(item)['id'], 'id')

/** As every release writes it: reading digits is several times faster than `Date.parse`. */
const PLAIN_TIME =
  /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/
const ZERO = 0x30

/** Milliseconds since the epoch; NaN when it is not a time. */
function instantOf(text: string): number {
  if (PLAIN_TIME.test(text))
    return Date.UTC(
      two(text, 0) * 100 + two(text, 2),
      two(text, 5) - 1,
      two(text, 8),
      two(text, 11),
      two(text, 14),
      two(text, 17),
    )
  const [, day, clock, fraction = '', zone = 'Z'] = TIME.exec(text) ?? []
  return Date.parse(`${String(day)}T${String(clock)}${fraction}${zone}`)
}

/** The number that two digits make. */
const two = (text: string, at: number): number =>
  (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO

function unexpected(what: string, value: unknown): WrongField {
  const received =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'array'
        : value === undefined
          ? 'nothing'
          : typeof value
  return new WrongField(`Expected ${what}, received ${received}.`)
}
