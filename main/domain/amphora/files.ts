import type { ConfigFile } from '../../../preload/contract/inspect'

/** A file as `find -printf` tells it. */
export interface ListedFile {
  path: string
  /** Octal: `644`. */
  mode: string
  /** Milliseconds since the epoch, by the amphora's clock. */
  modifiedAt: number
  /** Octets. */
  size: number
}

const LISTED =
  /^(\d{1,20}:\d{1,20}) ([0-7]{1,5}) (\d{1,11})(\.\d{1,20})? (\d{1,15}) (\/[^\0]{1,512})$/

/**
 * Files as `find … -printf '%D:%i %m %T@ %s %p\n'` tells them. A file that is reached by two paths (`/lib` is a link) is
 * there once, by the first; what is no such line is left out.
 */
export function parseListing(answer: string): ListedFile[] {
  const found = new Map<string, ListedFile>()
  for (const line of answer.split('\n')) {
    const [, identity, mode, seconds, fraction, size, path] = LISTED.exec(line) ?? []
    if (identity === undefined || mode === undefined || path === undefined) continue
    if (found.has(identity)) continue
    const modifiedAt = Number(seconds) * 1000 + Number(`0${fraction ?? ''}`) * 1000
    found.set(identity, { path, mode, modifiedAt, size: Number(size) })
  }
  return [...found.values()]
}

/**
 * The texts of files as `head --verbose` tells them, by their paths. What was asked for, in order, tells a heading from
 * a line of a file that looks like one; a file that could not be read has no heading and is left out.
 */
export function parseContents(answer: string, paths: readonly string[]): Map<string, string> {
  const starts: { path: string; at: number; from: number }[] = []
  let from = 0
  for (const path of paths) {
    const heading = `==> ${path} <==\n`
    const at = startOf(answer, heading, from)
    if (at < 0) continue
    from = at + heading.length
    starts.push({ path, at, from })
  }
  return new Map(
    starts.map(({ path, from: start }, index) => {
      const next = starts[index + 1]
      // head parts two files by an empty line of its own.
      return [path, answer.slice(start, next ? next.at - 1 : answer.length)]
    }),
  )
}

function startOf(answer: string, heading: string, from: number): number {
  if (from === 0 && answer.startsWith(heading)) return 0
  const at = answer.indexOf(`\n${heading}`, Math.max(0, from - 1))
  return at < 0 ? at : at + 1
}

const KINDS: readonly (readonly [RegExp, ConfigFile['kind']])[] = [
  [/\/octavia-keepalived\.conf$/, 'keepalived'],
  [/\/haproxy\.cfg(?:\.[\w-]{1,40})?$/, 'haproxy'],
  [/\/amphora-agent\.conf$/, 'agent'],
  [/\/check_script\.sh$|\/check_scripts\/|\/ping-wrapper\.sh$/, 'checkScript'],
  [/\/lvs\//, 'lvs'],
  [
    /^\/(?:usr\/)?lib\/systemd\/|^\/etc\/systemd\/|^\/run\/systemd\/|^\/etc\/init(?:\.d)?\//,
    'unit',
  ],
  [/\/plugged_interfaces(?:\.sorted)?$/, 'pluggedInterfaces'],
  [/\/interfaces(?:$|\/|\.d\/)|\/network-scripts\//, 'interface'],
  [/\/rsyslog\.d\//, 'rsyslog'],
]

/** What a file of an amphora is for, by its path (Octavia Queens to 2026.1). */
export const kindOfFile = (path: string): ConfigFile['kind'] =>
  KINDS.find(([pattern]) => pattern.test(path))?.[1] ?? 'other'
