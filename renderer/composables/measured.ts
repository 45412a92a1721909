/** Narrow no-break space: keeps a number and its unit on one line. */
const SPACE = '\u202f'

const numbers = new Map<string, Intl.NumberFormat>()

function decimal(locale: string, digits: number): Intl.NumberFormat {
  const key = `${locale} ${digits}`
  let format = numbers.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      // What rounds to nothing has no sign: `-0.00` would only be read twice.
      signDisplay: 'negative',
    })
    numbers.set(key, format)
  }
  return format
}

/** Decimals that an error of this size, in milliseconds, leaves meaningful. */
function digitsFor(errorMs: number | undefined, valueMs: number): number {
  if (errorMs !== undefined && errorMs > 0) return errorMs >= 10 ? 0 : errorMs >= 1 ? 1 : 2
  return Math.abs(valueMs) >= 100 ? 0 : Math.abs(valueMs) >= 10 ? 1 : 2
}

/** Rounds an error away from zero, so that it never claims more than was measured. */
function ceil(value: number, digits: number): number {
  const scale = 10 ** digits
  return value > 0 ? Math.ceil(value * scale - 1e-9) / scale : 0
}

/**
 * A measured time in milliseconds with its unit, `661 ± 10 ms`. The value is rounded to what the error leaves
 * meaningful and the error is rounded up. Milliseconds stay milliseconds up to ten seconds, because operators
 * compare them; then seconds with the same precision.
 */
export function measuredMs(valueMs: number, errorMs: number | undefined, locale: string): string {
  const seconds = Math.abs(valueMs) >= 10_000
  const digits = digitsFor(errorMs, valueMs)
  const scale = seconds ? 1000 : 1
  const shown = seconds
    ? Math.min(3, digits + (errorMs !== undefined && errorMs < 10 ? 3 : 2))
    : digits
  const value = decimal(locale, shown).format(valueMs / scale)
  const error =
    errorMs === undefined
      ? ''
      : `${SPACE}±${SPACE}${decimal(locale, shown).format(ceil(errorMs / scale, shown))}`
  return `${value}${error}${SPACE}${seconds ? 's' : 'ms'}`
}

/** `± 0.8 ms`, rounded up; never below zero. */
export function errorBar(errorMs: number, locale: string): string {
  const digits = errorMs > 0 ? digitsFor(errorMs, errorMs) : 0
  return `±${SPACE}${decimal(locale, digits).format(ceil(errorMs, digits))}${SPACE}ms`
}

/**
 * How a clock differs from ours: the size of the difference, `3.6 ms`, or `none` where the error leaves none that can
 * be measured; and the error, `± 0.9 ms`.
 */
export function clockDifference(
  { offsetMs, errorMs }: { offsetMs: number; errorMs: number },
  locale: string,
): { kind: 'none' | 'ahead' | 'behind'; size: string; error: string } {
  const size = Math.abs(offsetMs)
  const digits = digitsFor(errorMs, size)
  return {
    kind: size <= errorMs ? 'none' : offsetMs < 0 ? 'behind' : 'ahead',
    size: `${decimal(locale, digits).format(size)}${SPACE}ms`,
    error: errorBar(errorMs, locale),
  }
}

/** A part of a whole with one decimal: `49.8 %`. */
export function share(part: number, whole: number, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(whole === 0 ? 0 : part / whole)
}

/** A count with the language's digit groups: `12,345`. */
export function count(value: number, locale: string): string {
  return decimal(locale, 0).format(value)
}

const OCTETS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** A number of octets in its largest binary unit, with one decimal above octets: `1.4 GiB`. */
export function octets(value: number, locale: string): string {
  let size = value
  let unit = 0
  while (Math.abs(size) >= 1024 && unit < OCTETS.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${decimal(locale, unit === 0 ? 0 : 1).format(size)}${SPACE}${OCTETS[unit] ?? 'B'}`
}
