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

/**
 * The fields of one object in an answer, each checked as it is asked for; those that nobody asks for are ignored.
 * A list of thousands of objects is read in one pass, without copies in between. All methods throw `WrongField`.
 */
export class Fields {
  private readonly fields: Readonly<Record<string, unknown>>

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw expected('object', value)
    this.fields = value as Readonly<Record<string, unknown>>
  }

  /** Text that must be there. */
  text(name: string): string {
    const value = this.fields[name]
    if (typeof value !== 'string') throw expected('string', value).inside(name)
    return value
  }

  /** Text that a release may leave out or answer as null; then it is empty. */
  textOrEmpty(name: string): string {
    return this.optionalText(name) ?? ''
  }

  /** Text that a release may leave out or answer as null; then it is absent. */
  optionalText(name: string): string | undefined {
    const value = this.fields[name]
    if (typeof value === 'string') return value
    if (value == null) return undefined
    throw expected('string', value).inside(name)
  }

  /** An id that must be there. It is never empty. */
  id(name: string): string {
    const id = this.text(name)
    if (id === '') throw new WrongField('An id is never empty.').inside(name)
    return id
  }

  /** An id that may be left out or null. It is never empty. */
  optionalId(name: string): string | undefined {
    const value = this.fields[name]
    return value == null ? undefined : this.id(name)
  }

  /** A whole number that must be there. */
  integer(name: string): number {
    const value = this.fields[name]
    if (!Number.isSafeInteger(value)) throw expected('integer', value).inside(name)
    return value as number
  }

  /** A whole number that may be left out or null. */
  optionalInteger(name: string): number | undefined {
    return this.fields[name] == null ? undefined : this.integer(name)
  }

  /** A truth value that may be left out or null. */
  optionalFlag(name: string): boolean | undefined {
    const value = this.fields[name]
    if (typeof value === 'boolean') return value
    if (value == null) return undefined
    throw expected('boolean', value).inside(name)
  }

  /** `YYYY-MM-DDTHH:MM:SS` in UTC, without a zone, as milliseconds since the epoch; absent when left out or null. */
  time(name: string): number | undefined {
    const value = this.optionalText(name)
    if (value === undefined) return undefined
    const time = instantOf(value)
    if (Number.isNaN(time)) throw new WrongField('Not a time.').inside(name)
    return time
  }

  /** Texts; none when the list is left out or null. */
  texts(name: string): string[] {
    return this.items(name, (item) => {
      if (typeof item !== 'string') throw expected('string', item)
      return item
    })
  }

  /** `[{"id": …}]` as the list of the ids. */
  references(name: string): string[] {
    return this.objects(name, idOf)
  }

  /** A list of objects; none when it is left out or null. */
  objects<T>(name: string, read: (fields: Fields) => T): T[] {
    return this.items(name, (item) => read(new Fields(item)))
  }

  /** A list of objects that must be there. */
  list<T>(name: string, read: (fields: Fields) => T): T[] {
    if (this.fields[name] == null) throw expected('array', this.fields[name]).inside(name)
    return this.objects(name, read)
  }

  /** An object that must be there. */
  object<T>(name: string, read: (fields: Fields) => T): T {
    try {
      return read(new Fields(this.fields[name]))
    } catch (error) {
      throw error instanceof WrongField ? error.inside(name) : error
    }
  }

  /** An object that may be left out or null. */
  optionalObject<T>(name: string, read: (fields: Fields) => T): T | undefined {
    return this.fields[name] == null ? undefined : this.object(name, read)
  }

  private items<T>(name: string, read: (item: unknown) => T): T[] {
    const list = this.fields[name]
    if (list == null) return []
    if (!Array.isArray(list)) throw expected('array', list).inside(name)
    const found: T[] = []
    try {
      for (const item of list) found.push(read(item))
    } catch (error) {
      throw error instanceof WrongField ? error.inside(found.length).inside(name) : error
    }
    return found
  }
}

const idOf = (fields: Fields): string => fields.id('id')

/** As every release writes it: reading digits is several times faster than `Date.parse`, and a list has thousands. */
const PLAIN_TIME =
  /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/** Milliseconds since the epoch; NaN when it is not a time. */
function instantOf(text: string): number {
  if (PLAIN_TIME.test(text)) {
    const two = (at: number) => (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO
    return Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17))
  }
  const [, day, clock, fraction = '', zone = 'Z'] = TIME.exec(text) ?? []
  return Date.parse(`${String(day)}T${String(clock)}${fraction}${zone}`)
}

const ZERO = 0x30

function expected(what: string, value: unknown): WrongField {
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
