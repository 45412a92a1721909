import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AuditLog } from '../../main/services/auditLog'
import type { Pace } from '../../main/services/jobs/jobRun'
import { Jobs } from '../../main/services/jobs/jobs'
import type { AuditEntry } from '../../preload/contract/action'
import { AppError } from '../../preload/contract/error'
import type { Job } from '../../preload/contract/job'
import { ScriptedOctavia } from './scriptedOctavia'

const PACE: Pace = { firstMs: 1, longestMs: 2, loadBalancerLimitMs: 5000, partLimitMs: 5000 }

/** Jobs on a scripted Octavia, with a folder of their own. */
export async function jobBench() {
  const folder = await mkdtemp(join(tmpdir(), 'jobs-'))
  const octavia = new ScriptedOctavia()
  const reported: unknown[] = []
  const consoles: Jobs[] = []
  const bench = {
    octavia,
    reported,
    armed: true,
    project: 'ops',
    folder,
    audit: new AuditLog(join(folder, 'audit.jsonl'), 'ngoc@bastion', () => ({})),
    /** A console that starts with what the one before left on the disk. */
    start(pace: Partial<Pace> = {}): Jobs {
      const jobs = new Jobs({
        api: octavia,
        projectOf: () => bench.project,
        safety: {
          requireArmed: (cloud) => {
            if (!bench.armed) throw AppError.because('safety.readOnly', cloud)
          },
        },
        audit: bench.audit,
        path: join(folder, 'jobs.json'),
        report: (_name, error) => reported.push(error),
        pace: { ...PACE, ...pace },
      })
      consoles.push(jobs)
      return jobs
    },
    async auditTrail(): Promise<AuditEntry[]> {
      for await (const entries of bench.audit.follow(
        undefined,
        100,
        new AbortController().signal,
      )) {
        return entries
      }
      return []
    },
    async close(): Promise<void> {
      await Promise.all(consoles.map((jobs) => jobs.close()))
      await rm(folder, { recursive: true })
    },
  }
  return bench
}

/** The job as soon as `reached` holds. */
export async function jobWhen(
  jobs: Jobs,
  id: string,
  reached: (job: Job) => boolean,
): Promise<Job> {
  for await (const all of jobs.follow(new AbortController().signal)) {
    const job = all.find((one) => one.id === id)
    if (job && reached(job)) return job
  }
  throw new Error('The jobs ended.')
}

/** The job as soon as it does not run any more and another call is welcome. */
export async function jobEnded(jobs: Jobs, id: string): Promise<Job> {
  return jobWhen(jobs, id, ({ state }) => state !== 'running' && state !== 'undoing')
}
