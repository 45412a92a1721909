import { expect, onTestFinished, test } from 'vitest'
import { Diagnoses, type DiagnosesServices } from '../../../../main/services/diagnosis/diagnoses'
import { pairBench } from '../../../support/pairBench'
import { LB } from '../../../support/scriptedAmphora'

/** Whatever is asked, nothing answers before the signal, which comes last, is aborted. */
const unanswered = (...asked: unknown[]) =>
  new Promise<never>((_, reject) => {
    const signal = asked.at(-1) as AbortSignal
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

function bench(change: Partial<DiagnosesServices> = {}) {
  const { pairs } = pairBench()
  const reports: unknown[] = []
  const unable = () => Promise.reject(new Error('Nothing to read.'))
  const services = {
    pairs,
    loadBalancers: { read: unable },
    amphorae: { list: unable },
    network: { read: unanswered },
    compute: { read: unanswered },
    inspection: { read: unanswered },
    comparisons: { of: unanswered },
    history: { note: () => Promise.resolve(), settled: () => Promise.resolve() },
    report: (error: unknown) => reports.push(error),
    ...change,
  } as unknown as DiagnosesServices
  const diagnoses = new Diagnoses(services, 20)
  onTestFinished(() => pairs.close())
  return { diagnoses, reports }
}

test('who waits for a first diagnosis, or follows one, is told when the cloud is closed', async () => {
  const { diagnoses } = bench()
  const { signal } = new AbortController()
  const once = diagnoses.once('cloud', LB, signal)
  const following = (async () => {
    const told = []
    for await (const diagnosis of diagnoses.follow('cloud', LB, signal)) told.push(diagnosis)
    return told
  })()
  void diagnoses.close('other')
  void diagnoses.close('cloud')
  await expect(once).rejects.toMatchObject({ name: 'AbortError' })
  await expect(following).resolves.toEqual([])
})

test('who leaves while a first diagnosis is made gets the reason back', async () => {
  const { diagnoses } = bench()
  const leaving = new AbortController()
  const once = diagnoses.once('cloud', LB, leaving.signal)
  leaving.abort(new Error('left'))
  await expect(once).rejects.toThrow('left')
})

test('closing does not wait for an API that has not answered yet', async () => {
  const { diagnoses, reports } = bench({
    loadBalancers: { read: unanswered },
    amphorae: { list: unanswered },
  })
  const once = diagnoses.once('cloud', LB, new AbortController().signal)
  once.catch(() => undefined)
  await new Promise((wake) => setTimeout(wake, 20))
  await diagnoses.close('cloud')
  await expect(once).rejects.toMatchObject({ name: 'AbortError' })
  expect(reports).toEqual([])
})
