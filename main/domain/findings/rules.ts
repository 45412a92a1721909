import { agentRules } from './agent'
import { amphoraRules } from './amphora'
import { computeRules } from './compute'
import { haproxyRules } from './haproxy'
import { haproxyConfigRules } from './haproxyConfig'
import { knownBugRules } from './knownBugs'
import { loadBalancerRules } from './loadBalancer'
import { memberRules } from './members'
import { neutronRules } from './neutron'
import { pairRules } from './pair'
import type { Rule } from './rule'
import { subnetRules } from './subnet'
import { systemRules } from './system'
import { advertRules } from './vrrpAdverts'
import { eventRules } from './vrrpEvents'
import { faultRules } from './vrrpFault'
import { mismatchRules } from './vrrpMismatch'
import { ownerRules } from './vrrpOwner'
import { settingRules } from './vrrpSettings'

/** Every rule. Causes stand before what follows from them: of equal severity, the first is told first. */
export const RULES: readonly Rule[] = [
  ...computeRules,
  ...amphoraRules,
  ...neutronRules,
  ...mismatchRules,
  ...advertRules,
  ...haproxyRules,
  ...faultRules,
  ...ownerRules,
  ...memberRules,
  ...agentRules,
  ...loadBalancerRules,
  ...haproxyConfigRules,
  ...settingRules,
  ...eventRules,
  ...pairRules,
  ...subnetRules,
  ...systemRules,
  ...knownBugRules,
]
