import type { Reason, Refused } from '@gateway/core';
import { backoffMs, type Timing } from '../timing.js';

/** What becomes of a batch that a provider has definitely refused. */
export type Verdict =
  | { readonly decision: 'fail'; readonly reason: Reason }
  | {
      readonly decision: 'retry';
      readonly reason: Reason;
      readonly delayMs: number;
      /** Another account may take it now, if there is one. */
      readonly elsewhere: boolean;
    };

/** So often a moment may be the wrong one before another account is asked. */
const PATIENCE = 3;

/**
 * Only a refusal of this very content ends a batch. What is wrong with the account or with the moment makes it wait:
 * mail does not die of a wrong key or a quota (law 11); at last `EXPIRE_MS` ends it.
 */
export function decide(
  refused: Pick<Refused, 'scope' | 'reason' | 'retryAfterMs'>,
  attempt: number,
  timing: Timing,
): Verdict {
  const { scope, reason, retryAfterMs } = refused;
  switch (scope) {
    case 'batch':
      return { decision: 'fail', reason };
    case 'account':
      return {
        ...{ decision: 'retry', reason, elsewhere: true },
        delayMs: Math.max(backoffMs(attempt, timing), retryAfterMs ?? 0),
      };
    case 'moment':
      return {
        ...{ decision: 'retry', reason, elsewhere: attempt >= PATIENCE || reason === 'quota' },
        delayMs: retryAfterMs ?? backoffMs(attempt - 1, timing),
      };
  }
}
