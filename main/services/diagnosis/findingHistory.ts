import { z } from 'zod'
import { SEVERITIES, type Diagnosis, type FindingChange } from '../../../preload/contract/finding'
import { JsonFile } from '../../platform/files'

/** Changes kept of each cloud. */
const MOST = 5000

const Change = z
  .looseObject({
    at: z.number(),
    loadBalancerId: z.string(),
    name: z.string(),
    rule: z.string(),
    severity: z.enum(SEVERITIES),
    subject: z.looseObject({ kind: z.string(), id: z.string() }),
    values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    what: z.enum(['appeared', 'gone']),
  })
  .transform((value) => value as unknown as FindingChange)
const Stored = z.array(Change)

/** When findings came and went, on disk: the newest 5000 changes of each cloud. */
export class FindingHistory {
  private readonly files = new Map<string, JsonFile<FindingChange[]>>()
  private readonly writing = new Set<Promise<unknown>>()
  /** What was noted last of each load balancer: most diagnoses say the same again. */
  private readonly noted = new Map<string, string>()

  constructor(private readonly dataFolder: string) {}

  /** Notes what is new and what is gone since this load balancer was judged last, before a restart included. @throws AppError `store.*` */
  async note(cloud: string, diagnosis: Diagnosis): Promise<void> {
    const { loadBalancerId, name } = diagnosis
    // What could not be judged this time is neither there nor gone.
    const unjudged = new Set(diagnosis.unknown.map(({ rule, subject }) => key(rule, subject.id)))
    const now = new Map(
      diagnosis.findings
        // What became the symptom of a cause is still there.
        .flatMap((finding) => [finding, ...(finding.symptoms ?? [])])
        .map((finding) => [key(finding.rule, finding.subject.id), finding]),
    )
    const id = key(cloud, loadBalancerId)
    const same = JSON.stringify([[...now.keys()], [...unjudged]])
    if (this.noted.get(id) === same) return
    this.noted.set(id, same)
    const write = this.file(cloud).update((all) => {
      const open = openOf(all, loadBalancerId)
      const changes: FindingChange[] = []
      for (const [id, { rule, severity, subject, values }] of now) {
        if (open.has(id)) continue
        changes.push({
          ...{ at: diagnosis.at, loadBalancerId, name, rule, severity, subject, values },
          what: 'appeared',
        })
      }
      for (const [id, change] of open) {
        if (!now.has(id) && !unjudged.has(id))
          changes.push({ ...change, at: diagnosis.at, what: 'gone' })
      }
      return changes.length ? [...all, ...changes].slice(-MOST) : all
    })
    this.writing.add(write)
    await write.finally(() => this.writing.delete(write))
  }

  /** Newest first. @throws AppError `store.unreadable` */
  async read(cloud: string, loadBalancerId: string | undefined): Promise<FindingChange[]> {
    const all = await this.file(cloud).read()
    return all
      .filter((change) => loadBalancerId === undefined || change.loadBalancerId === loadBalancerId)
      .reverse()
  }

  /** Returns when everything that was to be kept is on the disk. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.writing)
  }

  private file(cloud: string): JsonFile<FindingChange[]> {
    const path = `${this.dataFolder}/findings/${encodeURIComponent(cloud).replaceAll('*', '%2A')}.json`
    const file = this.files.get(path) ?? new JsonFile(path, (value) => Stored.parse(value), [])
    this.files.set(path, file)
    return file
  }
}

const key = (rule: string, subjectId: string): string => `${rule}\n${subjectId}`

/** What appeared and is not gone. */
function openOf(
  changes: readonly FindingChange[],
  loadBalancerId: string,
): Map<string, FindingChange> {
  const open = new Map<string, FindingChange>()
  for (const change of changes) {
    if (change.loadBalancerId !== loadBalancerId) continue
    const id = key(change.rule, change.subject.id)
    if (change.what === 'appeared') open.set(id, change)
    else open.delete(id)
  }
  return open
}
