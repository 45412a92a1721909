import { z } from 'zod'
import { request, stream } from './channel'
import { CloudName, FailureValue, Id, Instant } from './common'
import { LoadBalancerPlan } from './plan'

/** One request of a job as it was sent, for the record. */
export const JobRequest = z.object({
  method: z.enum(['POST', 'PUT', 'DELETE']),
  /** Path below the endpoint, such as `/v2.0/lbaas/listeners`. */
  path: z.string(),
  /** HTTP status; absent when no answer came. */
  status: z.int().optional(),
  requestId: z.string().optional(),
  at: Instant,
  durationMs: z.number(),
})
export type JobRequest = z.infer<typeof JobRequest>

export const RESOURCE_KINDS = [
  'loadBalancer',
  'listener',
  'pool',
  'member',
  'healthMonitor',
] as const
export type ResourceKind = (typeof RESOURCE_KINDS)[number]

/** One part that a job makes or removes. */
export const JobStep = z.object({
  kind: z.enum(RESOURCE_KINDS),
  name: z.string(),
  /** `waiting`: accepted, and the load balancer has not left PENDING_* yet. */
  state: z.enum(['pending', 'running', 'waiting', 'done', 'failed', 'undone']),
  /** Known once the cloud has answered. */
  id: Id.optional(),
  provisioningStatus: z.string().optional(),
  requests: z.array(JobRequest),
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  /** When waiting gives up. */
  waitsUntil: Instant.optional(),
  failure: FailureValue.optional(),
})
export type JobStep = z.infer<typeof JobStep>

/** The console's record of one intention; survives closing the window and the console. */
export const Job = z.object({
  id: Id,
  cloud: CloudName,
  kind: z.enum(['createLoadBalancer', 'deleteLoadBalancer']),
  /** Name of the load balancer. */
  subject: z.string(),
  loadBalancerId: Id.optional(),
  /** `interrupted`: the console ended while it ran; `resume` continues it. */
  state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted', 'undoing', 'undone']),
  steps: z.array(JobStep),
  createdAt: Instant,
  updatedAt: Instant,
  failure: FailureValue.optional(),
})
export type Job = z.infer<typeof Job>

/** A request that would be sent. */
export const PlannedRequest = z.object({
  method: z.enum(['POST', 'PUT', 'DELETE']),
  path: z.string(),
  /** JSON body; `<listener1>` and the like stand for ids that only the cloud can tell. */
  body: z.unknown().optional(),
})
export type PlannedRequest = z.infer<typeof PlannedRequest>

const one = z.object({ id: Id })

export const job = {
  /** Every job on record, newest first, and again, as a whole, after each change. */
  'job.follow': stream(z.object({}), z.array(Job)),
  /** What a plan would send, in order. */
  'job.preview': request(
    z.object({ cloud: CloudName, plan: LoadBalancerPlan }),
    z.array(PlannedRequest),
  ),
  /** Creates a load balancer with all its parts. Needs the armed mode. */
  'job.createLoadBalancer': request(z.object({ cloud: CloudName, plan: LoadBalancerPlan }), Job),
  /** Deletes a load balancer with everything below it. `confirmation` is its name, typed. */
  'job.deleteLoadBalancer': request(
    z.object({ cloud: CloudName, id: Id, confirmation: z.string() }),
    Job,
  ),
  /** Continues a failed, cancelled or interrupted job where it stands. */
  'job.resume': request(one, Job),
  /** Removes what a creation has made so far. */
  'job.undo': request(one, Job),
  /** Stops waiting and sends nothing more; what the cloud has accepted stays. */
  'job.cancel': request(one, Job),
  /** Forgets a job that has ended. */
  'job.dismiss': request(one, z.void()),
}
