import { newUuid } from '@gateway/platform';
import { freshDatabase } from '@gateway/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isDatabaseAway } from './errors/database-away.js';
import { Database } from './database.js';
import { isDatabaseBusy } from './errors/lock-unavailable.js';
import { PrismaInTransactions } from './prisma-in-transactions.js';
import { isUniqueViolation } from './errors/unique-violation.js';

describe(PrismaInTransactions.name, () => {
  let url: string;
  let database: Database;
  const open = (lockMs = 0): Database =>
    new Database({
      url,
      connections: 4,
      applicationName: 'test',
      onError: () => undefined,
      limits: { statementMs: 0, lockMs, idleInTransactionMs: 0 },
    });

  beforeAll(async () => {
    url = await freshDatabase();
    database = open();
  });
  afterAll(() => database.close());

  const aName = (): { id: string; name: string } => ({ id: newUuid(), name: newUuid() });
  const isThere = async ({ id }: { readonly id: string }): Promise<boolean> =>
    (await database.pool.query('SELECT FROM client WHERE id = $1', [id])).rowCount === 1;

  it('writes and reads in the transaction of the connection, and nowhere else', async () => {
    const [bySql, byPrisma] = [aName(), aName()];
    await database.transaction(async (tx) => {
      await tx.query('INSERT INTO client (id, name) VALUES ($1, $2)', [bySql.id, bySql.name]);
      const prisma = await database.prismaOn(tx);
      await prisma.client.create({ data: byPrisma });
      expect(await prisma.client.count({ where: { id: { in: [bySql.id, byPrisma.id] } } })).toBe(2);
      expect(await database.prisma.client.count({ where: { id: { in: [bySql.id, byPrisma.id] } } })).toBe(0);
    });
    expect([await isThere(bySql), await isThere(byPrisma)]).toEqual([true, true]);
  });

  it('is rolled back with the transaction, also what Prisma would do in a transaction of its own', async () => {
    const client = aName();
    const category = { id: newUuid(), name: 'Receipts' };
    const failed = database.transaction(async (tx) => {
      const prisma = await database.prismaOn(tx);
      await prisma.client.create({ data: { ...client, categories: { create: [category] } } });
      const { rows } = await tx.query('SELECT FROM template_category WHERE client_id = $1', [client.id]);
      expect(rows).toHaveLength(1);
      throw new Error('changed its mind');
    });
    await expect(failed).rejects.toThrow('changed its mind');
    expect(await isThere(client)).toBe(false);
  });

  it('keeps transactions apart that are under way at once, on connections that are used again', async () => {
    const clients = Array.from({ length: 40 }, aName);
    const ends = await Promise.allSettled(
      clients.map(({ id, name }, i) =>
        database.transaction(async (tx) => {
          const [prisma, again] = await Promise.all([database.prismaOn(tx), database.prismaOn(tx)]);
          expect(again).toBe(prisma);
          await prisma.client.create({ data: { id, name } });
          const [found, other] = await Promise.all([
            prisma.client.findUnique({ where: { id } }),
            prisma.client.findUnique({ where: { id: clients[(i + 1) % 40]?.id ?? '' } }),
          ]);
          expect([found?.id, other === null || i % 2 === 1]).toEqual([id, true]);
          if (i % 2 === 0) throw new Error('rolled back');
        }),
      ),
    );
    expect(ends.map(({ status }) => status)).toEqual(clients.map((_, i) => (i % 2 === 0 ? 'rejected' : 'fulfilled')));
    const there = await Promise.all(clients.map(isThere));
    expect(there).toEqual(clients.map((_, i) => i % 2 === 1));
  });

  it('lets the victim of a deadlock do it again', async () => {
    const [a, b] = [aName(), aName()];
    await database.prisma.client.createMany({ data: [a, b] });
    let runs = 0;
    let met = 0;
    const both = Promise.withResolvers<void>();
    const change = (order: readonly { readonly id: string }[]): Promise<void> =>
      database.repeatable(async (tx) => {
        runs += 1;
        const prisma = await database.prismaOn(tx);
        for (const { id } of order) {
          await prisma.client.update({ where: { id }, data: { name: newUuid() } });
          if ((met += 1) === 2) both.resolve();
          await both.promise;
        }
      });
    await Promise.all([change([a, b]), change([b, a])]);
    expect(runs).toBeGreaterThan(2);
  });

  it('is refused for a connection without a transaction', async () => {
    const client = await database.pool.connect();
    await expect(database.prismaOn(client)).rejects.toThrow('no transaction');
    client.release();
    expect(await database.prismaOn(database.pool)).toBe(database.prisma);
    let ended: unknown;
    await database.transaction(async (tx) => (ended = tx));
    await expect(database.prismaOn(ended as never)).rejects.toThrow('no transaction');
  });

  it('reads one snapshot of the database, when it is asked to', async () => {
    const { id, name } = aName();
    await database.prisma.client.create({ data: { id, name } });
    const names = await database.atOneMoment(async (tx) => {
      const prisma = await database.prismaOn(tx);
      const before = await prisma.client.findUnique({ where: { id } });
      await database.prisma.client.update({ where: { id }, data: { name: newUuid() } });
      const after = await prisma.client.findFirst({ where: { id } });
      return [before?.name, after?.name];
    });
    expect(names).toEqual([name, name]);
  });

  it('writes the times of the database: a default, and the one that it is given', async () => {
    const { id, name } = aName();
    const times = await database.transaction(async (tx) => {
      const { rows } = await tx.query<{ now: Date }>('SELECT now()::timestamptz(3), pg_sleep(0.02)');
      const prisma = await database.prismaOn(tx);
      const client = await prisma.client.create({ data: { id, name } });
      return [rows[0]?.now, client.createdAt, await database.timeOf(tx)];
    });
    expect(new Set(times.map((time) => time?.toISOString())).size).toBe(1);
  });

  describe('errors of PostgreSQL that Prisma meets', () => {
    const failureOf = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );

    it('are known as what they are: a taken name', async () => {
      const client = aName();
      await database.prisma.client.create({ data: client });
      const error = await failureOf(database.prisma.client.create({ data: { ...client, id: newUuid() } }));
      expect([isUniqueViolation(error), isDatabaseBusy(error), isDatabaseAway(error)]).toEqual([true, false, false]);
    });

    it('are known as what they are: a lock that was not available, a connection that was ended', async () => {
      const client = aName();
      await database.prisma.client.create({ data: client });
      const renameBy = (by: Database): Promise<unknown> =>
        failureOf(by.prisma.client.update({ where: { id: client.id }, data: { name: newUuid() } }));
      const [impatient, patient] = [open(100), open()];
      const { rows } = await patient.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const [locked, ended] = await database.transaction(async (tx) => {
        await tx.query('SELECT FROM client WHERE id = $1 FOR UPDATE', [client.id]);
        const waiting = renameBy(patient);
        const error = await renameBy(impatient);
        await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
        return [error, await waiting];
      });
      await Promise.all([impatient.close(), patient.close()]);
      expect([isUniqueViolation(locked), isDatabaseBusy(locked), isDatabaseAway(locked)]).toEqual([false, true, false]);
      expect([isUniqueViolation(ended), isDatabaseBusy(ended), isDatabaseAway(ended)]).toEqual([false, false, true]);
    });
  });
});
