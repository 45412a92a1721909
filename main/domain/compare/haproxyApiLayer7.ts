import type { Listener } from '../../../preload/contract/loadBalancer'
import type { HaproxyFrontend } from '../config/haproxy'
import type { Located } from '../config/located'
import type { PoolDetail } from './connectionLimit'
import { compareGiven, criterionOf, type Layer7Rule } from './haproxyApiRule'
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
  redirectUrl?: string | undefined
  redirectPrefix?: string | undefined
  /** Absent where the API does not tell, or for other actions. */
  redirectHttpCode?: number | undefined
  rules: readonly Layer7Rule[]
}

/** Every policy of a load balancer. */
export type Layer7 = readonly Layer7Policy[]

/** A line that decides over requests. */
interface Decision extends Located<string> {
  /** Names of its conditions, `!` in front of those that must not hold. */
  conditions: readonly string[]
}

/**
 * Compares the conditions of one listener with its L7 rules by their ids, and what follows from them with the policies.
 * `policies` are those of the listener, where they were read. Policies that are disabled or have no rules are absent by design.
 */
export function compareLayer7(
  judgements: Judgements,
  frontend: HaproxyFrontend,
  listener: Listener,
  policies: Layer7 | undefined,
  pools: ReadonlyMap<string, PoolDetail>,
): void {
  const path = `frontend ${listener.id}`
  if (!policies) {
    if (listener.l7PolicyIds.length) judgements.cannot(path, 'layer7')
    else tellUnknown(judgements, frontend, frontend.acls)
    return
  }
  const conditions = new Map(frontend.acls.map((acl) => [acl.name, acl]))
  const decisions = decisionsOf(frontend)
  for (const policy of policies) {
    judgements.about(policy)
    const rules = policy.rules.filter(({ adminStateUp }) => adminStateUp)
    const served = policy.adminStateUp && rules.length > 0
    for (const rule of policy.rules) {
      const acl = conditions.get(rule.id)
      conditions.delete(rule.id)
      const wanted = served && rule.adminStateUp ? rule : undefined
      compareCondition(judgements, frontend, rule.id, acl, wanted)
    }
    if (served) compareDecision(judgements, frontend, decisions, policy, rules, pools)
  }
  judgements.about(listener)
  tellUnknown(judgements, frontend, [...conditions.values()])
}

/** One `acl` and its rule; either may be absent. */
function compareCondition(
  judgements: Judgements,
  { name, line }: HaproxyFrontend,
  id: string,
  acl: HaproxyFrontend['acls'][number] | undefined,
  rule: Layer7Rule | undefined,
): void {
  const place = { path: `frontend ${name}.acl ${id}`, subject: { kind: 'l7Rule', id } }
  const actual = acl && { value: acl.criterion, line: acl.line }
  const wanted = rule && criterionOf(rule)
  if (rule && !actual)
    judgements.differ({ ...place, wanted: wanted ?? rule.value, why: 'ruleNotServed', near: line })
  else if (!rule && actual) judgements.differ({ ...place, actual, why: 'disabledButServed' })
  else if (wanted !== undefined)
    compareGiven(judgements, { ...place, actual, wanted, why: 'ruleCriterion' })
}

/** Lines with conditions, by the ids of these in one order: nothing in the file carries a policy's id. */
function decisionsOf({ rules }: HaproxyFrontend): Map<string, Decision> {
  const decisions = new Map<string, Decision>()
  for (const rule of rules) {
    const at = rule.value.lastIndexOf(' if ')
    const conditions = at < 0 ? [] : rule.value.slice(at + 4).split(' ')
    decisions.set(keyOf(conditions.map(withoutMark)), { ...rule, conditions })
  }
  return decisions
}

const withoutMark = (condition: string): string => condition.replace(/^!/, '')
const keyOf = (ids: readonly string[]): string => [...ids].sort().join(' ')

function compareDecision(
  judgements: Judgements,
  frontend: HaproxyFrontend,
  decisions: ReadonlyMap<string, Decision>,
  policy: Layer7Policy,
  rules: readonly Layer7Rule[],
  pools: ReadonlyMap<string, PoolDetail>,
): void {
  const path = `frontend ${frontend.name}.policy`
  const { id, name, action, redirectPoolId = '' } = policy
  const subject = { kind: 'l7Policy', id, ...(name && { name }) }
  const decision = decisions.get(keyOf(rules.map((rule) => rule.id)))
  const actual = decision && readDecision(decision.value)
  const toPool = action === 'REDIRECT_TO_POOL'
  // Octavia leaves the line out while the pool is disabled, and its conditions in.
  const disabled = toPool && pools.get(redirectPoolId)?.adminStateUp === false
  if (!decision || !actual) {
    const missing = { path, subject, wanted: action, why: 'policyNotServed', near: frontend.line }
    if (!disabled) judgements.differ(missing)
    return
  }
  const { line } = decision
  if (disabled) {
    const left = { value: decision.value, line }
    judgements.differ({ path, subject, actual: left, why: 'disabledButServed' })
    return
  }
  for (const rule of rules) {
    const inverted = decision.conditions.includes(`!${rule.id}`)
    if (inverted === rule.invert) continue
    judgements.differ({
      path: `${path}.${rule.id}`,
      actual: { value: inverted ? `!${rule.id}` : rule.id, line },
      wanted: rule.invert ? `!${rule.id}` : rule.id,
      why: 'ruleInverted',
      subject: { kind: 'l7Rule', id: rule.id },
    })
  }
  judgements.equal({
    path,
    subject,
    actual: { value: textOf(actual.action, toPool ? actual.target : ''), line },
    wanted: textOf(action, toPool ? redirectPoolId : ''),
    why: 'policyAction',
  })
  if (actual.action === action && action !== 'REJECT' && !toPool)
    compareRedirect(judgements, path, policy, line, actual)
}

const textOf = (action: string, pool: string | undefined): string =>
  `${action} ${pool ?? ''}`.trim()

/** Where to clients are sent, and with which code: 302 is haproxy's own where none is written. */
function compareRedirect(
  judgements: Judgements,
  path: string,
  { id, name, action, redirectUrl, redirectPrefix, redirectHttpCode }: Layer7Policy,
  line: number,
  { target, code = '302' }: Action,
): void {
  const common = { subject: { kind: 'l7Policy', id, ...(name && { name }) }, why: 'policyTarget' }
  const wanted = action === 'REDIRECT_PREFIX' ? redirectPrefix : redirectUrl
  if (target !== undefined && wanted !== undefined) {
    const actual = { value: target, line }
    compareGiven(judgements, { ...common, path: `${path}.target`, actual, wanted })
  }
  if (redirectHttpCode !== undefined) {
    const actual = { value: code, line }
    judgements.equal({ ...common, path: `${path}.code`, actual, wanted: String(redirectHttpCode) })
  }
}

/** What a line does: the API's word for it, or the line where the API has none. */
interface Action {
  action: string
  /** The pool, the URL or the prefix. */
  target?: string | undefined
  code?: string | undefined
}

function readDecision(line: string): Action {
  const [, pool] = /^use_backend ([^:\s]+)/.exec(line) ?? []
  if (pool !== undefined) return { action: 'REDIRECT_TO_POOL', target: pool }
  if (line.startsWith('http-request deny')) return { action: 'REJECT' }
  const [, code, kind, target] =
    /^redirect (?:code (\d+) )?(location|prefix) (\S+)/.exec(line) ?? []
  if (kind === undefined) return { action: line }
  return { action: kind === 'prefix' ? 'REDIRECT_PREFIX' : 'REDIRECT_TO_URL', code, target }
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
