import { describe, expect, it } from 'vitest'
import type { Job, JobStep } from '../../../../../preload/contract/job'
import { mayResume, mayUndo } from '../../../../../renderer/components/job/jobChoices'

const step: JobStep = { kind: 'loadBalancer', name: 'lb1', state: 'pending', requests: [] }
const made: JobStep = { ...step, state: 'done', id: '1' }

const aJob = (parts: Partial<Job>): Job => ({
  id: 'job',
  cloud: 'demo',
  kind: 'createLoadBalancer',
  subject: 'lb1',
  state: 'failed',
  steps: [made],
  createdAt: 0,
  updatedAt: 0,
  ...parts,
})

describe('a job', () => {
  it.each([
    ['running', false],
    ['done', false],
    ['failed', true],
    ['cancelled', true],
    ['interrupted', true],
    ['undoing', false],
    ['undone', false],
  ] as const)('that is %s may be continued or undone: %s', (state, may) => {
    expect([mayResume(aJob({ state })), mayUndo(aJob({ state }))]).toEqual([may, may])
  })

  it('that deletes may be continued, never undone', () => {
    const job = aJob({ kind: 'deleteLoadBalancer' })
    expect([mayResume(job), mayUndo(job)]).toEqual([true, false])
  })

  it('has nothing to undo before it has sent anything, or when all is removed', () => {
    expect(mayUndo(aJob({ steps: [step] }))).toBe(false)
    expect(mayUndo(aJob({ steps: [{ ...made, state: 'undone' }] }))).toBe(false)
  })

  it('may be undone when a request got no answer, because that may have made something', () => {
    const request = { method: 'POST', path: '/', at: 0, durationMs: 1 } as const
    expect(mayUndo(aJob({ steps: [{ ...step, state: 'failed', requests: [request] }] }))).toBe(true)
  })
})
