import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** Short: paths of sockets below it may have about a hundred characters. */
const PREFIX = 'octc-'

/**
 * Gives a run of tests one folder for all that they put aside, and takes it away after the last; vitest, once for each of its
 * projects, and Playwright call it before the first.
 */
export default function temporaryFolder(): () => void {
  if (basename(tmpdir()).startsWith(PREFIX)) return () => undefined
  const folder = mkdtempSync(join(tmpdir(), PREFIX))
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
