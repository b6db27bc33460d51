import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { messageStatuses, messageStatusOf, type MessageStatus, type RecipientCounts } from './message-status.js';
import { recipientStatuses, type RecipientStatus } from './recipient-status.js';

const count = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 1, max: 100_000 }));
const countsOf = (statuses: readonly RecipientStatus[]): fc.Arbitrary<RecipientCounts> =>
  fc.record(Object.fromEntries(statuses.map((each) => [each, count])), { requiredKeys: [] });

const settled = recipientStatuses.slice(recipientStatuses.indexOf('sent'));
const unsettled = recipientStatuses.filter((each) => !settled.includes(each));
const has = (counts: RecipientCounts, ...statuses: RecipientStatus[]): boolean =>
  statuses.some((each) => (counts[each] ?? 0) > 0);

describe(messageStatusOf.name, () => {
  it.each<[RecipientCounts, MessageStatus]>([
    [{ held: 3 }, 'held'],
    [{ held: 3, suppressed: 1, cancelled: 1 }, 'held'],
    [{ held: 1, scheduled: 2 }, 'scheduled'],
    [{ held: 1, delivered: 2 }, 'sending'],
    [{ scheduled: 3 }, 'scheduled'],
    [{ scheduled: 3, suppressed: 1 }, 'scheduled'],
    [{ scheduled: 3, cancelled: 1 }, 'scheduled'],
    [{ scheduled: 1, queued: 2 }, 'queued'],
    [{ queued: 3 }, 'queued'],
    [{ deferred: 3 }, 'queued'],
    [{ queued: 2, deferred: 1, suppressed: 4 }, 'queued'],
    [{ queued: 2, dispatching: 1 }, 'sending'],
    [{ queued: 2, delivered: 1 }, 'sending'],
    [{ queued: 2, failed: 1 }, 'sending'],
    [{ unconfirmed: 1 }, 'sending'],
    [{ submitted: 1 }, 'sending'],
    [{ sending: 1, delivered: 9 }, 'sending'],
    [{ sent: 3 }, 'completed'],
    [{ delivered: 3 }, 'completed'],
    [{ sent: 1, delivered: 2, suppressed: 3, unsubscribed: 4, cancelled: 5 }, 'completed'],
    [{ suppressed: 3 }, 'completed'],
    [{ unsubscribed: 3 }, 'completed'],
    [{ delivered: 2, bounced: 1 }, 'partially_failed'],
    [{ sent: 2, expired: 1 }, 'partially_failed'],
    [{ bounced: 1 }, 'failed'],
    [{ failed: 1, rejected: 1, expired: 1 }, 'failed'],
    [{ failed: 1, suppressed: 5 }, 'failed'],
    [{ failed: 1, cancelled: 5 }, 'failed'],
    [{ cancelled: 3 }, 'cancelled'],
    [{ cancelled: 3, suppressed: 2 }, 'cancelled'],
    [{}, 'completed'],
  ])('says of %j: %s', (counts, expected) => {
    expect(messageStatusOf(counts)).toBe(expected);
  });

  it('obeys the sentences of the public interface once all are settled', () => {
    fc.assert(
      fc.property(countsOf(settled), (counts) => {
        const good = has(counts, 'sent', 'delivered');
        const bad = has(counts, 'bounced', 'failed', 'rejected', 'expired');
        const result = messageStatusOf(counts);
        const settledAs = good ? ['completed', 'partially_failed'] : [expect.not.stringMatching(/failed/), 'failed'];
        expect(result).toEqual(settledAs[bad ? 1 : 0]);
        const onlyCancelled = settled.every((each) => each === 'cancelled' || !has(counts, each));
        if (onlyCancelled && has(counts, 'cancelled')) expect(result).toBe('cancelled');
        if (good || bad) expect(result).not.toBe('cancelled');
      }),
      { numRuns: 500 },
    );
  });

  it('is on its way as long as one recipient is not settled', () => {
    fc.assert(
      fc.property(countsOf(settled), countsOf(unsettled), fc.constantFrom(...unsettled), (a, b, one) => {
        const counts = { ...a, ...b, [one]: 1 };
        const result = messageStatusOf(counts);
        expect(['held', 'scheduled', 'queued', 'sending']).toContain(result);
        const begun = recipientStatuses
          .slice(recipientStatuses.indexOf('dispatching'))
          .filter((each) => each !== 'suppressed' && each !== 'cancelled');
        expect(result === 'sending').toBe(has(counts, ...begun));
        if (result === 'scheduled') expect(has(counts, 'queued', 'deferred')).toBe(false);
        if (result === 'held') expect(has(counts, 'scheduled', 'queued', 'deferred')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('takes an absent count for none', () => {
    fc.assert(
      fc.property(countsOf(recipientStatuses), (counts) => {
        const full = Object.fromEntries(recipientStatuses.map((each) => [each, counts[each] ?? 0]));
        expect(messageStatusOf(counts)).toBe(messageStatusOf(full));
        expect(messageStatuses).toContain(messageStatusOf(counts));
      }),
    );
  });
});
