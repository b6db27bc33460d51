import type { BatchRow, Lease } from '@gateway/database';

export const leaseOf = ({ id, leaseToken }: Pick<BatchRow, 'id' | 'leaseToken'>): Lease => ({
  batchId: id,
  token: leaseToken,
});

/** Another worker has taken the batch meanwhile: nothing of this one's transaction may stay. */
export class LeaseLostError extends Error {}

export function mustHold(held: boolean): void {
  if (!held) throw new LeaseLostError();
}
