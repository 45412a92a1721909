import type { Difference } from '../../../preload/contract/compare'
import type { KeepalivedConfig, KeepalivedInstance } from '../config/keepalived'
import { canonicalAddress } from '../ip'
import { REMOVED } from '../redact'
import { contrast, differenceOf, type Contrast } from './entries'
import { keepalivedEntries } from './keepalivedEntries'
import type { Compared } from './compared'

/** What a difference of a keyword does, when no healthy pair has it. */
const EFFECTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    name: 'instanceName',
    interface: 'interface',
    virtual_router_id: 'routerId',
    advert_int: 'advertInterval',
    version: 'vrrpVersion',
    nopreempt: 'preemption',
    accept: 'templateRelease',
    auth_type: 'authentication',
    auth_pass: 'authentication',
    unicast_src_ip: 'unicastSource',
    unicast_peer: 'unicastPeer',
    priority: 'priority',
    state: 'stateLine',
    virtual_ipaddress: 'addresses',
    virtual_ipaddress_excluded: 'addresses',
    virtual_routes: 'routes',
    virtual_rules: 'routes',
    track_script: 'checkScript',
  }),
)

/** What a healthy pair's amphorae are given, by `[keepalived_vrrp]`'s constants of Octavia. */
const PRIORITIES = ['100', '90']
const STATES = ['BACKUP', 'MASTER']

/**
 * Compares the octavia-keepalived.conf of the two amphorae of a pair. Expected are the priorities 100 and 90, the states
 * MASTER and BACKUP, and unicast addresses that point at each other; everything else is drift, and so is the sameness of
 * what has to differ. Passwords are compared by their digests; without digests that is said to be unjudged.
 */
export function compareKeepalivedPair(left: KeepalivedConfig, right: KeepalivedConfig): Compared {
  const [one, other] = [left.instances[0], right.instances[0]]
  const removed = one && other && passwordsUnknown(one, other)
  const differences = contrast(keepalivedEntries(left), keepalivedEntries(right))
    .filter(({ path }) => !removed || !path.endsWith('.auth_pass'))
    .map((found) => judge(found, one, other))
  return {
    differences: [...differences, ...(one && other ? samenesses(one, other) : [])],
    unjudged: removed
      ? [{ path: 'vrrp_instance.authentication.auth_pass', why: 'passwordRemoved' }]
      : [],
  }
}

function judge(
  found: Contrast,
  left: KeepalivedInstance | undefined,
  right: KeepalivedInstance | undefined,
): Difference {
  const keyword = found.path.split('.').at(-1) ?? ''
  const values = [found.left?.value, found.right?.value].sort()
  if (keyword === 'auth_pass') return withoutValues(differenceOf(found, 'drift', 'authentication'))
  if (keyword === 'priority' && String(values) === String(PRIORITIES))
    return differenceOf(found, 'expected', 'roles')
  if (keyword === 'state' && String(values) === String(STATES))
    return differenceOf(found, 'expected', 'roles')
  if (keyword.startsWith('unicast_') && left && right && pointAtEachOther(left, right))
    return differenceOf(found, 'expected', 'unicast')
  const area = /^vrrp_script/.test(found.path)
    ? 'checkScript'
    : keyword.startsWith('garp_')
      ? 'gratuitousArp'
      : (EFFECTS.get(keyword) ??
        (keyword.startsWith('vrrp_instance') ? 'instanceMissing' : 'other'))
  return differenceOf(found, 'drift', area)
}

/** Each side's only peer is the other's own address. */
const pointAtEachOther = (left: KeepalivedInstance, right: KeepalivedInstance): boolean =>
  onlyPeer(left) === sourceOf(right) &&
  onlyPeer(right) === sourceOf(left) &&
  sourceOf(left) !== sourceOf(right)

const sourceOf = ({ unicastSource }: KeepalivedInstance): string | undefined =>
  unicastSource && canonicalAddress(unicastSource.value)

const onlyPeer = ({ unicastPeers: [peer, ...more] }: KeepalivedInstance): string | undefined =>
  peer && !more.length ? canonicalAddress(peer.value) : undefined

/** What has to differ and does not; both sides are given, since their equality is the matter. */
function samenesses(left: KeepalivedInstance, right: KeepalivedInstance): Difference[] {
  return (
    [
      ['priority', left.priority, right.priority, 'samePriority'],
      ['state', left.state, right.state, 'sameState'],
      ['unicast_src_ip', left.unicastSource, right.unicastSource, 'sameSource'],
    ] as const
  ).flatMap(([keyword, one, other, why]) =>
    one && other && String(one.value) === String(other.value)
      ? [
          {
            path: `vrrp_instance.${keyword}`,
            left: String(one.value),
            right: String(other.value),
            leftLine: one.line,
            rightLine: other.line,
            kind: 'drift' as const,
            why,
          },
        ]
      : [],
  )
}

function passwordsUnknown(left: KeepalivedInstance, right: KeepalivedInstance): boolean {
  const [one, other] = [left.authentication, right.authentication]
  return (
    (one?.redacted === true && !one.passwordDigest) ||
    (other?.redacted === true && !other.passwordDigest)
  )
}

const withoutValues = (difference: Difference): Difference => ({
  ...difference,
  ...(difference.left !== undefined && { left: REMOVED }),
  ...(difference.right !== undefined && { right: REMOVED }),
})
