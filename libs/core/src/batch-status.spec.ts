import { describe, expect, it } from '@jest/globals';
import { batchStatuses, cancellableBatchStatuses, inheritedStatus } from './batch-status.js';
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

describe('cancellableBatchStatuses', () => {
  it('leave out whatever a provider may have', () => {
    expect(cancellableBatchStatuses).toEqual(['scheduled', 'queued', 'deferred']);
  });
});
