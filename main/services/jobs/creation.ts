import { AppError } from '../../../preload/contract/error'
import type { JobRequest, JobStep, ResourceKind } from '../../../preload/contract/job'
import type { LoadBalancerPlan } from '../../../preload/contract/plan'
import {
  HEALTH_MONITORS,
  LISTENERS,
  LOAD_BALANCERS,
  membersOf,
  POOLS,
} from '../octavia/collections'
import { readList, readObject, readOne, type Collection } from '../octavia/reading'
import { LoadBalancers } from '../loadBalancers'
import type { JobRun, Look } from './jobRun'
import { madeParts, mayComeFrom, samePlace, type MadePart } from './matching'
import { plannedParts, plannedSteps, type PlannedPart, type PlannedStep } from './plannedRequests'

/**
 * Creates what a plan says, part by part, each one after the load balancer is ACTIVE again.
 * A job that is resumed first looks what the cloud has already, so that nothing is made twice.
 * @throws AppError `job.waitLimit`, `job.resourceError`, `job.ambiguous`, and what `CloudApi` throws
 */
export async function createParts(run: JobRun, resumed: boolean): Promise<void> {
  const loadBalancers = new LoadBalancers(run.api)
  const plan = planOf(run)
  const steps = plannedSteps(plan)
  if (resumed) await adoptParts(run, loadBalancers, plan, steps)
  if (madeNothing(run.step(0))) await rememberNamesakes(run, plan)

  for (const part of plannedParts(plan, run.stored.minor ?? 0)) {
    if (part.steps.every((index) => run.step(index).state === 'done')) continue
    await run.perform(part.steps, 'done', async () => {
      if (!isAccepted(run, part)) await sendPart(run, steps, part)
      await run.wait(part.steps, lookAt(run, loadBalancers, plan, steps, part))
    })
  }
}

/**
 * The load balancer of a creation: its id where the cloud told it, else the one that came into being since.
 * Undefined when nothing was made. @throws AppError `job.ambiguous` when more than one could be it
 */
export async function findLoadBalancer(run: JobRun): Promise<string | undefined> {
  const first = run.step(0)
  const { namesakes } = run.stored
  if (first.id !== undefined || madeNothing(first) || !namesakes) return first.id
  const plan = planOf(run)
  const ours = (await readNamesakes(run, plan)).filter(
    (loadBalancer) => !namesakes.includes(loadBalancer.id) && mayComeFrom(plan, loadBalancer),
  )
  if (ours.length > 1) {
    const ids = ours.map((loadBalancer) => loadBalancer.id).join(', ')
    throw AppError.because('job.ambiguous', ids, { values: { name: plan.name, ids } })
  }
  return ours[0]?.id
}

/** Whether a step was never begun, or was refused: whatever is there by its name then, somebody else has made it. */
const madeNothing = ({ state, id, requests }: JobStep): boolean =>
  state === 'pending' ||
  (state === 'failed' && id === undefined && requests.length > 0 && requests.every(isRefusal))

const isRefusal = ({ status }: JobRequest): boolean =>
  status !== undefined && status >= 400 && status < 500

/** A part in ERROR, which waiting does not mend. */
export const inError = (kind: string, name: string, id: string): AppError =>
  AppError.because('job.resourceError', `${kind} ${id}: ERROR`, { values: { kind, name, id } })

function planOf(run: JobRun): LoadBalancerPlan {
  const { plan } = run.stored
  if (!plan) throw new Error('A creation without a plan.')
  return plan
}

async function readNamesakes(run: JobRun, { name }: LoadBalancerPlan) {
  const { value } = await readList(run.api, run.cloud, LOAD_BALANCERS, { name }, run.signal)
  return value
}

/** Names are not unique in Octavia: what is there before cannot be ours. */
async function rememberNamesakes(run: JobRun, plan: LoadBalancerPlan): Promise<void> {
  const namesakes = (await readNamesakes(run, plan)).map(({ id }) => id)
  await run.change(() => ({ namesakes }))
}

async function adoptParts(
  run: JobRun,
  loadBalancers: LoadBalancers,
  plan: LoadBalancerPlan,
  steps: readonly PlannedStep[],
): Promise<void> {
  const id = await findLoadBalancer(run)
  if (id === undefined) return
  const detail = await loadBalancers.read(run.cloud, id, run.signal)
  await setLoadBalancer(run, id)
  await setMade(run, [...steps.keys()], madeParts(plan, steps, detail))
}

const setLoadBalancer = async (run: JobRun, id: string): Promise<void> => {
  if (run.stored.job.loadBalancerId === id) return
  await run.change(({ job }) => ({ job: { ...job, loadBalancerId: id } }))
}

/** Notes the ids and statuses of parts; `made` is by index of the step. */
const setMade = (
  run: JobRun,
  indices: readonly number[],
  made: readonly (MadePart | undefined)[],
): Promise<void> =>
  run.changeSteps(indices, (_step, index) => {
    const part = made[index]
    return part ? { id: part.id, provisioningStatus: part.provisioningStatus } : {}
  })

/** Members and the parts of a single call go together; the load balancer of a single call stands for all. */
function isAccepted(run: JobRun, { steps }: PlannedPart): boolean {
  const [first] = steps
  if (first === 0) return run.step(0).id !== undefined
  return steps.every((index) => run.step(index).id !== undefined)
}

async function sendPart(
  run: JobRun,
  steps: readonly PlannedStep[],
  part: PlannedPart,
): Promise<void> {
  const first = part.steps[0] ?? 0
  const step = steps[first]
  const request = part.request({
    loadBalancer: () => idOf(run, steps, (one) => one.kind === 'loadBalancer'),
    listener: (index) => idOf(run, steps, isOf('listener', index)),
    pool: (index) => idOf(run, steps, isOf('pool', index)),
  })
  await run.send(part.steps, request, (answer) => {
    // A batch of members is answered without a body.
    if (!step || step.kind === 'member') return () => ({})
    const made = readObject(COLLECTIONS[step.kind], answer, request.path)
    const fields: Partial<JobStep> = { id: made.id, provisioningStatus: made.provisioningStatus }
    return (_step, index) => (index === first ? fields : {})
  })
  if (first === 0) await setLoadBalancer(run, idOf(run, steps, isFirst))
}

const COLLECTIONS: Record<Exclude<ResourceKind, 'member'>, Collection<MadePart>> = {
  loadBalancer: LOAD_BALANCERS,
  listener: LISTENERS,
  pool: POOLS,
  healthMonitor: HEALTH_MONITORS,
}

const isFirst = (_step: PlannedStep, index: number): boolean => index === 0

const isOf = (kind: 'listener' | 'pool', listener: number) => (step: PlannedStep) =>
  step.kind === kind && step.listener === listener

function idOf(
  run: JobRun,
  steps: readonly PlannedStep[],
  wanted: (step: PlannedStep, index: number) => boolean,
): string {
  const id = run.step(steps.findIndex(wanted)).id
  if (id === undefined) throw new Error('A part is needed before the cloud has told its id.')
  return id
}

/** Looks whether the load balancer and all that the part made are ACTIVE. */
function lookAt(
  run: JobRun,
  loadBalancers: LoadBalancers,
  plan: LoadBalancerPlan,
  steps: readonly PlannedStep[],
  part: PlannedPart,
): () => Promise<Look> {
  const { cloud, signal } = run
  const loadBalancerId = idOf(run, steps, isFirst)
  return async () => {
    let status: string
    let made: (MadePart | undefined)[] = []
    if (part.steps.length > 1 && part.steps[0] === 0) {
      const detail = await loadBalancers.read(cloud, loadBalancerId, signal)
      status = detail.loadBalancer.provisioningStatus
      made = madeParts(plan, steps, detail)
    } else {
      const [loadBalancer, parts] = await Promise.all([
        readOne(run.api, cloud, LOAD_BALANCERS, loadBalancerId, signal),
        readPart(run, plan, steps, part),
      ])
      status = loadBalancer.value.provisioningStatus
      for (const [index, one] of parts) made[index] = one
      if (part.steps[0] === 0) made[0] = loadBalancer.value
    }
    await setMade(run, part.steps, made)
    for (const index of part.steps) {
      const one = made[index]
      if (one?.provisioningStatus !== 'ERROR') continue
      throw inError(run.step(index).kind, run.step(index).name, one.id)
    }
    if (status === 'ERROR') throw inError('loadBalancer', plan.name, loadBalancerId)
    if (status !== 'ACTIVE') return { over: false, status }
    const late = part.steps.find((index) => made[index]?.provisioningStatus !== 'ACTIVE')
    if (late === undefined) return { over: true, status }
    return { over: false, status: made[late]?.provisioningStatus ?? '–' }
  }
}

/** The objects that a request other than the first has made, by index of their steps. */
async function readPart(
  run: JobRun,
  plan: LoadBalancerPlan,
  steps: readonly PlannedStep[],
  part: PlannedPart,
): Promise<(readonly [number, MadePart | undefined])[]> {
  const { api, cloud, signal } = run
  const first = part.steps[0] ?? 0
  const step = steps[first]
  if (!step || step.kind === 'loadBalancer') return []
  if (step.kind !== 'member') {
    const id = run.step(first).id ?? ''
    return [[first, (await readOne(api, cloud, COLLECTIONS[step.kind], id, signal)).value]]
  }
  const poolId = idOf(run, steps, isOf('pool', step.listener))
  const members = await readList(api, cloud, membersOf(poolId), {}, signal)
  const planned = plan.listeners[step.listener]?.pool?.members ?? []
  return part.steps.map((index, place) => {
    const wanted = planned[place]
    return [index, members.value.find((member) => wanted && samePlace(member, wanted))]
  })
}
