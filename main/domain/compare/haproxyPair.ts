import type { Difference } from '../../../preload/contract/compare'
import type { HaproxyConfig } from '../config/haproxy'
import type { Compared } from './compared'
import { contrast, differenceOf, type Contrast } from './entries'
import { haproxyEntries } from './haproxyEntries'

/** Made of the amphora's own memory and processors (octavia/common/jinja/haproxy, since 2023.1). */
const PER_MACHINE = /^global\.(?:tune\.ssl\.cachesize|nbthread|cpu-map)$/

/** Written only for a haproxy that is new enough (octavia/common/jinja/haproxy/combined_listeners/jinja_cfg.py, macros.j2). */
const PER_VERSION =
  /\.(?:http-reuse|server-state-file|load-server-state-from-file|insecure-fork-wanted|option http-use-htx|alpn|check-alpn)$|^(?:frontend|backend) prometheus-exporter-internal/

/**
 * Compares the haproxy.cfg of the two amphorae of a pair. Expected is what depends on the machine or on its haproxy;
 * where both are known to run the same version, what depends on it is drift.
 */
export function compareHaproxyPair(
  left: HaproxyConfig,
  right: HaproxyConfig,
  versions: { left?: string; right?: string } = {},
): Compared {
  const sameVersion = versions.left !== undefined && versions.left === versions.right
  const differences = contrast(haproxyEntries(left), haproxyEntries(right)).map((found) =>
    judge(found, sameVersion),
  )
  return { differences, unjudged: [] }
}

function judge(found: Contrast, sameVersion: boolean): Difference {
  const { path } = found
  if (PER_MACHINE.test(path)) return differenceOf(found, 'expected', 'machine')
  if (PER_VERSION.test(path)) {
    return sameVersion
      ? differenceOf(found, 'drift', 'stale')
      : differenceOf(found, 'expected', 'haproxyVersion')
  }
  if (isAlpnOnly(found) && !sameVersion) return differenceOf(found, 'expected', 'haproxyVersion')
  return differenceOf(found, 'drift', effectOf(found))
}

/** What it does that one side has another configuration. */
function effectOf({ path, left, right, reordered }: Contrast): string {
  if (reordered) return 'order'
  const oneSided = !left || !right
  if (/^frontend [^.]+$/.test(path) && oneSided) return 'listenerMissing'
  if (/^backend [^.]+$/.test(path) && oneSided) return 'poolMissing'
  if (/\.server [^.]+$/.test(path) && oneSided) return 'memberMissing'
  if (path.startsWith('peers')) return 'peers'
  if (/\.acl |\.(?:use_backend|redirect|http-request)$/.test(path)) return 'layer7'
  if (path.includes('.server ')) return 'memberSetting'
  if (path.startsWith('frontend ')) return 'listenerSetting'
  if (path.startsWith('backend ')) return 'poolSetting'
  return 'processSetting'
}

/** Two `bind` lines that differ in ALPN only, which Octavia leaves out for a haproxy that cannot do it. */
function isAlpnOnly({ path, left, right }: Contrast): boolean {
  const bare = (text: string) => text.replace(/ alpn \S+/, '')
  return (
    path.endsWith('.bind') &&
    left !== undefined &&
    right !== undefined &&
    bare(left.value) === bare(right.value)
  )
}
