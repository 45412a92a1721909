/** Octets in the unit that people read, such as `1.4 MB`. */
export function sizeInWords(octets: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const power = Math.min(units.length - 1, octets < 1 ? 0 : Math.floor(Math.log10(octets) / 3))
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(octets / 1000 ** power)
}
