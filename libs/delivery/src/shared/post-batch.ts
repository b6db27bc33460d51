import { UnconfirmedError, type EmailProvider, type OutboundBatch } from '@gateway/core';
import type { Logger } from '@gateway/platform';
import type { Outcome } from '../accounts/account-health.js';

/** Posts a batch once. Whatever is thrown is no verdict: the request may have left. */
export async function postBatch(
  provider: EmailProvider,
  outbound: OutboundBatch,
  { timeoutMs, log }: { readonly timeoutMs: number; readonly log: Logger },
): Promise<Outcome> {
  try {
    return await provider.send(outbound, AbortSignal.timeout(timeoutMs));
  } catch (error) {
    // A defect in an adapter is no verdict either.
    const known = error instanceof UnconfirmedError;
    if (!known) log.error({ err: error, provider: provider.name }, 'the adapter failed');
    return {
      outcome: 'unconfirmed',
      detail: error instanceof Error ? error.message : String(error),
      provider: known ? error.provider : {},
    };
  }
}
