import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const FIXTURES = 'test/fixtures'

/** One capture as text; `.gz` is unpacked. */
export function capture(path: string): string {
  const octets = readFileSync(`${FIXTURES}/${path}`)
  return (path.endsWith('.gz') ? gunzipSync(octets) : octets).toString('utf8')
}

/** Its lines, without the newline at its end. */
export const lines = (path: string): string[] => {
  const text = capture(path).trimEnd()
  return text ? text.split('\n') : []
}

/** The folder of a scenario by its number, such as `s01`. */
export function scenario(number: string): string {
  const name = readdirSync(`${FIXTURES}/scenarios`).find((entry) => entry.startsWith(`${number}_`))
  if (!name) throw new Error(`no scenario ${number}`)
  return `scenarios/${name}`
}

export const SCENARIOS: readonly string[] = readdirSync(`${FIXTURES}/scenarios`)
