import type { MailContent, Provider } from '../state/accepted-request.js';
import type { Simulator } from '../state/simulator.js';
import { scriptOf } from './grammar.js';

/** Mailbox providers that refuse unauthenticated senders (nhn.md §2.2, ncp.md §9). */
const GUARDED_DOMAIN = /@(gmail|yahoo)\.com$/i;

/** Makes the function that gives each recipient of one request its plan id. */
export function planAssigner(
  simulator: Simulator,
  provider: Provider,
  mail: Pick<MailContent, 'advertising' | 'senderAddress'>,
): (address: string) => number {
  const { plans } = simulator;
  const plain = plans.intern('delivered');
  const blocked = simulator.blocked[provider];
  const senderDomain = mail.senderAddress.slice(mail.senderAddress.lastIndexOf('@') + 1).toLowerCase();
  const suspicious = simulator.settings.unauthenticatedSenderDomains.includes(senderDomain);
  return (address) => {
    if (mail.advertising && blocked.has(address)) return plans.intern('unsubscribed');
    if (suspicious && GUARDED_DOMAIN.test(address)) return plans.intern('unverified', 'auth_failed');
    const script = scriptOf(address);
    if (!script) return plain;
    // The block list stops ad mail only; NHN has no cancelled state (README.md, "Address grammar").
    const ordinary =
      (script.kind === 'unsubscribed' && !mail.advertising) || (script.kind === 'cancelled' && provider === 'nhn');
    return plans.intern(ordinary ? 'delivered' : script.kind, script.reason, script.delayMs);
  };
}
