import { setTimeout as sleep } from 'node:timers/promises';
import { newUuid } from '@gateway/platform';
import { freshDatabase } from '@gateway/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from './database.js';

describe(Database.name, () => {
  let database: Database;

  beforeAll(async () => {
    const onError = (): void => undefined;
    database = new Database({ url: await freshDatabase(), connections: 2, applicationName: 'test', onError });
  });
  afterAll(() => database.close());

  it('outlives a connection that breaks between two statements of a transaction', async () => {
    const broken = database.transaction(async (tx) => {
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.pool.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
      // Long enough to hear of it while no statement is under way.
      await sleep(200);
      await tx.query('SELECT 1');
    });
    await expect(broken).rejects.toThrow();
    expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('reads the same time through Prisma as through SQL, in whatever zone the server is', async () => {
    const url = new URL(await freshDatabase());
    url.searchParams.set('options', '-c TimeZone=Asia/Seoul');
    const inSeoul = new Database({ url: url.href, connections: 2, applicationName: 'test', onError: () => undefined });
    const at = new Date('2026-11-30T20:15:00.123Z');
    const id = newUuid();
    await inSeoul.pool.query('INSERT INTO client (id, name, created_at) VALUES ($1::uuid, $1::text, $2)', [id, at]);
    const client = await inSeoul.prisma.client.findFirst({ where: { createdAt: at } });
    await inSeoul.close();
    expect(client).toMatchObject({ id, createdAt: at });
  });
});
