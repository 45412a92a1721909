import type { ConfigFile } from '../../../preload/contract/inspect'
import { groupBy } from '../../base/groupBy'
import { unknownAmphora } from '../../domain/amphora/unread'
import { compareVersionsOf } from '../../domain/compare/before'
import { compareFiles, factOf, type ComparisonFact } from '../../domain/compare/comparisons'
import { redact } from '../../domain/redact'
import { fingerprint, secretTokens } from '../inspect/secretTokens'
import type { CapturedConfig } from './threadMessages'

/** A comparison of files of a review, and the load balancer that they are of. */
export type ReviewComparison = ComparisonFact & { loadBalancerId?: string }

/** Where amphorae keep the files: captured ones may be called anything. */
const PATHS: Partial<Record<ConfigFile['kind'], string>> = {
  keepalived: '/var/lib/octavia/vrrp/octavia-keepalived.conf',
  haproxy: '/var/lib/octavia/haproxy.cfg',
  agent: '/etc/octavia/amphora-agent.conf',
  lvs: '/var/lib/octavia/lvs/octavia-keepalivedlvs-captured.conf',
}

/** Compares the two amphorae of each load balancer, as far as files tell. @param now when the evidence ends */
export async function beside(
  configs: readonly CapturedConfig[],
  now: number,
): Promise<ReviewComparison[]> {
  const all = Array.from(groupBy(configs, ({ loadBalancerId }) => loadBalancerId))
  const compared = await Promise.all(
    all.map(async ([loadBalancerId, ours]) => {
      const [left, right] = [...groupBy(ours, ({ hostId }) => hostId).values()]
      if (!left || !right) return []
      const [one, other] = await Promise.all([factsOf(left, now), factsOf(right, now)])
      return compareFiles(one, other).map((fact) => ({
        ...shownFrom(fact, left, right),
        loadBalancerId,
      }))
    }),
  )
  return compared.flat()
}

async function factsOf(configs: readonly CapturedConfig[], now: number) {
  const [{ hostId } = { hostId: '' }] = configs
  const files = await Promise.all(configs.map(fileOf))
  const nothing = unknownAmphora(hostId, () => 'notMeasured', now, now)
  return { ...nothing, files: { value: files, at: now } }
}

async function fileOf({ kind, path, text }: CapturedConfig): Promise<ConfigFile> {
  const { text: clean, found: redacted } = redact(text)
  return {
    ...{ kind, redacted, path: PATHS[kind] ?? path, text: clean },
    digest: await fingerprint(text),
    secretTokens: await secretTokens(text),
  }
}

/** Under the paths that the operator knows the files by. */
function shownFrom(
  fact: ComparisonFact,
  left: readonly CapturedConfig[],
  right: readonly CapturedConfig[],
): ComparisonFact {
  if (!('value' in fact)) return fact
  const titleOf = (configs: readonly CapturedConfig[]) =>
    configs.flatMap(({ kind, path }) => (kind === fact.what ? path : [])).join(', ')
  const { value } = fact
  return {
    ...fact,
    value: {
      ...value,
      left: { ...value.left, title: titleOf(left) },
      right: { ...value.right, title: titleOf(right) },
    },
  }
}

/** What became of each file from one review to another: of the same amphora, else of the one in its place. */
export async function beforeAndAfter(
  before: readonly CapturedConfig[],
  after: readonly CapturedConfig[],
): Promise<ReviewComparison[]> {
  const pairs = after.map((now) => ({ now, then: twinOf(now, before, after) }))
  return Promise.all(pairs.flatMap(({ now, then }) => (then ? [changeOf(then, now)] : [])))
}

function twinOf(
  config: CapturedConfig,
  before: readonly CapturedConfig[],
  after: readonly CapturedConfig[],
): CapturedConfig | undefined {
  const same = (one: CapturedConfig, other: CapturedConfig) =>
    one.hostId === other.hostId && one.kind === other.kind
  const own = before.find((one) => same(one, config))
  if (own) return own
  const left = before.filter(
    (one) => one.kind === config.kind && !after.some((other) => same(one, other)),
  )
  const fresh = after.filter(
    (one) => one.kind === config.kind && !before.some((other) => same(one, other)),
  )
  return left[fresh.indexOf(config)]
}

async function changeOf(then: CapturedConfig, now: CapturedConfig): Promise<ReviewComparison> {
  const [old, fresh] = await Promise.all([fileOf(then), fileOf(now)])
  const sideOf = (config: CapturedConfig, { text }: ConfigFile) => ({
    ...{ title: config.path, amphoraId: config.hostId, text },
    ...(config.modifiedAt !== undefined && { at: config.modifiedAt }),
  })
  const compared = compareVersionsOf(now.kind, old, fresh)
  return {
    ...factOf('before', sideOf(then, old), sideOf(now, fresh), compared),
    ...{ amphoraId: now.hostId, loadBalancerId: now.loadBalancerId },
  }
}
