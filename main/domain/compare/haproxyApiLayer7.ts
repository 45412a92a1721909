import type { Listener } from '../../../preload/contract/loadBalancer'
import type { HaproxyFrontend } from '../config/haproxy'
import type { Judgements } from './judgements'

/** An L7 policy with its rules, as the API tells them. */
export interface Layer7Policy {
  id: string
  name: string
  listenerId: string
  adminStateUp: boolean
  provisioningStatus: string
  /** REJECT, REDIRECT_TO_POOL, REDIRECT_TO_URL, REDIRECT_PREFIX. */
  action: string
  redirectPoolId?: string
  rules: readonly { id: string; adminStateUp: boolean; invert: boolean; value: string }[]
}

/** Every policy of a load balancer. */
export type Layer7 = readonly Layer7Policy[]

/**
 * Compares the conditions of one listener with its L7 rules by their ids, and what follows from them with the policies.
 * `policies` are those of the listener, where they were read. Policies that are disabled or have no rules are absent by design.
 */
export function compareLayer7(
  judgements: Judgements,
  frontend: HaproxyFrontend,
  listener: Listener,
  policies: Layer7 | undefined,
): void {
  const path = `frontend ${listener.id}`
  if (!policies) {
    if (listener.l7PolicyIds.length) judgements.cannot(path, 'layer7')
    else tellUnknown(judgements, frontend, frontend.acls)
    return
  }
  const conditions = new Map(frontend.acls.map((acl) => [acl.name, acl]))
  for (const policy of policies) {
    judgements.about(policy)
    const subject = { kind: 'l7Policy', id: policy.id, ...(policy.name && { name: policy.name }) }
    const rules = policy.rules.filter(({ adminStateUp }) => adminStateUp)
    const served = policy.adminStateUp && rules.length > 0
    for (const rule of policy.rules) {
      const acl = conditions.get(rule.id)
      conditions.delete(rule.id)
      const wanted = served && rule.adminStateUp
      const place = { path: `${path}.acl ${rule.id}`, subject: { kind: 'l7Rule', id: rule.id } }
      if (wanted && !acl)
        judgements.differ({
          ...place,
          wanted: rule.value,
          why: 'ruleNotServed',
          near: frontend.line,
        })
      else if (!wanted && acl)
        judgements.differ({
          ...place,
          actual: { value: acl.criterion, line: acl.line },
          why: 'disabledButServed',
        })
    }
    if (!served) continue
    compareDecision(judgements, frontend, path, policy, rules, subject)
  }
  judgements.about(listener)
  tellUnknown(judgements, frontend, [...conditions.values()])
}

/** The line that follows from a policy: found by its conditions, for nothing in the file carries the policy's id. */
function compareDecision(
  judgements: Judgements,
  frontend: HaproxyFrontend,
  path: string,
  policy: Layer7Policy,
  rules: Layer7Policy['rules'],
  subject: { kind: string; id: string; name?: string },
): void {
  const wanted = rules.map(({ id, invert }) => `${invert ? '!' : ''}${id}`).sort()
  const line = frontend.rules.find(({ value }) => {
    const condition = value
      .slice(value.lastIndexOf(' if ') + 4)
      .split(' ')
      .sort()
    return String(condition) === String(wanted)
  })
  const action = { path: `${path}.policy`, subject, why: 'policyNotServed', near: frontend.line }
  if (!line) {
    judgements.differ({ ...action, wanted: policy.action })
    return
  }
  const actual = { value: actionOf(line.value), line: line.line }
  const pool = policy.redirectPoolId
  const goal =
    policy.action === 'REDIRECT_TO_POOL' && pool ? `REDIRECT_TO_POOL ${pool}` : policy.action
  judgements.equal({ ...action, actual, wanted: goal, why: 'policyAction' })
}

function actionOf(line: string): string {
  const [, pool] = /^use_backend ([^:\s]+)/.exec(line) ?? []
  if (pool !== undefined) return `REDIRECT_TO_POOL ${pool}`
  if (/^http-request deny/.test(line)) return 'REJECT'
  if (/^redirect (?:code \d+ )?location /.test(line)) return 'REDIRECT_TO_URL'
  return /^redirect (?:code \d+ )?prefix /.test(line) ? 'REDIRECT_PREFIX' : line
}

function tellUnknown(
  judgements: Judgements,
  frontend: HaproxyFrontend,
  conditions: HaproxyFrontend['acls'],
): void {
  for (const { name, criterion, line } of conditions) {
    judgements.differ({
      path: `frontend ${frontend.name}.acl ${name}`,
      actual: { value: criterion, line },
      why: 'notInApi',
      subject: { kind: 'l7Rule', id: name },
    })
  }
}
