import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../../preload/contract/error'
import type { Job } from '../../../../preload/contract/job'
import { aListenerPlan, aLoadBalancerPlan } from '../../../support/aLoadBalancerPlan'
import { jobBench, jobEnded, jobWhen } from '../../../support/jobBench'
import { immutable } from '../../../support/scriptedOctavia'

const LBAAS = '/v2.0/lbaas'
const states = (job: Job) => job.steps.map(({ state }) => state)
const isPost = (kind: string) => (call: { method: string; path: string }) =>
  call.method === 'POST' && call.path === `${LBAAS}/${kind}`

let bench: Awaited<ReturnType<typeof jobBench>>
beforeEach(async () => {
  bench = await jobBench()
})
afterEach(() => bench.close())

describe('creating a load balancer', () => {
  it('makes part by part and waits for each', async () => {
    const jobs = bench.start()
    const begun = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    expect(begun).toMatchObject({ state: 'running', kind: 'createLoadBalancer', subject: 'shop' })
    const job = await jobEnded(jobs, begun.id)

    expect(job.state).toBe('done')
    expect(bench.octavia.lines).toEqual([
      `POST ${LBAAS}/loadbalancers`,
      `POST ${LBAAS}/listeners`,
      `POST ${LBAAS}/pools`,
      `PUT ${LBAAS}/pools/${bench.octavia.named('web-pool')!.id}/members?additive_only=true`,
      `POST ${LBAAS}/healthmonitors`,
    ])
    expect(job.loadBalancerId).toBe(bench.octavia.named('shop')!.id)
    expect(job.steps.map(({ kind, provisioningStatus }) => [kind, provisioningStatus])).toEqual([
      ['loadBalancer', 'ACTIVE'],
      ['listener', 'ACTIVE'],
      ['pool', 'ACTIVE'],
      ['member', 'ACTIVE'],
      ['member', 'ACTIVE'],
      ['healthMonitor', 'ACTIVE'],
    ])
    for (const step of job.steps) {
      expect(step.requests).toMatchObject([{ requestId: expect.stringMatching(/^req-/) as string }])
      expect(step.id).toBeDefined()
    }
    expect(bench.reported).toEqual([])
  })

  it('sends what the preview showed, with ids in place of placeholders', async () => {
    const jobs = bench.start()
    const preview = jobs.preview('alpha', aLoadBalancerPlan())
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    await jobEnded(jobs, id)
    const { octavia } = bench
    const ids: Record<string, string> = {
      '<loadBalancer>': octavia.named('shop')!.id,
      '<listener1>': octavia.named('web')!.id,
      '<pool1>': octavia.named('web-pool')!.id,
    }
    const filled = JSON.stringify(
      preview.map(({ method, path, body }) => ({ line: `${method} ${path}`, body })),
    ).replaceAll(/<\w+>/g, (placeholder) => ids[placeholder]!)
    expect(octavia.writes).toEqual(JSON.parse(filled))
  })

  it('makes all in one call from v2.27 on, and knows each part', async () => {
    bench.octavia.minor = 27
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    const job = await jobEnded(jobs, id)
    expect(job.state).toBe('done')
    expect(bench.octavia.lines).toEqual([`POST ${LBAAS}/loadbalancers`])
    expect(states(job)).toEqual(Array(6).fill('done'))
    expect(new Set(job.steps.map((step) => step.id)).size).toBe(6)
  })

  it('shows a part as PENDING while it waits for it', async () => {
    bench.octavia.looks = 1000
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    const job = await jobWhen(jobs, id, ({ steps }) => steps[0]!.waitsUntil !== undefined)
    expect(job.steps[0]).toMatchObject({ state: 'waiting', provisioningStatus: 'PENDING_CREATE' })
    expect(states(job).slice(1)).toEqual(Array(5).fill('pending'))
  })

  it('sends again while the load balancer is immutable or the project busy, and records each attempt', async () => {
    const busy = AppError.because('octavia.busy', 'Project busy.', {
      requestId: 'req-busy',
      values: { status: 503 },
    })
    const refusals = [immutable('shop'), busy]
    bench.octavia.script = (call) => {
      const refuse = isPost('listeners')(call) ? refusals.shift() : undefined
      return refuse ? { refuse } : 'accepted'
    }
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    const job = await jobEnded(jobs, id)
    expect(job.state).toBe('done')
    expect(job.steps[1]!.requests).toMatchObject([
      { status: 409, requestId: 'req-immutable' },
      { status: 503, requestId: 'req-busy' },
      { status: 201 },
    ])
  })

  it('does not repeat a refusal that will not go away', async () => {
    const refuse = AppError.because('octavia.quota', 'Quota has been met for resources: Pool')
    bench.octavia.script = (call) => (isPost('pools')(call) ? { refuse } : 'accepted')
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    const job = await jobEnded(jobs, id)
    expect(job).toMatchObject({ state: 'failed', failure: { reason: 'octavia.quota' } })
    expect(states(job)).toEqual(['done', 'done', 'failed', 'pending', 'pending', 'pending'])
    expect(job.steps[2]).toMatchObject({ failure: { message: refuse.message } })
    expect(bench.octavia.lines.filter((line) => line.endsWith('/pools'))).toHaveLength(1)
  })

  it('outlasts reads that fail while it waits', async () => {
    const failures = [
      AppError.because('network.timeout', 'timeout'),
      AppError.because('octavia.failed', '502 Bad Gateway'),
    ]
    bench.octavia.failReading = (path) =>
      path.includes('/listeners/') ? failures.shift() : undefined
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    expect((await jobEnded(jobs, id)).state).toBe('done')
    expect(failures).toEqual([])
  })

  it('gives up waiting at the limit, says so, and goes on when resumed', async () => {
    const { octavia } = bench
    octavia.script = (call) => {
      octavia.looks = isPost('listeners')(call) ? 1_000_000 : 1
      return 'accepted'
    }
    const hasty = bench.start({ partLimitMs: 10 })
    const { id } = await hasty.createLoadBalancer('alpha', aLoadBalancerPlan())
    expect(await jobEnded(hasty, id)).toMatchObject({
      state: 'failed',
      failure: {
        code: 'timeout',
        reason: 'job.waitLimit',
        values: { kind: 'listener', name: 'web', status: 'PENDING_UPDATE' },
      },
    })
    expect(octavia.lines).toHaveLength(2)
    await hasty.close()

    octavia.settle()
    const jobs = bench.start()
    await jobs.resume(id)
    expect((await jobEnded(jobs, id)).state).toBe('done')
    expect(octavia.lines).toHaveLength(5)
  })

  it('gives up sending at the limit while the load balancer stays immutable', async () => {
    bench.octavia.script = (call) =>
      isPost('listeners')(call) ? { refuse: immutable('shop') } : 'accepted'
    const jobs = bench.start({ partLimitMs: 10 })
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    expect(await jobEnded(jobs, id)).toMatchObject({
      state: 'failed',
      failure: { reason: 'job.waitLimit', message: immutable('shop').message },
    })
  })

  it.each(['jobs.json', 'audit.jsonl'])('sends nothing while %s cannot be kept', async (file) => {
    await mkdir(join(bench.folder, file))
    const jobs = bench.start()
    await expect(jobs.createLoadBalancer('alpha', aLoadBalancerPlan())).rejects.toMatchObject({
      reason: 'store.unreadable',
    })
    expect(bench.octavia.writes).toEqual([])
  })

  it('refuses in read-only mode and for a cloud that is not open, and sends nothing', async () => {
    const jobs = bench.start()
    bench.armed = false
    await expect(jobs.createLoadBalancer('alpha', aLoadBalancerPlan())).rejects.toMatchObject({
      reason: 'safety.readOnly',
    })
    bench.octavia.isOpen = false
    await expect(jobs.createLoadBalancer('alpha', aLoadBalancerPlan())).rejects.toMatchObject({
      reason: 'cloud.notOpen',
    })
    expect(bench.octavia.writes).toEqual([])
    expect(await bench.auditTrail()).toEqual([])
  })

  it('is audited from its start, with every request', async () => {
    const jobs = bench.start()
    let atFirstWrite: unknown
    bench.octavia.script = async () => {
      atFirstWrite ??= await bench.auditTrail()
      return 'accepted' as const
    }
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan({ listeners: [] }))
    const { loadBalancerId } = await jobEnded(jobs, id)
    expect(atFirstWrite).toMatchObject([
      {
        action: 'loadBalancer.create',
        result: 'started',
        detail: [],
        planned: [`POST ${LBAAS}/loadbalancers`],
      },
    ])
    await expect
      .poll(() => bench.auditTrail())
      .toMatchObject([
        {
          operator: 'ngoc@bastion',
          cloud: 'alpha',
          action: 'loadBalancer.create',
          object: { kind: 'loadBalancer', id: loadBalancerId, name: 'shop' },
          result: 'ok',
          detail: [`POST ${LBAAS}/loadbalancers → 201`],
          requestIds: [expect.stringMatching(/^req-/)],
        },
      ])
  })
})

it('audits the id of a load balancer as soon as the cloud has told it', async () => {
  bench.octavia.looks = 1000
  const jobs = bench.start()
  const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
  await jobWhen(jobs, id, ({ steps }) => steps[0]!.state === 'waiting')
  await expect
    .poll(() => bench.auditTrail())
    .toMatchObject([
      {
        result: 'started',
        object: { kind: 'loadBalancer', id: bench.octavia.named('shop')!.id, name: 'shop' },
        detail: [`POST ${LBAAS}/loadbalancers → 201`],
      },
    ])
})

describe('a creation that fails half-way', () => {
  const breakAtPool = async () => {
    bench.octavia.script = (call) => (isPost('pools')(call) ? 'breaks' : 'accepted')
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    return { jobs, job: await jobEnded(jobs, id) }
  }

  it('names the part in ERROR', async () => {
    const { job } = await breakAtPool()
    expect(job).toMatchObject({
      state: 'failed',
      failure: { reason: 'job.resourceError', values: { kind: 'pool', name: 'web-pool' } },
    })
    expect(job.steps[2]).toMatchObject({ state: 'failed', provisioningStatus: 'ERROR' })
  })

  it('is undone in cascade', async () => {
    const { jobs, job } = await breakAtPool()
    bench.octavia.script = () => 'accepted'
    expect((await jobs.undo(job.id)).state).toBe('undoing')
    const undone = await jobEnded(jobs, job.id)
    expect(undone.state).toBe('undone')
    expect(undone.failure).toBeUndefined()
    expect(new Set(states(undone))).toEqual(new Set(['undone']))
    expect(bench.octavia.lines.at(-1)).toBe(
      `DELETE ${LBAAS}/loadbalancers/${job.loadBalancerId!}?cascade=true`,
    )
    expect(bench.octavia.parts.size).toBe(0)
  })

  it('continues an undoing that failed, rather than creating again', async () => {
    const { jobs, job } = await breakAtPool()
    bench.octavia.script = () => ({ refuse: AppError.because('octavia.forbidden', 'no') })
    await jobs.undo(job.id)
    expect(await jobEnded(jobs, job.id)).toMatchObject({
      state: 'failed',
      failure: { reason: 'octavia.forbidden' },
    })
    bench.octavia.script = () => 'accepted'
    await jobs.resume(job.id)
    expect((await jobEnded(jobs, job.id)).state).toBe('undone')
  })

  it('does not take what somebody else has made since for its own when it was refused', async () => {
    const values = { status: 403 }
    const refuse = AppError.because('octavia.quota', 'Quota has been met', { values })
    bench.octavia.script = () => ({ refuse })
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    await jobEnded(jobs, id)
    const other = bench.octavia.add({ name: 'shop', description: '', vip_subnet_id: 'subnet' })
    bench.octavia.script = () => 'accepted'
    await jobs.undo(id)
    expect((await jobEnded(jobs, id)).state).toBe('undone')
    expect([...bench.octavia.parts.keys()]).toEqual([other])
  })

  it('is undone without a request when nothing was made', async () => {
    const refuse = AppError.because('octavia.invalid', 'no such subnet')
    bench.octavia.script = () => ({ refuse })
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    await jobEnded(jobs, id)
    await jobs.undo(id)
    expect((await jobEnded(jobs, id)).state).toBe('undone')
    expect(bench.octavia.lines).toEqual([`POST ${LBAAS}/loadbalancers`])
  })
})

describe('resuming', () => {
  const listenerOnly = () =>
    aLoadBalancerPlan({ listeners: [{ ...aListenerPlan(), pool: undefined }] })

  /** Ends the console as `kill -9` would, at the moment when a write has taken effect and nobody knows its answer. */
  const crashAfter = async (path: string) => {
    const first = bench.start()
    const copy = join(bench.folder, 'jobs.json')
    let left = ''
    bench.octavia.script = async (call) => {
      if (call.path !== path) return 'accepted'
      left = await readFile(copy, 'utf8')
      return 'answerLost'
    }
    const { id } = await first.createLoadBalancer('alpha', listenerOnly())
    await jobEnded(first, id)
    await first.close()
    await writeFile(copy, left)
    bench.octavia.script = () => 'accepted'
    return { id, jobs: bench.start() }
  }

  it.each(['loadbalancers', 'listeners'])(
    'does not create twice what was accepted when the console died (%s)',
    async (kind) => {
      const { id, jobs } = await crashAfter(`${LBAAS}/${kind}`)
      const interrupted = await jobWhen(jobs, id, () => true)
      expect(interrupted.state).toBe('interrupted')
      await jobs.resume(id)
      expect((await jobEnded(jobs, id)).state).toBe('done')
      expect(bench.octavia.lines).toEqual([
        `POST ${LBAAS}/loadbalancers`,
        `POST ${LBAAS}/listeners`,
      ])
    },
  )

  it('creates when the request never arrived', async () => {
    const lost = AppError.because('network.lost', 'socket hang up')
    bench.octavia.script = () => ({ refuse: lost })
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', listenerOnly())
    expect(await jobEnded(jobs, id)).toMatchObject({ failure: { reason: 'network.lost' } })
    bench.octavia.script = () => 'accepted'
    await jobs.resume(id)
    expect((await jobEnded(jobs, id)).state).toBe('done')
    expect(bench.octavia.parts.size).toBe(2)
  })

  it('never takes a load balancer of that name that was there before', async () => {
    const other = bench.octavia.add({ name: 'shop', vip_subnet_id: 'subnet' })
    const { id, jobs } = await crashAfter(`${LBAAS}/loadbalancers`)
    await jobs.resume(id)
    const { loadBalancerId } = await jobEnded(jobs, id)
    expect(loadBalancerId).not.toBe(other)
    expect(bench.octavia.lines[0]).toBe(`POST ${LBAAS}/loadbalancers`)
    expect(bench.octavia.lines).toHaveLength(2)
  })

  it('does not guess between two that came into being since', async () => {
    const { id, jobs } = await crashAfter(`${LBAAS}/loadbalancers`)
    bench.octavia.add({ name: 'shop', vip_subnet_id: 'subnet' })
    await jobs.resume(id)
    expect(await jobEnded(jobs, id)).toMatchObject({
      state: 'failed',
      failure: { reason: 'job.ambiguous', values: { name: 'shop' } },
    })
    expect(bench.octavia.lines).toHaveLength(1)
  })

  it('finds and removes what was accepted when the console died, if undone instead', async () => {
    const { id, jobs } = await crashAfter(`${LBAAS}/loadbalancers`)
    await jobs.undo(id)
    expect((await jobEnded(jobs, id)).state).toBe('undone')
    expect(bench.octavia.parts.size).toBe(0)
  })

  it('says that the cloud is not open, and needs the armed mode', async () => {
    const { id, jobs } = await crashAfter(`${LBAAS}/listeners`)
    bench.armed = false
    await expect(jobs.resume(id)).rejects.toMatchObject({ reason: 'safety.readOnly' })
    bench.octavia.isOpen = false
    await expect(jobs.resume(id)).rejects.toMatchObject({ reason: 'cloud.notOpen' })
  })

  it('runs once when it is asked for twice', async () => {
    const { id, jobs } = await crashAfter(`${LBAAS}/listeners`)
    const answers = await Promise.allSettled([jobs.resume(id), jobs.resume(id)])
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await jobEnded(jobs, id)).state).toBe('done')
  })

  it('stops when the cloud is opened for another project, where all of it looks deleted', async () => {
    const target = bench.octavia.add({ name: 'old' })
    bench.octavia.looks = 1000
    const jobs = bench.start()
    const { id } = await jobs.deleteLoadBalancer('alpha', target, 'old')
    await jobWhen(jobs, id, ({ steps }) => steps[0]!.waitsUntil !== undefined)
    bench.project = 'other'
    expect(await jobEnded(jobs, id)).toMatchObject({
      state: 'failed',
      failure: { reason: 'job.otherProject', values: { project: 'ops', now: 'other' } },
    })
    await expect(jobs.resume(id)).rejects.toMatchObject({ reason: 'job.otherProject' })

    bench.project = 'ops'
    bench.octavia.settle()
    await jobs.resume(id)
    expect((await jobEnded(jobs, id)).state).toBe('done')
  })

  it('leaves a job that runs alone', async () => {
    bench.octavia.looks = 1000
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', listenerOnly())
    await expect(jobs.resume(id)).rejects.toMatchObject({ reason: 'job.state' })
    await expect(jobs.undo(id)).rejects.toMatchObject({ reason: 'job.state' })
    await expect(jobs.dismiss(id)).rejects.toMatchObject({ reason: 'job.state' })
  })
})

describe('cancelling', () => {
  it('lets a request on its way through and keeps its id', async () => {
    const gate = { open: () => {} }
    const held = new Promise<void>((resolve) => (gate.open = resolve))
    bench.octavia.script = async () => {
      await held
      return 'accepted' as const
    }
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    await expect.poll(() => bench.octavia.lines).toHaveLength(1)
    const cancelling = jobs.cancel(id)
    gate.open()
    const job = await cancelling
    expect(job.state).toBe('cancelled')
    expect(job.steps[0]).toMatchObject({
      id: bench.octavia.named('shop')!.id,
      waitsUntil: undefined,
    })
    expect(job.loadBalancerId).toBe(bench.octavia.named('shop')!.id)
    expect(bench.octavia.lines).toHaveLength(1)
  })

  it('is forgotten when dismissed, also by the next console', async () => {
    bench.octavia.looks = 1000
    const jobs = bench.start()
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    await jobs.cancel(id)
    await jobs.dismiss(id)
    await expect(jobs.resume(id)).rejects.toMatchObject({ reason: 'job.unknown' })
    await expect(bench.start().cancel(id)).rejects.toMatchObject({ reason: 'job.unknown' })
  })
})

describe('deleting a load balancer', () => {
  it('deletes in cascade and waits until it is gone', async () => {
    const target = bench.octavia.add({ name: 'old' })
    const jobs = bench.start()
    const { id } = await jobs.deleteLoadBalancer('alpha', target, 'old')
    const job = await jobEnded(jobs, id)
    expect(job).toMatchObject({
      kind: 'deleteLoadBalancer',
      state: 'done',
      loadBalancerId: target,
      steps: [{ state: 'done', provisioningStatus: 'DELETED' }],
    })
    expect(bench.octavia.lines).toEqual([`DELETE ${LBAAS}/loadbalancers/${target}?cascade=true`])
  })

  it('asks for the name, or for the id where there is no name', async () => {
    const target = bench.octavia.add({ name: 'old' })
    const nameless = bench.octavia.add({ name: '' })
    const jobs = bench.start()
    await expect(jobs.deleteLoadBalancer('alpha', target, 'Old')).rejects.toMatchObject({
      reason: 'safety.confirmation',
    })
    await expect(jobs.deleteLoadBalancer('alpha', nameless, '')).rejects.toMatchObject({
      reason: 'safety.confirmation',
    })
    expect(bench.octavia.lines).toEqual([])
    const { id } = await jobs.deleteLoadBalancer('alpha', nameless, nameless)
    expect((await jobEnded(jobs, id)).state).toBe('done')
  })

  it('refuses one that is changing, and one that another job works on', async () => {
    const target = bench.octavia.add({ name: 'old', provisioning_status: 'PENDING_UPDATE' })
    const jobs = bench.start()
    await expect(jobs.deleteLoadBalancer('alpha', target, 'old')).rejects.toMatchObject({
      reason: 'octavia.immutable',
      values: { status: 'PENDING_UPDATE' },
    })
    bench.octavia.looks = 1000
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    const { loadBalancerId } = await jobWhen(jobs, id, (job) => job.loadBalancerId !== undefined)
    await expect(jobs.deleteLoadBalancer('alpha', loadBalancerId!, 'shop')).rejects.toMatchObject({
      reason: 'job.state',
    })
    expect(bench.octavia.lines).toEqual([`POST ${LBAAS}/loadbalancers`])
  })

  it('is begun once when two windows ask for it at the same time', async () => {
    const target = bench.octavia.add({ name: 'old' })
    bench.octavia.looks = 1000
    const jobs = bench.start()
    const asked = [1, 2].map(() => jobs.deleteLoadBalancer('alpha', target, 'old'))
    const [begun, refused] = (await Promise.allSettled(asked)).sort((one) =>
      one.status === 'fulfilled' ? -1 : 1,
    )
    expect(begun).toMatchObject({ status: 'fulfilled' })
    expect(refused).toMatchObject({ status: 'rejected', reason: { reason: 'job.state' } })
  })

  it('is not disturbed by a creation of the same load balancer that is taken up again', async () => {
    const jobs = bench.start()
    bench.octavia.looks = 1000
    const { id } = await jobs.createLoadBalancer('alpha', aLoadBalancerPlan())
    const { loadBalancerId } = await jobWhen(jobs, id, (job) => job.loadBalancerId !== undefined)
    await jobs.cancel(id)
    bench.octavia.settle()
    await bench.octavia.call('alpha', 'load-balancer', {
      method: 'GET',
      path: `${LBAAS}/loadbalancers/${loadBalancerId!}`,
      signal: new AbortController().signal,
    })
    await jobs.deleteLoadBalancer('alpha', loadBalancerId!, 'shop')
    await expect(jobs.resume(id)).rejects.toMatchObject({ reason: 'job.state' })
    await expect(jobs.undo(id)).rejects.toMatchObject({ reason: 'job.state' })
  })

  it('takes one in ERROR', async () => {
    const target = bench.octavia.add({ name: 'old', provisioning_status: 'ERROR' })
    const jobs = bench.start()
    const { id } = await jobs.deleteLoadBalancer('alpha', target, 'old')
    expect((await jobEnded(jobs, id)).state).toBe('done')
  })

  it('fails when it ends in ERROR, and can be resumed', async () => {
    const target = bench.octavia.add({ name: 'old' })
    bench.octavia.script = () => 'breaks'
    const jobs = bench.start()
    const { id } = await jobs.deleteLoadBalancer('alpha', target, 'old')
    expect(await jobEnded(jobs, id)).toMatchObject({
      state: 'failed',
      failure: { reason: 'job.resourceError', values: { name: 'old' } },
    })
    bench.octavia.script = () => 'accepted'
    await jobs.resume(id)
    expect((await jobEnded(jobs, id)).state).toBe('done')
    await expect(jobs.undo(id)).rejects.toMatchObject({ reason: 'job.state' })
  })

  it('only waits when it is resumed while the cloud deletes', async () => {
    const target = bench.octavia.add({ name: 'old' })
    bench.octavia.looks = 3
    const jobs = bench.start()
    const { id } = await jobs.deleteLoadBalancer('alpha', target, 'old')
    await jobWhen(jobs, id, ({ steps }) => steps[0]!.state === 'waiting')
    await jobs.cancel(id)
    await jobs.resume(id)
    expect((await jobEnded(jobs, id)).state).toBe('done')
    expect(bench.octavia.lines).toHaveLength(1)
  })
})
