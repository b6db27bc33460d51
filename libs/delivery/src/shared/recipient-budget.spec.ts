import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { RecipientBudget } from './recipient-budget.js';

describe(RecipientBudget.name, () => {
  it('never holds more than its capacity, and admits all work in order', async () => {
    const weights = fc.array(fc.integer({ min: 11, max: 150 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(weights, async (batches) => {
        const budget = new RecipientBudget(100);
        const begun: number[] = [];
        let held = 0;
        await Promise.all(
          batches.map((weight, i) =>
            budget.run(weight, async () => {
              begun.push(i);
              held += Math.min(weight, 100);
              expect(held).toBeLessThanOrEqual(100);
              await turn();
              held -= Math.min(weight, 100);
            }),
          ),
        );
        expect(begun).toEqual(batches.map((_, i) => i));
      }),
      { numRuns: 50 },
    );
  });

  it('admits a small batch at once', async () => {
    const budget = new RecipientBudget(100);
    let end: () => void = () => undefined;
    const campaign = budget.run(1000, () => new Promise<void>((resolve) => (end = resolve)));
    expect(await budget.run(1, async () => 'in')).toBe('in');
    end();
    await campaign;
  });

  it('releases the weight of failed work', async () => {
    const budget = new RecipientBudget(20);
    await expect(budget.run(20, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await budget.run(20, async () => 'in')).toBe('in');
  });
});
