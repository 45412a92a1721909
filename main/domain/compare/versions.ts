import type { Fact } from '../../../preload/contract/common'
import type { SystemFacts } from '../../../preload/contract/inspect'
import type { Amphora } from '../../../preload/contract/loadBalancer'
import type { Compared } from './compared'
import { contrast, differenceOf, type Entry } from './entries'

/** One amphora, as the controller built it and as it runs; `system` is absent where it was not read. */
export interface Built {
  amphora: Amphora
  system?: SystemFacts | undefined
}

/** What a difference does. */
const EFFECTS: Readonly<Record<string, string>> = {
  image: 'image',
  flavor: 'flavor',
  zone: 'zone',
  processors: 'flavor',
}

/** Compares images, flavors and versions of the two amphorae of a pair. Their zones may differ, and better do. */
export function compareVersions(left: Built, right: Built): Compared {
  const differences = contrast(entriesOf(left), entriesOf(right)).map((found) =>
    found.path === 'zone'
      ? differenceOf(found, 'expected', 'zone')
      : differenceOf(found, 'drift', EFFECTS[found.path] ?? 'version'),
  )
  const unknown = new Set([...unknownOf(left), ...unknownOf(right)])
  return {
    differences: differences.filter(({ path }) => !unknown.has(path)),
    unjudged: [...unknown]
      .filter((path) => !SELDOM_TOLD.has(path))
      .map((path) => ({ path, why: 'notRead' })),
  }
}

const VERSIONS = ['keepalived', 'haproxy', 'agent', 'python'] as const
const SYSTEM = ['distribution', 'kernel', 'processors'] as const

function entriesOf({ amphora, system }: Built): Entry[] {
  const versions = valueOf(system?.versions)
  const entries: (readonly [string, string | number | undefined])[] = [
    ['image', amphora.imageId],
    ['flavor', amphora.computeFlavorId],
    ['zone', amphora.zone],
    ...SYSTEM.map((path) => [path, valueOf<string | number>(system?.[path])] as const),
    ...VERSIONS.map((path) => [path, versions?.[path]] as const),
  ]
  return entries.flatMap(([path, value]) =>
    value === undefined ? [] : [{ path, value: String(value) }],
  )
}

/** Many images do not say them, so that their absence is no news. */
const SELDOM_TOLD: ReadonlySet<string> = new Set(['agent', 'python'])

/** What one side does not tell is not known to differ. */
function unknownOf({ amphora, system }: Built): string[] {
  const versions = valueOf(system?.versions)
  return [
    ...(amphora.imageId === undefined ? ['image'] : []),
    ...(amphora.computeFlavorId === undefined ? ['flavor'] : []),
    ...SYSTEM.filter((path) => valueOf<string | number>(system?.[path]) === undefined),
    ...VERSIONS.filter((path) => versions?.[path] === undefined),
  ]
}

function valueOf<T>(fact: Fact<T> | undefined): T | undefined {
  return fact && 'value' in fact ? fact.value : undefined
}
