import { describe, expect, it } from 'vitest'
import { EvidenceStore } from '../../../../main/services/evidence'

const record = (stdout: string) => ({
  source: { kind: 'request' as const, method: 'GET', url: 'http://octavia/' },
  startedAt: 1,
  endedAt: 2,
  stdout,
  stderr: '',
})

describe('EvidenceStore', () => {
  it('takes secrets out of what is read: those it can tell, and those only the owner knows', () => {
    const store = new EvidenceStore()
    const id = store.keep(record('said opensesame\npassword: hunter22'), (text) =>
      text.replaceAll('opensesame', '‹removed›'),
    )
    const { stdout, redacted } = store.read(id)
    expect(stdout).toBe('said ‹removed›\npassword: ‹removed›')
    expect(redacted).toEqual(['password'])
  })

  it('looks for secrets only when a record is read', () => {
    let looked = 0
    const store = new EvidenceStore()
    const id = store.keep(record('text'), (text) => {
      looked += 1
      return text
    })
    expect(looked).toBe(0)
    store.read(id)
    expect(looked).toBeGreaterThan(0)
  })

  it('forgets the oldest records when there is no more room, and says so', () => {
    const store = new EvidenceStore()
    const large = 'x'.repeat(20 * 1024 * 1024)
    const ids = [1, 2, 3, 4].map(() => store.keep(record(large)))
    expect(() => store.read(ids[0]!)).toThrow(expect.objectContaining({ reason: 'evidence.gone' }))
    expect(store.read(ids[3]!).stdout).toHaveLength(large.length)
  })
})
