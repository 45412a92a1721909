import type { ConfigFile } from '../../../preload/contract/inspect'
import { compareVersionsOf } from '../../domain/compare/before'
import { factOf } from '../../domain/compare/comparisons'
import { redact } from '../../domain/redact'
import { fingerprint, secretTokens } from '../inspect/secretTokens'
import type { CapturedConfig, ReviewComparison } from './threadMessages'

async function fileOf({ kind, path, text }: CapturedConfig): Promise<ConfigFile> {
  const { text: clean, found: redacted } = redact(text)
  return {
    ...{ kind, redacted, path, text: clean },
    digest: await fingerprint(text),
    secretTokens: await secretTokens(text),
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
