import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Gives a run of tests one folder for all that they put aside, and takes it away after the last; vitest and Playwright call it before the first. */
export default function temporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'octavia-console-'))
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
