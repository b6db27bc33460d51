import type {
  Capabilities,
  EmailProvider,
  OutboundBatch,
  PollResult,
  RecipientReport,
  TrackedRequest,
} from '@gateway/core';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Vendor } from './vendor.js';

/** A provider's part of the suite. */
export interface ProviderContract {
  readonly kind: string;
  /** As the adapter declares it: it chooses the scenarios. */
  readonly doubt: Capabilities['doubt'];
  readonly tracking: Capabilities['tracking'];
  readonly vendor: Vendor;
  /** A new adapter whose vendor is at `origin`. */
  create(options: { readonly origin: string; readonly timeoutMs: number }): EmailProvider;
  /** Settings that must never show in an error or a rendered request. */
  readonly secrets: readonly string[];
  /** How a permanent failure of the mailbox `bounce+unknown_user@…` shows with this vendor. */
  readonly bounce: Partial<RecipientReport>;
  /** Does the vendor take a request of which some recipients are bad? */
  readonly partialRefusal: boolean;
  /** Does the vendor take a request without recipients whose addresses begin with `later`, once each? */
  readonly postponesRecipients?: boolean;
  /** False: the vendor does not say when it delivered a mail. */
  readonly timesDeliveries?: false;
  /** False: the account sends advertisements only as individual mail. */
  readonly sharedAdvertisements?: false;
  /** False: the account takes no files. */
  readonly attachments?: false;
  /** Recipients of the largest individual request that is tried, 1,000 unless given. */
  readonly recipients?: number;
  /** The delay after a request until the vendor has settled every mail, in milliseconds. */
  readonly settledAfterMs: number;
  /** Does it keep templates of its own? */
  readonly templates?: boolean;
  /** Does it keep lists of its own? */
  readonly audience?: boolean;
  /** The delay until who was put on a list is on it, in milliseconds. */
  readonly listedAfterMs?: number;
  /** Does it keep a list of who wants no advertisements? */
  readonly suppressions?: boolean;
}

/** The part that all scenarios share. */
export interface Suite {
  readonly contract: ProviderContract;
  /** An adapter to the running vendor; calls take at most `timeoutMs`, 5 s unless given. */
  adapter(timeoutMs?: number): EmailProvider;
}

export const anySignal = (): AbortSignal => new AbortController().signal;

/** Runs a poll to its end. */
export async function pollOnce(
  provider: EmailProvider,
  request: TrackedRequest,
): Promise<{ readonly reports: readonly RecipientReport[]; readonly result: PollResult }> {
  const reports: RecipientReport[] = [];
  const poll = pollOf(provider)(request, anySignal());
  for (;;) {
    const next = await poll.next();
    if (next.done === true) return { reports, result: next.value };
    reports.push(...next.value);
  }
}

/** The account's way to be asked about a request. */
export function pollOf(provider: EmailProvider): NonNullable<EmailProvider['poll']> {
  if (provider.poll === undefined) throw new Error('the account is not polled');
  return provider.poll.bind(provider);
}

/** The account's way to look a request up. */
export function findOf(provider: EmailProvider): NonNullable<EmailProvider['find']> {
  if (provider.find === undefined) throw new Error('the account has no look-up');
  return provider.find.bind(provider);
}

/** Sends and insists on acceptance. */
export async function sendAccepted(provider: EmailProvider, batch: OutboundBatch) {
  const outcome = await provider.send(batch, anySignal());
  if (outcome.outcome !== 'accepted') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

export const settle = (contract: ProviderContract): Promise<void> => sleep(contract.settledAfterMs);

/** The error that a call threw; fails when it threw none. */
export async function thrownBy(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
