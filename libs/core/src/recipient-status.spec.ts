import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bounceTypeOf,
  isFinal,
  isSettled,
  mayAdvance,
  reasons,
  recipientStatuses,
  type RecipientStatus,
} from './recipient-status.js';

/** The order of progress; `*` is final. */
const IN_API =
  'held scheduled queued deferred dispatching unconfirmed submitted sending sent delivered* bounced* failed* rejected* suppressed* unsubscribed* cancelled* expired*';
const written = IN_API.split(' ');
const status = fc.constantFrom(...recipientStatuses);

describe('recipientStatuses', () => {
  it('are those of the public interface, in its order', () => {
    expect(recipientStatuses).toEqual(written.map((each) => each.replace('*', '')));
  });

  it('has the reasons of the public interface', () => {
    const inApi =
      'invalid_address unknown_user mailbox_full domain_not_found blocked_spam blocked_policy auth_failed too_large content sender_not_verified recipient_opted_out provider_suppressed quota throttled provider_unavailable provider_refused template_error cancelled_by_caller expired unknown';
    expect(reasons).toEqual(inApi.split(' '));
  });
});

describe(isFinal.name, () => {
  it.each(recipientStatuses)('says of %s what the public interface says', (each) => {
    expect(isFinal(each)).toBe(written.includes(`${each}*`));
  });
});

describe(isSettled.name, () => {
  it.each(recipientStatuses)('is true for %s if that is final or sent', (each) => {
    expect(isSettled(each)).toBe(isFinal(each) || each === 'sent');
  });
});

describe(mayAdvance.name, () => {
  const onTheWay = ['scheduled', 'queued', 'dispatching', 'unconfirmed', 'submitted', 'sending', 'sent'] as const;

  it('leads forward along the whole way and never back', () => {
    for (const [i, from] of onTheWay.entries()) {
      for (const [j, to] of onTheWay.entries()) {
        expect([from, to, mayAdvance(from, to)]).toEqual([from, to, j > i]);
      }
    }
  });

  it('leads from every state on the way to every final one', () => {
    for (const from of recipientStatuses.filter((each) => !isFinal(each))) {
      for (const to of recipientStatuses.filter(isFinal)) expect(mayAdvance(from, to)).toBe(true);
    }
  });

  it('changes what is final only from delivered to bounced', () => {
    const changes = recipientStatuses
      .filter(isFinal)
      .flatMap((from) => recipientStatuses.filter((to) => mayAdvance(from, to)).map((to) => `${from} ${to}`));
    expect(changes).toEqual(['delivered bounced']);
  });

  it('does not choose between waiting states', () => {
    expect(mayAdvance('queued', 'deferred')).toBe(false);
    expect(mayAdvance('deferred', 'queued')).toBe(false);
    expect(mayAdvance('scheduled', 'deferred')).toBe(true);
  });

  it('is a strict partial order apart from delivered to bounced', () => {
    const forward = (from: RecipientStatus, to: RecipientStatus): boolean =>
      mayAdvance(from, to) && !(from === 'delivered' && to === 'bounced');
    fc.assert(
      fc.property(status, status, status, (a, b, c) => {
        expect(forward(a, a)).toBe(false);
        if (forward(a, b)) expect(forward(b, a)).toBe(false);
        if (forward(a, b) && forward(b, c)) expect(forward(a, c)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('ends, in whatever order reports arrive', () => {
    fc.assert(
      fc.property(fc.array(status, { maxLength: 50 }), (reports) => {
        let current: RecipientStatus = 'queued';
        let moves = 0;
        for (const next of reports) {
          if (!mayAdvance(current, next)) continue;
          current = next;
          moves += 1;
        }
        expect(moves).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe(bounceTypeOf.name, () => {
  it.each(['invalid_address', 'unknown_user', 'domain_not_found'] as const)('calls %s hard', (reason) => {
    expect(bounceTypeOf(reason)).toBe('hard');
  });

  it.each(['mailbox_full', 'blocked_spam', 'throttled', 'quota', 'expired', 'unknown'] as const)(
    'calls %s soft',
    (reason) => {
      expect(bounceTypeOf(reason)).toBe('soft');
    },
  );
});
