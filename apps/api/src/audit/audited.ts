import { withRules } from '../http/route-rules.js';

/**
 * The act that a call is, for the audit log. It is written in the first transaction of the request that changes anything,
 * with what the path or the answer names as its target, and the row of it before and after. Code that knows better calls
 * `AuditRepository.record` in its own transaction, which replaces this entry.
 * @param action `<what>.<verb>`
 * @param members members of the answer that the entry has, such as counts
 */
export const Audited = (action: string, ...members: string[]): MethodDecorator =>
  withRules({ audit: { action, ...(members.length > 0 && { members }) } });

/** The same for an act that happens at a provider. It is recorded when it has succeeded. */
export const AuditedOutside = (action: string, ...members: string[]): MethodDecorator =>
  withRules({ audit: { action, outside: true, ...(members.length > 0 && { members }) } });
