/** Park and Miller's generator: the same numbers everywhere. */
export function dice(seed: number): (sides: number) => number {
  let state = (seed % 2147483646) + 1
  return (sides) => {
    state = (state * 48271) % 2147483647
    return state % sides
  }
}

const FRAGMENTS = [
  '\0',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  '=',
  ',',
  '/',
  '@',
  '(',
  ')',
  '<',
  '>',
  '‹removed›',
  '\uD800',
  '\u202E',
  '999999999999999999999',
  '-1',
  '1e999',
  'null',
  '{}',
  '[[[[',
  '__proto__',
  'constructor',
  'password=',
  '"auth_data":"x"',
  '://a:b@c',
  '-----BEGIN PRIVATE KEY-----',
  'auth "',
  ' VRRP Instance = x\n',
  '(x) Entering MASTER STATE',
  'Nov 31 ',
  '2026-02-30T25:61:61Z ',
  '<191>',
]

/** One to four small damages: cut, drop, double, swap, insert, change a character. */
export function damage(text: string, roll: (sides: number) => number): string {
  let damaged = text
  for (let times = 1 + roll(4); times > 0; times -= 1) {
    const at = roll(damaged.length + 1)
    const to = Math.min(damaged.length, at + roll(24))
    const piece = damaged.slice(at, to)
    switch (roll(7)) {
      case 0:
        damaged = damaged.slice(0, at)
        break
      case 1:
        damaged = damaged.slice(at)
        break
      case 2:
        damaged = damaged.slice(0, at) + damaged.slice(to)
        break
      case 3:
        damaged = damaged.slice(0, to) + piece + damaged.slice(to)
        break
      case 4:
        damaged = damaged.slice(to) + damaged.slice(0, to)
        break
      case 5:
        damaged =
          damaged.slice(0, at) + (FRAGMENTS[roll(FRAGMENTS.length)] ?? '') + damaged.slice(at)
        break
      default:
        damaged = damaged.slice(0, at) + String.fromCharCode(roll(256)) + damaged.slice(at + 1)
    }
  }
  return damaged
}
