import type { BatchStatus } from '@gateway/core';
import type { BatchGroup } from '@gateway/database';

/** An account without configuration, and its batches that are not at their end. */
export interface StrandedAccount {
  readonly name: string;
  readonly batches: { readonly waiting: number; readonly unconfirmed: number; readonly followed: number };
}

const FOLLOWED: ReadonlySet<BatchStatus> = new Set(['submitted', 'sending']);
const IN_DOUBT: ReadonlySet<BatchStatus> = new Set(['unconfirmed', 'dispatching']);

/** Those of these accounts that have mail. */
export const strandedAccounts = (names: readonly string[], groups: readonly BatchGroup[]): readonly StrandedAccount[] =>
  names.flatMap((name) => {
    const own = groups.filter(({ provider }) => provider === name);
    const count = (of: (status: BatchStatus) => boolean): number =>
      own.filter(({ status }) => of(status)).reduce((sum, group) => sum + group.count, 0);
    if (own.length === 0) return [];
    const [followed, unconfirmed] = [count((one) => FOLLOWED.has(one)), count((one) => IN_DOUBT.has(one))];
    const all = count(() => true);
    return [{ name, batches: { waiting: all - followed - unconfirmed, unconfirmed, followed } }];
  });
