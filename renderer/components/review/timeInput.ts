/** What somebody typed as local time, such as `2026-11-17 02:00:05.250`; undefined when empty, NaN when it is no time. */
export function instantOf(typed: string): number | undefined {
  const trimmed = typed.trim()
  if (trimmed === '') return undefined
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?$/.exec(
    trimmed,
  )
  if (!found) return Number.NaN
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part || 0))
  const date = new Date(year, month - 1, day, hour, minute, second)
  const isReal = date.getMonth() === month - 1 && date.getDate() === day && hour < 24
  return isReal ? date.getTime() + Number((found[7] ?? '').padEnd(3, '0')) : Number.NaN
}
