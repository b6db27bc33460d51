import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDatabase } from '@gateway/testing';
import type { Database } from '../database.js';
import { LogHorizon } from '../events/log-horizon.js';
import { addEntries } from './add-entries.js';
import { AuditRepository } from './audit.repository.js';

const WRITERS = 24;
const ROUNDS = 20;

describe('a reader at the end of the audit log', () => {
  let database: Database;
  let audit: AuditRepository;

  beforeAll(async () => {
    database = await aDatabase(WRITERS + 6);
    audit = new AuditRepository(database);
  });
  afterAll(() => database.close());

  /** As an export that goes on with the last entry it has got. */
  async function follow(isOver: () => boolean): Promise<readonly string[]> {
    const horizon = new LogHorizon(database);
    const seen: string[] = [];
    for (let [after, over] = [0, false]; ;) {
      const rows = await audit.findNext({}, { horizon: await horizon.current(), after, limit: 50 });
      for (const { target } of rows) seen.push(target ?? '');
      after = rows.at(-1)?.position ?? after;
      if (rows.length === 0 && over) return seen;
      over = isOver();
      await sleep(5);
    }
  }

  /** A third dawdle between the entry and the commit, and some are rolled back. */
  async function write(writer: number, kept: string[]): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const target = `${writer} ${round}`;
      const rollsBack = (writer + round) % 13 === 0;
      const work = database.transaction(async (tx) => {
        await addEntries(tx, [{ action: 'test.act', target, process: 'test' }]);
        if ((writer + round) % 3 === 0) await sleep(((writer * 37 + round * 11) % 20) * 10);
        if (rollsBack) throw new Error('rolled back');
      });
      await work.then(
        () => kept.push(target),
        (error: Error) => expect(error.message).toBe('rolled back'),
      );
    }
  }

  it('reads each of 24 writers’ entries once, however late its transaction ends', async () => {
    const kept: string[] = [];
    let isOver = false;
    const readers = [follow(() => isOver), follow(() => isOver)];
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer, kept)));
    isOver = true;
    for (const seen of await Promise.all(readers)) {
      expect(seen).toHaveLength(kept.length);
      expect(seen.toSorted()).toEqual(kept.toSorted());
    }
    expect(kept.length).toBeLessThan(WRITERS * ROUNDS);
  }, 60_000);
});
