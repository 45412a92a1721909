import type { Amphora, LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import type { KeepalivedConfig } from '../config/keepalived'
import type { Located } from '../config/located'
import { canonicalAddress } from '../ip'
import type { Compared } from './compared'
import { texted } from './connectionLimit'
import { Judgements } from './judgements'

/**
 * Compares the octavia-keepalived.conf of one amphora with what the API says: the VIPs, and who the amphora and its peers
 * are on the VIP's network. `amphorae` are all of the load balancer; those that are being built or gone are no peers.
 */
export function compareKeepalivedApi(
  config: KeepalivedConfig,
  { loadBalancer }: LoadBalancerDetail,
  amphora: Amphora,
  amphorae: readonly Amphora[],
): Compared {
  const judgements = new Judgements()
  const [instance] = config.instances
  const name = loadBalancer.id.replaceAll('-', '')
  if (!instance) {
    const subject = { kind: 'amphora', id: amphora.id }
    judgements.differ({ path: 'vrrp_instance', wanted: name, why: 'instanceMissing', subject })
    return judgements.result()
  }
  const say = (
    keyword: string,
    actual: Located<string> | undefined,
    wanted: string | undefined,
    why: string,
  ) => {
    // What the controller does not tell cannot be wrong.
    if (wanted === undefined) return
    const path = `vrrp_instance.${keyword}`
    const subject = { kind: 'amphora', id: amphora.id }
    judgements.equal({ path, actual, wanted, why, near: instance.line, subject }, sameAddress)
  }
  say('name', { value: instance.name, line: instance.line }, name, 'instanceName')
  say('interface', instance.interface, amphora.vrrpInterface, 'interface')
  say('virtual_router_id', texted(instance.virtualRouterId), textOf(amphora.vrrpId), 'routerId')
  say('priority', texted(instance.priority), textOf(amphora.vrrpPriority), 'priority')
  say('unicast_src_ip', instance.unicastSource, amphora.vrrpAddress, 'unicastSource')
  const peers = amphorae.filter(({ id, status }) => id !== amphora.id && status === 'ALLOCATED')
  judgements.sets({
    path: 'vrrp_instance.unicast_peer',
    actual: instance.unicastPeers,
    wanted: peers.flatMap(({ vrrpAddress }) => vrrpAddress ?? []),
    why: 'unicastPeer',
    near: instance.line,
    keyOf: canonicalAddress,
  })
  judgements.sets({
    path: 'vrrp_instance.virtual_ipaddress',
    actual: instance.addresses.map(({ address, line }) => ({ value: address, line })),
    wanted: [loadBalancer.vipAddress, ...loadBalancer.additionalVips.map((vip) => vip.address)],
    why: 'addresses',
    near: instance.line,
    keyOf: canonicalAddress,
  })
  return judgements.result()
}

/** Other values have no other way to be written, and are equal only to themselves. */
const sameAddress = (one: string, other: string): boolean =>
  canonicalAddress(one) === canonicalAddress(other)

const textOf = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : String(value)
