import type { RecipientStatus } from '@gateway/core';
import type { BatchRow } from '../rows.js';

/** A recipient that a report has changed. */
export interface ChangedRecipient {
  readonly position: number;
  readonly before: RecipientStatus;
  readonly after: RecipientStatus;
  readonly opened: boolean;
  /** Why it has its status, and the provider's own words; `null` for none. */
  readonly reason: string | null;
  readonly bounceType?: string | null;
  readonly code: string | null;
  readonly message: string | null;
  /** Did it follow its batch before? */
  readonly followed: boolean;
}

export interface ChangedBatch {
  readonly batch: BatchRow;
  readonly changed: readonly ChangedRecipient[];
}

type Delta = ReadonlyMap<RecipientStatus, number>;

/** Recipients that move from one count of a batch to another. */
export interface Move {
  readonly batch: BatchRow;
  readonly unfollowed: number;
  readonly delta: Delta;
  /** Has one of them bounced for good? */
  readonly hardBounced: boolean;
}

export function moveOf({ batch, changed }: ChangedBatch): Move {
  const moved = changed.filter(({ followed, before, after }) => followed || before !== after);
  const steps = moved.flatMap(({ followed, before, after }): [RecipientStatus, number][] => [
    ...(followed ? [] : [[before, -1] satisfies [RecipientStatus, number]]),
    [after, 1],
  ]);
  const hardBounced = moved.some(({ after, bounceType }) => after === 'bounced' && bounceType === 'hard');
  return { batch, unfollowed: moved.filter(({ followed }) => followed).length, delta: total(steps), hardBounced };
}

function total(steps: Iterable<readonly [RecipientStatus, number]>): Delta {
  const delta = new Map<RecipientStatus, number>();
  for (const [status, n] of steps) delta.set(status, (delta.get(status) ?? 0) + n);
  return delta;
}
