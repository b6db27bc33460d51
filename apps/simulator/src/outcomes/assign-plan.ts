import type { MailContent } from '../state/accepted-request.js';
import type { BlockList } from '../state/block-list.js';
import type { Simulator } from '../state/simulator.js';
import { scriptOf, type ScriptKind } from './grammar.js';

/** Mailbox providers that refuse unauthenticated senders (nhn.md §2.2, ncp.md §9). */
const GUARDED_DOMAIN = /@(gmail|yahoo)\.com$/i;

/**
 * Makes the function that gives each recipient of one request its plan id. `optOuts`: who gets no advertisement;
 * `cancels`: the vendor has such a state.
 */
export function planAssigner(
  simulator: Simulator,
  { optOuts, cancels }: { readonly optOuts: readonly BlockList[]; readonly cancels: boolean },
  mail: Pick<MailContent, 'advertising' | 'senderAddress'>,
): (address: string) => number {
  const { plans } = simulator;
  const plain = plans.intern('delivered');
  const senderDomain = mail.senderAddress.slice(mail.senderAddress.lastIndexOf('@') + 1).toLowerCase();
  const suspicious = simulator.settings.unauthenticatedSenderDomains.includes(senderDomain);
  // The block list stops ad mail only.
  const isOrdinary = (scripted: ScriptKind): boolean =>
    (scripted === 'unsubscribed' && !mail.advertising) || (scripted === 'cancelled' && !cancels);
  return (address) => {
    if (mail.advertising && optOuts.some((list) => list.has(address))) return plans.intern('unsubscribed');
    if (suspicious && GUARDED_DOMAIN.test(address)) return plans.intern('unverified', 'auth_failed');
    const script = scriptOf(address);
    if (!script || script.kind === 'refuse-request') return plain;
    return plans.intern(isOrdinary(script.kind) ? 'delivered' : script.kind, script.reason, script.delayMs);
  };
}
