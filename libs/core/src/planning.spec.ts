import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecipientType } from './message.js';
import { BatchPlanner, PlanError, type BatchRange, type PlanLimits } from './planning.js';

interface Entry {
  readonly type: RecipientType;
  readonly bytes: number;
}

const INDIVIDUAL: PlanLimits = { delivery: 'individual', maxRecipients: 3, maxBytes: 1000, allowSplit: false };
const SHARED: PlanLimits = { ...INDIVIDUAL, delivery: 'shared' };
const SPLIT: PlanLimits = { ...SHARED, allowSplit: true };

function plan(limits: PlanLimits, entries: readonly Entry[]): readonly BatchRange[] {
  const planner = new BatchPlanner(limits);
  for (const { type, bytes } of entries) planner.add(type, bytes);
  return planner.finish();
}

/** `t`, `c`, `b` for to, cc and bcc. */
const TYPES: Readonly<Record<string, RecipientType>> = { t: 'to', c: 'cc', b: 'bcc' };
const recipients = (text: string): Entry[] => [...text].map((letter) => ({ type: TYPES[letter] ?? 'to', bytes: 10 }));
const pieces = (text: string, ranges: readonly BatchRange[]): string[] =>
  ranges.map(({ from, to }) => text.slice(from, to + 1));

/** Fewest pieces by trying every cut; `undefined` when there is none. */
function fewest(text: string, max: number): number | undefined {
  const from: (number | undefined)[] = Array.from({ length: text.length + 1 });
  from[text.length] = 0;
  for (let start = text.length - 1; start >= 0; start -= 1) {
    for (let end = start + 1; end <= Math.min(text.length, start + max); end += 1) {
      const rest = from[end];
      if (rest === undefined || !text.slice(start, end).includes('t')) continue;
      from[start] = Math.min(from[start] ?? Number.POSITIVE_INFINITY, rest + 1);
    }
  }
  return from[0];
}

const entry = fc.record({ type: fc.constantFrom<RecipientType>('to', 'cc', 'bcc'), bytes: fc.nat({ max: 400 }) });
const sharedText = (weightOfTo: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: weightOfTo, arbitrary: fc.constant('t') },
        { weight: 1, arbitrary: fc.constant('c') },
        { weight: 1, arbitrary: fc.constant('b') },
      ),
      { minLength: 1, maxLength: 14 },
    )
    .map((letters) => letters.join(''));

function expectContiguous(ranges: readonly BatchRange[], total: number): void {
  let next = 0;
  for (const { from, to } of ranges) {
    expect(from).toBe(next);
    expect(to).toBeGreaterThanOrEqual(from);
    next = to + 1;
  }
  expect(next).toBe(total);
}

describe(BatchPlanner.name, () => {
  it('plans nothing without recipients', () => {
    for (const limits of [INDIVIDUAL, SHARED, SPLIT]) expect(plan(limits, [])).toEqual([]);
  });

  it('gives the same answer when it is asked twice', () => {
    const planner = new BatchPlanner(SPLIT);
    for (const { type, bytes } of recipients('ttttc')) planner.add(type, bytes);
    expect(planner.finish()).toEqual(planner.finish());
  });

  describe('of individual mail', () => {
    it('fills batches up to the number of recipients', () => {
      expect(pieces('ttttttt', plan(INDIVIDUAL, recipients('ttttttt')))).toEqual(['ttt', 'ttt', 't']);
    });

    it('cuts before the bytes are too many', () => {
      const sizes = [400, 600, 1, 5000, 1, 999];
      const ranges = plan(
        INDIVIDUAL,
        sizes.map((bytes) => ({ type: 'to', bytes })),
      );
      expect(ranges).toEqual([
        { from: 0, to: 1 },
        { from: 2, to: 2 },
        { from: 3, to: 3 },
        { from: 4, to: 5 },
      ]);
    });

    it('is contiguous, complete, deterministic and within its limits', () => {
      const limits = fc.record({
        maxRecipients: fc.integer({ min: 1, max: 6 }),
        maxBytes: fc.integer({ min: 1, max: 1000 }),
      });
      fc.assert(
        fc.property(fc.array(entry, { maxLength: 40 }), limits, (entries, bounds) => {
          const ranges = plan({ ...INDIVIDUAL, ...bounds }, entries);
          expectContiguous(ranges, entries.length);
          expect(plan({ ...INDIVIDUAL, ...bounds }, entries)).toEqual(ranges);
          const bytesIn = (from: number, to: number): number =>
            entries.slice(from, to + 1).reduce((sum, { bytes }) => sum + bytes, 0);
          for (const { from, to } of ranges) {
            const size = to - from + 1;
            expect(size).toBeLessThanOrEqual(bounds.maxRecipients);
            if (size > 1) expect(bytesIn(from, to)).toBeLessThanOrEqual(bounds.maxBytes);
            const last = to === entries.length - 1;
            const full = size === bounds.maxRecipients || bytesIn(from, to + 1) > bounds.maxBytes;
            expect(last || full).toBe(true);
          }
        }),
        { numRuns: 300 },
      );
    });
  });

  describe('of shared mail', () => {
    it('is one piece, whatever its bytes', () => {
      const entries = recipients('tcb').map((each) => ({ ...each, bytes: 10_000 }));
      expect(plan(SHARED, entries)).toEqual([{ from: 0, to: 2 }]);
    });

    it('is never split without leave', () => {
      fc.assert(
        fc.property(sharedText(3), fc.integer({ min: 1, max: 8 }), (text, maxRecipients) => {
          const act = (): readonly BatchRange[] => plan({ ...SHARED, maxRecipients }, recipients(text));
          if (text.length > maxRecipients || !text.includes('t')) expect(act).toThrow(PlanError);
          else expect(act()).toEqual([{ from: 0, to: text.length - 1 }]);
        }),
        { numRuns: 300 },
      );
    });

    it.each(['c', 'bcb', 'cccccc'])('is refused without anyone it goes to: %s', (text) => {
      expect(() => plan(SPLIT, recipients(text))).toThrow('needs a recipient of type "to"');
    });

    it.each([
      ['ttttttt', ['ttt', 'ttt', 't']],
      ['tttttc', ['ttt', 'ttc']],
      ['ttttttc', ['ttt', 'tt', 'tc']],
      ['tttccbt', ['tt', 'tcc', 'bt']],
      ['tttcctc', ['tt', 'tcc', 'tc']],
      ['tttccct', ['tt', 'tcc', 'ct']],
      ['ccttcc', ['cct', 'tcc']],
    ])('with leave is cut so that each piece has a to: %s', (text, expected) => {
      expect(pieces(text, plan(SPLIT, recipients(text)))).toEqual(expected);
    });

    it.each(['tttccc', 'ccct', 'tccccct', 'ctcctcccc'])('is refused when no such cut exists: %s', (text) => {
      expect(() => plan(SPLIT, recipients(text))).toThrow(PlanError);
    });

    it.each([1, 4])(
      'finds a cut exactly when there is one, with as few mails as possible (weight of to: %d)',
      (weight) => {
        fc.assert(
          fc.property(sharedText(weight), fc.integer({ min: 1, max: 5 }), (text, maxRecipients) => {
            const act = (): readonly BatchRange[] => plan({ ...SPLIT, maxRecipients }, recipients(text));
            const best = fewest(text, maxRecipients);
            if (best === undefined) {
              expect(act).toThrow(PlanError);
              return;
            }
            const ranges = act();
            expectContiguous(ranges, text.length);
            expect(act()).toEqual(ranges);
            expect(ranges).toHaveLength(best);
            for (const piece of pieces(text, ranges)) {
              expect(piece.length).toBeLessThanOrEqual(maxRecipients);
              expect(piece).toContain('t');
            }
          }),
          { numRuns: 300 },
        );
      },
    );

    it('plans a hundred thousand recipients in no time', () => {
      const planner = new BatchPlanner({ ...SPLIT, maxRecipients: 1000 });
      const started = performance.now();
      for (let i = 0; i < 100_000; i += 1) planner.add(i % 3 === 0 ? 'to' : 'cc', 100);
      expect(planner.finish()).toHaveLength(100);
      expect(performance.now() - started).toBeLessThan(20_000);
    });
  });
});
