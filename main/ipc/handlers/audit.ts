import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { AuditLog } from '../../services/auditLog'

/** Answers what the page asks of the audit log. */
export const auditHandlers = (audit: AuditLog) =>
  ({
    'audit.follow': ({ cloud, limit }, signal) => audit.follow(cloud, limit, signal),
  }) satisfies Pick<Handlers<Contract>, 'audit.follow'>
