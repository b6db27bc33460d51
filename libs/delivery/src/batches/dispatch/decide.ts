import {} from '@nestjs/common';
import type { Reason, Refused } from '@gateway/core';
import { backoffMs, type Timing } from '../../shared/timing.js';

/** The next step for a batch that a provider has definitely refused. */
export type Verdict =
  | {
      readonly decision: 'fail';
      readonly reason: Reason;
      /** Another account may take it, if there is one. */
      readonly elsewhere: boolean;
    }
  | {
      readonly decision: 'retry';
      readonly reason: Reason;
      readonly delayMs: number;
      /** Another account may take it now, if there is one. */
      readonly elsewhere: boolean;
    };

/** Attempts refused for the moment's sake (throttling, an outage) after which another account may take the batch. */
const PATIENCE = 3;

/**
 * Only a refusal of this very content ends a batch. A refusal of its sender, headers or files is that account's alone:
 * another account may take it, and waiting does not help. A fault of the account or of the moment makes the batch wait:
 * mail is not lost to a wrong key or a quota (law 11). `EXPIRE_MS` limits the wait.
 */
export function decide(
  refused: Pick<Refused, 'scope' | 'reason' | 'retryAfterMs'>,
  attempt: number,
  timing: Timing,
): Verdict {
  const { scope, reason, retryAfterMs } = refused;
  switch (scope) {
    case 'batch':
      return { decision: 'fail', reason, elsewhere: false };
    case 'message':
      return { decision: 'fail', reason, elsewhere: true };
    case 'account':
      return {
        decision: 'retry',
        reason,
        elsewhere: true,
        delayMs: Math.max(backoffMs(attempt, timing), retryAfterMs ?? 0),
      };
    case 'moment':
      return {
        decision: 'retry',
        reason,
        elsewhere: attempt >= PATIENCE || reason === 'quota',
        delayMs: retryAfterMs ?? backoffMs(attempt - 1, timing),
      };
  }
}
