import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Diagnoses } from '../../services/diagnosis/diagnoses'
import type { FindingHistory } from '../../services/diagnosis/findingHistory'
import type { Overview } from '../../services/diagnosis/overview'

type Entries = 'diagnosis.follow' | 'diagnosis.refresh' | 'overview.follow' | 'finding.history'

/** Answers what the page asks of findings: of one load balancer, of a cloud, and when they came and went. */
export const findingHandlers = (
  diagnoses: Diagnoses,
  overview: Overview,
  history: FindingHistory,
) =>
  ({
    'diagnosis.follow': ({ cloud, loadBalancerId }, signal) =>
      diagnoses.follow(cloud, loadBalancerId, signal),
    'diagnosis.refresh': ({ cloud, loadBalancerId }) => {
      diagnoses.refresh(cloud, loadBalancerId)
      return Promise.resolve()
    },
    'overview.follow': ({ cloud }, signal) => overview.follow(cloud, signal),
    'finding.history': ({ cloud, loadBalancerId }) => history.read(cloud, loadBalancerId),
  }) satisfies Pick<Handlers<Contract>, Entries>
