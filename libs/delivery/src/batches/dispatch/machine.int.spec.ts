import {} from '@nestjs/common';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Database } from '@gateway/database';
import { aDatabase, GivenRows } from '@gateway/testing';
import fc from 'fast-check';
import { Machine } from './machine.fixture.js';

const STEPS = [
  ...([
    'claim',
    'claim',
    'claim',
    'begin',
    'begin',
    'begin',
    'decide',
    'decide',
    'result',
    'result',
    'result',
  ] as const),
  ...(['lookUp', 'lookUp', 'lookUp', 'lookUp', 'loseLease', 'loseLease', 'die', 'comeDue', 'comeDue'] as const),
  ...(['hold', 'release', 'leave', 'cancel', 'expire', 'expireDoubt', 'report'] as const),
  ...(['post', 'post', 'post', 'overtake', 'overtake', 'overtake'] as const),
];

const step = fc.record({
  name: fc.constantFrom(...STEPS),
  /** Which batch, or which worker. */
  nth: fc.nat({ max: 3 }),
  fate: fc.constantFrom('taken' as const, 'taken' as const, 'refused' as const, 'lost' as const),
  scope: fc.constantFrom('moment' as const, 'account' as const, 'batch' as const),
  /** Does the worker hear the provider's word? Does a post that was under way arrive? */
  yes: fc.boolean(),
  away: fc.nat({ max: 3 }).map((n) => n === 0),
  times: fc.integer({ min: 1, max: 4 }),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const PLAY: Readonly<Record<Step['name'], (machine: Machine, batchId: string, step: Step) => unknown>> = {
  claim: (machine, batchId) => machine.claim(batchId, 2),
  begin: (machine, _, { nth }) => machine.begin(nth),
  decide: (machine, _, { nth, fate }) => machine.vendor.decide(nth, fate),
  result: (machine, _, { nth, yes, scope }) => machine.result(nth, yes, scope),
  lookUp: (machine, batchId, { yes, away, times }) => machine.lookUp(batchId, { arrives: yes, away, times }),
  loseLease: (machine, batchId) => machine.loseLease(batchId),
  die: (machine, _, { nth }) => machine.die(nth),
  comeDue: (machine, batchId) => machine.comeDue(batchId),
  hold: (machine, _, { nth }) => machine.giveBack(nth, 'hold'),
  release: (machine, _, { nth }) => machine.giveBack(nth, 'release'),
  leave: (machine, _, { nth }) => machine.giveBack(nth, 'leave'),
  // Rarely: everything after it is about nothing.
  cancel: (machine, _, { nth, yes }) => nth === 0 && yes && machine.cancel(),
  expire: (machine, batchId, { nth, yes }) => nth === 0 && yes && machine.expire(batchId),
  expireDoubt: (machine, batchId, { nth, yes }) => nth === 0 && yes && machine.expireDoubt(batchId),
  report: (machine, batchId) => machine.report(batchId),
  // Random single steps seldom form a dangerous order, so these sequences are given.
  post: (machine, batchId, { fate }) => post(machine, batchId, fate),
  overtake: async (machine, batchId, { fate, yes }) => {
    await machine.loseLease(batchId);
    await machine.lookUp(batchId, { arrives: yes, away: false, times: 4 });
    await post(machine, batchId, fate);
  },
};

async function post(machine: Machine, batchId: string, fate: Step['fate']): Promise<void> {
  await machine.comeDue(batchId);
  await machine.claim(batchId, 1);
  await machine.begin(0);
  machine.vendor.decide(0, fate);
}

describe('the states of a batch', () => {
  let database: Database;
  let given: GivenRows;

  beforeAll(async () => {
    database = await aDatabase(10);
    given = new GivenRows(database);
  });
  afterAll(() => database.close());

  it('lead to no second post without a definite no or a settled absence, in whatever order things happen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
        const machine = new Machine(database, await given.message({ batches: [2, 1], provider: 'first' }));
        for (const one of steps) {
          const batchIds = await machine.batchIds();
          await PLAY[one.name](machine, batchIds[one.nth % batchIds.length] ?? '', one);
          await machine.expectInOrder();
        }
        await machine.finish();
      }),
      { numRuns: Number(process.env['MACHINE_RUNS'] ?? 40), endOnFailure: true },
    );
  });
});
