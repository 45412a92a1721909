import { describe, expect, test } from 'vitest'
import { DIFFERENCES } from './differences'

describe('The demo cloud differs from the lab on purpose', () => {
  test.each(DIFFERENCES)('$what: $why', ({ what, demo, lab, why }) => {
    process.stdout.write(`${what}\n  demo: ${demo}\n  lab: ${lab}\n  because ${why}\n`)
    expect(lab).not.toBe(demo)
  })
})
