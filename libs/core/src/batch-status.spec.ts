import { describe, expect, it } from '@jest/globals';
import {
  batchStates,
  batchStatuses,
  endBatchStatuses,
  followedBatchStatuses,
  heldBatchStatuses,
  inheritedStatus,
  initialBatchStatuses,
  mayMove,
  outBatchStatuses,
  waitingBatchStatuses,
} from './batch-status.js';
import { mayAdvance, recipientStatuses } from './recipient-status.js';

describe(inheritedStatus.name, () => {
  it('is a status of recipients for every status of batches', () => {
    for (const batch of batchStatuses) expect(recipientStatuses).toContain(inheritedStatus(batch));
  });

  it('never leads a follower of an accepted batch back to waiting', () => {
    expect(mayAdvance('unconfirmed', inheritedStatus('submitted'))).toBe(true);
    expect(mayAdvance(inheritedStatus('settled'), inheritedStatus('submitted'))).toBe(false);
  });

  it('lets a recipient of a replanned batch wait for its child', () => {
    expect(inheritedStatus('replanned')).toBe('queued');
  });
});

describe('the table of moves', () => {
  it('explains every state in one sentence', () => {
    for (const { meaning } of Object.values(batchStates)) expect(meaning).toMatch(/^[A-Z][^.]*\.$/);
  });

  it('leads to every state from the initial ones', () => {
    const reached = new Set<string>(initialBatchStatuses);
    for (const status of reached) {
      for (const next of batchStates[status as keyof typeof batchStates].next) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...batchStatuses].sort());
  });

  it('ends exactly where nothing follows', () => {
    expect(batchStatuses.filter((status) => batchStates[status].next.length === 0)).toEqual(endBatchStatuses);
  });

  it('lets a held batch go no other way than through its release', () => {
    expect(batchStatuses.filter((status) => mayMove(status, 'held'))).toEqual([]);
    expect(mayMove('held', 'dispatching')).toBe(false);
  });

  it('never lets a batch wait again once a provider has it', () => {
    for (const status of followedBatchStatuses) {
      for (const waiting of [...waitingBatchStatuses, ...outBatchStatuses]) {
        expect([status, waiting, mayMove(status, waiting)]).toEqual([status, waiting, false]);
      }
    }
  });

  it('cancels on request only what no provider may have', () => {
    const cancellable = batchStatuses.filter((status) => mayMove(status, 'cancelled'));
    expect(cancellable.filter((status) => !(followedBatchStatuses as readonly string[]).includes(status))).toEqual([
      ...heldBatchStatuses,
      ...waitingBatchStatuses,
    ]);
  });
});
