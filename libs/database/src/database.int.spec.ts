import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { eventually, freshDatabase } from '@gateway/testing';
import { Database } from './database.js';

describe(Database.name, () => {
  it('outlives connections that break, used at the moment or not', async () => {
    const errors: string[] = [];
    const url = await freshDatabase();
    const sut = new Database({ url, connections: 3, applicationName: 'test', onError: (e) => errors.push(e.message) });
    try {
      const [idle, held, killer] = await Promise.all([1, 2, 3].map(() => sut.pool.connect()));
      idle?.release();
      await killer?.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
      );
      await eventually(async () => expect(errors.length).toBeGreaterThanOrEqual(2));
      await sleep(50);
      held?.release(true);
      killer?.release();
      expect((await sut.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await sut.close();
    }
  });
});
