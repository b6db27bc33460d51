import {} from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { Timing } from '../../shared/timing.js';
import { decide } from './decide.js';

const timing = { retryBaseMs: 1000, retryMaxMs: 60_000 } as Timing;

describe(decide.name, () => {
  it('ends a batch only when the provider refuses this very content', () => {
    const refused = { scope: 'batch', reason: 'content' } as const;
    expect(decide(refused, 1, timing)).toEqual({ decision: 'fail', reason: 'content', elsewhere: false });
    for (const scope of ['account', 'moment'] as const) {
      expect(decide({ scope, reason: 'quota' }, 50, timing)).toMatchObject({ decision: 'retry', reason: 'quota' });
    }
  });

  it('offers a batch refused for its sender, a header or a file to another account, without a wait', () => {
    const refused = { scope: 'message', reason: 'sender_not_verified' } as const;
    expect(decide(refused, 1, timing)).toEqual({
      decision: 'fail',
      reason: 'sender_not_verified',
      elsewhere: true,
    });
  });

  it('waits longer each time, up to the longest pause', () => {
    const delays = [1, 2, 3, 4, 20].map((attempt) => {
      const verdict = decide({ scope: 'moment', reason: 'throttled' }, attempt, timing);
      return verdict.decision === 'retry' ? verdict.delayMs : 0;
    });
    for (const [i, least] of [500, 1000, 2000, 4000, 30_000].entries()) {
      expect(delays[i]).toBeGreaterThanOrEqual(least);
      expect(delays[i]).toBeLessThanOrEqual(2 * least);
    }
  });

  it('waits as long as the provider asks', () => {
    const asked = { reason: 'throttled', retryAfterMs: 7000 } as const;
    expect(decide({ ...asked, scope: 'moment' }, 1, timing)).toMatchObject({ delayMs: 7000 });
    expect(decide({ ...asked, scope: 'account', retryAfterMs: 90_000 }, 1, timing)).toMatchObject({ delayMs: 90_000 });
  });
});
