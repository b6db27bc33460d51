import { expect, it } from '@jest/globals';
import type { Suite } from '../contract.js';

export function declarationScenarios({ contract, adapter }: Suite): void {
  it('has exactly the methods that its capabilities promise', () => {
    const provider = adapter();
    const { doubt, tracking } = provider.capabilities;
    expect({ doubt, tracking }).toEqual({ doubt: contract.doubt, tracking: contract.tracking });
    expect(new Set(tracking).size).toBeGreaterThan(0);
    const has = (method: 'find' | 'poll' | 'events'): boolean => provider[method] !== undefined;
    expect({ find: has('find'), poll: has('poll'), events: has('events') }).toEqual({
      find: doubt === 'lookup',
      poll: tracking.includes('poll'),
      events: tracking.includes('push'),
    });
    if (doubt === 'events') expect(tracking).toContain('push');
  });

  it('says how long an idempotency key lives where a request may be repeated', () => {
    const { doubt, idempotencyKeyMs } = adapter().capabilities;
    expect((idempotencyKeyMs ?? 0) > 0).toBe(doubt === 'repeat');
  });
}
