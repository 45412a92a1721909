import { redact, REMOVED, type SecretKind } from '../../domain/redact'

/** keepalived uses eight characters of a password. */
const PASSWORD_LENGTH = 8
/** Lines that hold a whole record of the journal hold its octets where it is not UTF-8. */
const OCTETS = /"(MESSAGE|_CMDLINE)":\[(\d{1,3}(?:,\d{1,3})*)\]/g

/**
 * Takes secrets out of everything that goes into one bundle. What stands for a secret has a number: equal secrets have the
 * same one, so that whoever opens the bundle sees that two passwords differ, and nothing else of them.
 */
export class SecretMarks {
  private readonly numbers = new Map<string, number>()

  /** The text without its secrets, and the kinds that were in it, each once. */
  clean(text: string): { text: string; found: SecretKind[] } {
    const found = new Set<SecretKind>()
    const readable = text.replaceAll(OCTETS, (whole, name: string, octets: string) => {
      const said = new TextDecoder().decode(Uint8Array.from(octets.split(','), Number))
      const clean = this.mark(said)
      if (!clean.found.length) return whole
      for (const kind of clean.found) found.add(kind)
      return `"${name}":${JSON.stringify(clean.text)}`
    })
    const clean = this.mark(readable)
    for (const kind of clean.found) found.add(kind)
    return { text: clean.text, found: [...found] }
  }

  /** A value that is kept as JSON, cleaned by what its parts are called. */
  cleanValue<T>(value: T): { value: T; found: SecretKind[] } {
    if (value === undefined) return { value, found: [] }
    const { text, found } = this.clean(JSON.stringify(value))
    return found.length ? { value: JSON.parse(text) as T, found } : { value, found }
  }

  private mark(text: string): { text: string; found: SecretKind[] } {
    return redact(text, (secret, kind) => `${REMOVED}${String(this.numberOf(secret, kind))}`)
  }

  private numberOf(secret: string, kind: SecretKind): number {
    const bare = secret.replace(/^["'](.*?)["']?$/s, '$1')
    const counts = kind === 'auth_pass' ? bare.slice(0, PASSWORD_LENGTH) : bare
    const known = this.numbers.get(counts) ?? this.numbers.size + 1
    this.numbers.set(counts, known)
    return known
  }
}
