import { Lanes } from '../../base/lanes'
import type { Layer7, Layer7Policy } from '../../domain/compare/haproxyApiLayer7'
import type { LoadBalancerDetail } from '../../../preload/contract/loadBalancer'
import type { CloudApi } from '../cloudApi'
import {
  id,
  objects,
  optionalFlag,
  optionalId,
  optionalInteger,
  optionalText,
  text,
  textOrEmpty,
  type Wire,
} from '../octavia/fields'
import { readList, type Collection } from '../octavia/reading'

type Rule = Layer7Policy['rules'][number]
type Policy = Omit<Layer7Policy, 'rules'> & { rules: readonly { id: string }[] }

/** Policies whose rules are read; more would be a burden for the API. */
const MOST_POLICIES = 200
const AT_ONCE = 6

const POLICIES = {
  path: '/v2.0/lbaas/l7policies',
  key: 'l7policies',
  one: 'l7policy',
  item: policyOf,
} satisfies Collection<Policy>

const rulesOf = (policyId: string) =>
  ({
    path: `${POLICIES.path}/${encodeURIComponent(policyId)}/rules`,
    key: 'rules',
    one: 'rule',
    item: ruleOf,
  }) satisfies Collection<Rule>

/**
 * The L7 policies of a load balancer with their rules; undefined where there are too many to ask for.
 * @throws AppError `answer.malformed`, and what `CloudApi` throws
 */
export async function readLayer7(
  api: CloudApi,
  cloud: string,
  { loadBalancer, listeners }: LoadBalancerDetail,
  signal: AbortSignal,
): Promise<Layer7 | undefined> {
  const ours = new Set(
    listeners.filter(({ l7PolicyIds }) => l7PolicyIds.length).map((listener) => listener.id),
  )
  if (!ours.size) return []
  const filter = { project_id: loadBalancer.projectId || undefined }
  const { value } = await readList(api, cloud, POLICIES, filter, signal)
  const policies = value.filter(({ listenerId }) => ours.has(listenerId))
  if (policies.length > MOST_POLICIES) return undefined
  const lanes = new Lanes(AT_ONCE)
  return Promise.all(
    policies.map((policy) =>
      lanes.run(async () => {
        const rules = policy.rules.length
          ? (await readList(api, cloud, rulesOf(policy.id), {}, signal)).value
          : []
        return { ...policy, rules }
      }),
    ),
  )
}

/** A policy; `redirect_http_code` came with v2.9. @see Octavia 11.0.0 `api/v2/types/l7policy.py` */
function policyOf(wire: Wire): Policy {
  const redirectPoolId = optionalId(wire['redirect_pool_id'], 'redirect_pool_id')
  return {
    id: id(wire['id'], 'id'),
    name: textOrEmpty(wire['name'], 'name'),
    listenerId: id(wire['listener_id'], 'listener_id'),
    adminStateUp: optionalFlag(wire['admin_state_up'], 'admin_state_up') ?? true,
    provisioningStatus: text(wire['provisioning_status'], 'provisioning_status'),
    action: text(wire['action'], 'action'),
    ...(redirectPoolId !== undefined && { redirectPoolId }),
    redirectUrl: optionalText(wire['redirect_url'], 'redirect_url'),
    redirectPrefix: optionalText(wire['redirect_prefix'], 'redirect_prefix'),
    redirectHttpCode: optionalInteger(wire['redirect_http_code'], 'redirect_http_code'),
    rules: objects(wire['rules'], 'rules', (rule) => ({ id: id(rule['id'], 'id') })),
  }
}

/** @see Octavia 11.0.0 `api/v2/types/l7rule.py` */
const ruleOf = (wire: Wire): Rule => ({
  id: id(wire['id'], 'id'),
  adminStateUp: optionalFlag(wire['admin_state_up'], 'admin_state_up') ?? true,
  type: text(wire['type'], 'type'),
  compareType: text(wire['compare_type'], 'compare_type'),
  key: optionalText(wire['key'], 'key'),
  invert: optionalFlag(wire['invert'], 'invert') ?? false,
  value: textOrEmpty(wire['value'], 'value'),
})
