import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  batchStatuses,
  inheritedStatus,
  mayAdvance,
  messageStatusOf,
  recipientStatuses,
  type RecipientCounts,
  type RecipientStatus,
} from '@gateway/core';
import { aDatabase } from '@gateway/testing';
import fc from 'fast-check';
import type { Database } from './database.js';

/** Every set of at most three statuses. */
function* smallSets(): Generator<readonly RecipientStatus[]> {
  yield [];
  for (const [i, a] of recipientStatuses.entries()) {
    yield [a];
    for (const [j, b] of recipientStatuses.entries()) {
      if (j <= i) continue;
      yield [a, b];
      for (const c of recipientStatuses.slice(j + 1)) yield [a, b, c];
    }
  }
}

const countsOf = (statuses: readonly RecipientStatus[]): RecipientCounts =>
  Object.fromEntries(statuses.map((status, n) => [status, n + 1]));

const anyCounts: fc.Arbitrary<RecipientCounts> = fc.dictionary(
  fc.constantFrom(...recipientStatuses),
  fc.nat({ max: 100_000 }),
);

describe('functions of the database', () => {
  let database: Database;
  beforeAll(async () => {
    database = await aDatabase(2);
  });
  afterAll(() => database.close());

  const column = async (sql: string, ...values: unknown[]): Promise<unknown[]> =>
    (await database.pool.query<{ value: unknown }>(sql, values)).rows.map(({ value }) => value);

  it('shape_partitions gives each partition what it is to have, once', async () => {
    await database.ensurePartitions();
    const options = await column(
      `SELECT p.relname || ': ' || array_to_string(ARRAY(SELECT unnest(c.reloptions) ORDER BY 1), ', ') AS value
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
       WHERE p.relname IN ('recipient', 'event')`,
    );
    expect(options.length).toBeGreaterThanOrEqual(8);
    expect([...new Set(options)].sort()).toEqual([
      'event: autovacuum_vacuum_insert_scale_factor=0.05, fillfactor=100',
      'recipient: autovacuum_vacuum_insert_scale_factor=0.05, autovacuum_vacuum_scale_factor=0.05, fillfactor=90',
    ]);
    expect(await column('SELECT shape_partitions() AS value')).toEqual([0]);
    expect(await column('SELECT ensure_partitions(4) AS value')).toEqual([4]);
    expect(await column('SELECT shape_partitions() AS value')).toEqual([0]);
    await database.pool.query('ALTER TABLE event_default RESET (fillfactor)');
    expect(await column('SELECT shape_partitions() AS value')).toEqual([1]);
  });

  it('derive_message_status is messageStatusOf', async () => {
    const inputs = [...[...smallSets()].map(countsOf), ...fc.sample(anyCounts, 2000)];
    const derived = await column(
      `SELECT derive_message_status(counts::jsonb)::text AS value
       FROM unnest($1::text[]) WITH ORDINALITY AS t (counts, n) ORDER BY n`,
      inputs.map((counts) => JSON.stringify(counts)),
    );
    inputs.forEach((counts, i) => expect([counts, derived[i]]).toEqual([counts, messageStatusOf(counts)]));
  });

  it('may_advance is mayAdvance', async () => {
    const pairs = recipientStatuses.flatMap((from) => recipientStatuses.map((to) => [from, to] as const));
    const allowed = await column(
      `SELECT may_advance(a, b) AS value
       FROM unnest($1::recipient_status[], $2::recipient_status[]) WITH ORDINALITY AS t (a, b, n) ORDER BY n`,
      pairs.map(([from]) => from),
      pairs.map(([, to]) => to),
    );
    expect(pairs.map((pair, i) => [...pair, allowed[i]])).toEqual(
      pairs.map(([from, to]) => [from, to, mayAdvance(from, to)]),
    );
  });

  it('inherited_status is inheritedStatus', async () => {
    const inherited = await column(
      `SELECT inherited_status(s)::text AS value
       FROM unnest($1::batch_status[]) WITH ORDINALITY AS t (s, n) ORDER BY n`,
      batchStatuses,
    );
    expect(inherited).toEqual(batchStatuses.map(inheritedStatus));
  });

  it('knows the same statuses as the code, in the same order', async () => {
    for (const [type, words] of [
      ['recipient_status', recipientStatuses],
      ['batch_status', batchStatuses],
    ] as const) {
      expect(await column(`SELECT unnest(enum_range(NULL::${type}))::text AS value`)).toEqual([...words]);
    }
  });

  it('counts_add adds counts of anything, and drops those that become zero', async () => {
    const words = [...recipientStatuses, 'messages', 'contacts'];
    const counts = (of: readonly string[]) => fc.dictionary(fc.constantFrom(...of), fc.integer({ min: -5, max: 5 }));
    const either = fc.oneof(counts(recipientStatuses), counts(words));
    await fc.assert(
      fc.asyncProperty(either, either, async (a, b) => {
        const [sum] = await column(
          'SELECT counts_add($1::jsonb, $2::jsonb) AS value',
          JSON.stringify(a),
          JSON.stringify(b),
        );
        const wanted = words.flatMap((word) => {
          const total = (a[word] ?? 0) + (b[word] ?? 0);
          return total === 0 ? [] : [[word, total] as const];
        });
        expect(sum).toEqual(Object.fromEntries(wanted));
      }),
      { numRuns: 200 },
    );
  });
});
