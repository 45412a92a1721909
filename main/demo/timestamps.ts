const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Milliseconds with fractions as whole microseconds. */
export const micros = (at: number): number => Math.floor(at * 1000)

const two = (value: number): string => String(value).padStart(2, '0')
const fraction = (at: number): string => String(micros(at) % 1_000_000).padStart(6, '0')
const clockTime = (date: Date): string =>
  `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`

/** `2026-11-22T10:48:07`: Octavia's times, UTC without saying so. */
export const octaviaTime = (at: number): string => new Date(at).toISOString().slice(0, 19)

/** `2026-11-22T10:48:07Z`: Neutron's times. */
export const neutronTime = (at: number): string => `${octaviaTime(at)}Z`

/** `2026-11-22T10:48:07.000000Z`: Keystone's times. */
export const keystoneTime = (at: number): string => `${octaviaTime(at)}.000000Z`

/** `2026-11-22T10:48:07.123456`: `ip -ts` and ISO time stamps of logs, without a zone. */
export const microTime = (at: number): string => `${octaviaTime(at)}.${fraction(at)}`

/** `Nov 22 10:48:07`: traditional syslog. */
export const syslogTime = (at: number): string => {
  const date = new Date(at)
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2)} ${clockTime(date)}`
}

/** `Sun 2026-11-22 10:48:07 UTC`, or with microseconds: systemd's properties; empty for never. */
export const systemdTime = (at: number | undefined, precise = false): string =>
  at === undefined
    ? ''
    : `${DAYS[new Date(at).getUTCDay()] ?? ''} ${octaviaTime(at).replace('T', ' ')}${precise ? `.${fraction(at)}` : ''} UTC`

/** `1795345514.424064`: seconds of the epoch with microseconds. */
export const epochTime = (at: number): string => `${Math.floor(at / 1000)}.${fraction(at)}`

/** `Sun Nov 22 11:05:14.424064 2026`: keepalived's dumps. */
export const dumpTime = (at: number): string => {
  const date = new Date(at)
  const day = DAYS[date.getUTCDay()] ?? ''
  return `${day} ${syslogTime(at)}.${fraction(at)} ${date.getUTCFullYear()}`
}

/** `Nov 22 13:55:41 2026 GMT`: dates of certificates. */
export const opensslTime = (at: number): string =>
  `${syslogTime(at)} ${new Date(at).getUTCFullYear()} GMT`
