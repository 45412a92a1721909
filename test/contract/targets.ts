import { demoTarget } from './demoTarget'
import { labTarget } from './labTarget'

/** What the suite runs against: the demo cloud always, the lab where `LAB=1` says that it is there. */
export const TARGETS = [
  { name: 'demo' as const, open: demoTarget },
  ...(process.env['LAB'] === '1' ? [{ name: 'lab' as const, open: labTarget }] : []),
]

/** Says what was measured, beside the results. */
export const report = (target: string, what: string, milliseconds: number): void => {
  process.stdout.write(`${target}: ${what}: ${milliseconds.toFixed(0)} ms\n`)
}
