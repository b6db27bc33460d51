import { GatewayProblem, addressKey, domainOf, type MessageSpec } from '@gateway/core';

/** As whom, and through which accounts, the key of a caller may send. An empty list is no limit. */
export interface SenderLimits {
  /** Addresses and domains, in lower case. */
  readonly allowedFrom: readonly string[];
  /** Names of accounts. */
  readonly allowedAccounts: readonly string[];
}

/**
 * Checked for each message, also for the sender of a template or of a message that is redriven.
 * @throws GatewayProblem `sender_not_allowed`.
 */
export function expectSender(limits: SenderLimits | undefined, spec: Pick<MessageSpec, 'from' | 'provider'>): void {
  if (limits === undefined) return;
  const { allowedFrom, allowedAccounts } = limits;
  if (allowedFrom.length > 0 && !isAllowed(spec.from.address, allowedFrom)) {
    throw refusal('/from', `the API key may send as ${allowedFrom.join(', ')} only`);
  }
  if (spec.provider !== 'auto' && !mayUse(limits, spec.provider)) {
    throw refusal('/provider', `the API key may use ${allowedAccounts.join(', ')} only`);
  }
}

/** May the key use the account? */
export const mayUse = (limits: SenderLimits | undefined, account: string): boolean =>
  limits === undefined || limits.allowedAccounts.length === 0 || limits.allowedAccounts.includes(account);

/** A domain allows its own addresses, not those of its subdomains. */
function isAllowed(address: string, allowed: readonly string[]): boolean {
  const key = addressKey(address);
  return allowed.includes(key) || allowed.includes(domainOf(key));
}

const refusal = (pointer: string, detail: string): GatewayProblem =>
  new GatewayProblem('sender_not_allowed', `${pointer}: ${detail}`, {
    fieldErrors: [{ pointer, code: 'not_allowed', detail }],
  });
