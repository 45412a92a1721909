import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const SCENARIOS = 'test/fixtures/scenarios'

/** What the journals of both amphorae said in every captured scenario: lines of `journalctl -o json` with their newlines. */
export const capturedJournal = (): string =>
  readdirSync(SCENARIOS)
    .sort()
    .flatMap((scenario) =>
      ['amp1', 'amp2'].map((side) => `${SCENARIOS}/${scenario}/${side}.journal.jsonl.gz`),
    )
    .map((path) => gunzipSync(readFileSync(path)).toString())
    .join('')
