import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeId } from '@gateway/core';
import { Database, grantToApplication, migrate } from '@gateway/database';
import { newUuid, startEmbeddedPostgres } from '@gateway/platform';
import { BatchProducer, migrateQueues, openQueueBackend, trackQueueName } from '@gateway/queue';
import {
  actorsAt,
  aMessage,
  freshDatabase,
  onEachQueue,
  onOneQueue,
  sharedRedis,
  TestGateway,
  type Actors,
} from '@gateway/testing';
import { consultDoctor as consult } from '../support/consult-doctor.js';
import { visitDoctor as visit } from '../support/doctor.js';
import { runAsOperator } from '../support/program.js';

onEachQueue('the doctor', (queue) => {
  let running: TestGateway;
  let actors: Actors;
  let database: Database;
  let env: Readonly<Record<string, string>>;
  /** A message that is delivered, one that is scheduled, each with its batch. */
  let delivered: Ids;
  let scheduled: Ids;

  interface Ids {
    readonly id: string;
    readonly uuid: string;
    readonly batch: string;
  }

  beforeAll(async () => {
    const redisUrl = queue === 'redis' ? await sharedRedis() : undefined;
    running = await TestGateway.start({ databaseUrl: await freshDatabase(), redisUrl });
    actors = actorsAt(running.address);
    const { databaseUrl, applicationUrl } = running.address;
    env = { DATABASE_URL: applicationUrl, ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) };
    const onError = (): void => undefined;
    database = new Database({ url: databaseUrl, connections: 2, applicationName: 'test', onError });
    const to = ['kim@example.com', 'lee@example.com', 'bounce+unknown_user@example.com'];
    delivered = await idsOf(
      (
        await actors.gateway.deliver(
          aMessage()
            .through('ncp')
            .to(...to),
        )
      ).id,
    );
    scheduled = await idsOf((await actors.gateway.send(aMessage().dueIn(3_600_000).toMany(5))).id);
  }, 120_000);
  // Nothing is repaired by anybody else meanwhile.
  beforeEach(() => running.end('worker'));
  afterEach(async () => expect(await consult(env)).toMatchObject({ code: 0 }));
  afterAll(async () => {
    await database.close();
    await running.stop();
  });

  const sql = (text: string, ...values: readonly unknown[]) => database.pool.query(text, [...values]);
  const one = async (text: string, ...values: readonly unknown[]): Promise<Record<string, unknown>> =>
    (await sql(text, ...values)).rows[0] as Record<string, unknown>;

  async function idsOf(id: string): Promise<Ids> {
    const [batch] = await actors.gateway.batches(id);
    return { id, uuid: decodeId('message', id) ?? '', batch: decodeId('batch', batch?.id ?? '') ?? '' };
  }

  /** The fault is found without a change, then mended; exit code and output report both. */
  async function findAndMend(found: RegExp, mended: RegExp, doctor = consult): Promise<readonly unknown[]> {
    const before = await acts();
    const look = await doctor(env);
    expect(look).toEqual({ code: 1, said: expect.stringMatching(found) });
    expect(look.said).not.toMatch(/->|@/);
    const again = await doctor(env);
    expect(again.said).toBe(look.said);
    expect(await doctor(env, '--fix')).toEqual({ code: 1, said: expect.stringMatching(mended) });
    return (await acts()).slice(before.length);
  }

  /** Of the doctor, in the audit log. */
  async function acts(): Promise<readonly unknown[]> {
    const { rows } = await sql(`SELECT action FROM audit_entry WHERE process = 'doctor' ORDER BY position`);
    return rows.map(({ action }: { action: unknown }) => action);
  }

  it('finds nothing on a gateway that is well, also while it works', async () => {
    await running.start('worker');
    const work = Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        actors.gateway.deliver(
          aMessage()
            .through(n % 2 ? 'ncp' : 'nhn')
            .toMany(1500),
        ),
      ),
    );
    for (let time = 0; time < 3; time += 1) {
      expect(await visit(env)).toEqual({ code: 0, said: expect.stringContaining('kept counts against recipients') });
    }
    await work;
  });

  it('recovers batches that no worker owns', async () => {
    const { id, uuid, batch } = await idsOf((await actors.gateway.send(aMessage().through('ncp'))).id);
    await sql(
      `UPDATE batch SET next_attempt_at = now() - interval '1 h', enqueued_at = now() - interval '1 h'
               WHERE id = $1`,
      batch,
    );
    expect((await consult(env, '--late', '2h')).code).toBe(0);
    await findAndMend(/unowned_batch {2}msg_\w+ {2}bat_\w+ {2}queued at ncp .*due, and no job/, /-> the next sweep/);
    await running.start('worker');
    expect((await actors.gateway.waitUntilFinal(id)).status).toBe('completed');
    await running.end('worker');
    // Not followed by any poll.
    await sql(`UPDATE batch SET status = 'sending', next_poll_at = NULL WHERE id = $1`, batch);
    await findAndMend(/unowned_batch .*sending at ncp .*not followed/, /-> the next sweep/);
    await sql(`UPDATE batch SET status = 'settled', next_poll_at = NULL WHERE id = $1`, batch);
    expect(uuid).not.toBe('');
  });

  it('removes jobs without batches', async () => {
    const { databaseUrl, redisUrl } = running.address;
    const redisNodes = redisUrl === undefined ? [] : [redisUrl];
    const backend = await openQueueBackend({ redisNodes, databaseUrl, connections: 2, onError: () => undefined });
    const producer = new BatchProducer(backend);
    try {
      await producer.enqueue(trackQueueName('ncp'), [newUuid()], 600_000);
      const acted = await findAndMend(/job_without_batch {2}job \S+ in track-ncp/, /-> removed/);
      expect(acted).toEqual(['doctor.remove_job']);
      expect(await producer.waitingJobs(trackQueueName('ncp'))).toBe(0);
    } finally {
      await producer.close();
      await backend.close();
    }
  });

  // The others are about the database alone, whatever the queue.
  onOneQueue(queue, databaseFindings);

  function databaseFindings(): void {
    it('recounts messages and batches', async () => {
      const before = await actors.gateway.message(delivered.id);
      await sql(`UPDATE message SET counts = '{"queued": 7}' WHERE id = $1`, delivered.uuid);
      await sql(`UPDATE batch SET counts = '{"delivered": 9}', follower_count = 1 WHERE id = $1`, delivered.batch);
      const acted = await findAndMend(
        /message_counts {2}msg_\w+ {2}kept .*queued[^]*batch_counts {2}msg_\w+ {2}bat_/,
        /-> counted again/,
        visit,
      );
      expect(acted).toContain('doctor.mend_counts');
      expect((await actors.gateway.message(delivered.id)).counts).toEqual(before.counts);
    });

    it('recounts the followers of a batch', async () => {
      await sql('UPDATE batch SET follower_count = 4 WHERE id = $1', scheduled.batch);
      await findAndMend(/batch_counts .*kept 4 followers.*there are 5 followers/, /-> counted again/);
      const { counts, status } = await actors.gateway.message(scheduled.id);
      expect([counts['scheduled'], status]).toEqual([5, 'scheduled']);
    });

    it('does not mend what cannot be known: recipients that are gone, or follow no batch', async () => {
      await sql('UPDATE batch SET position_to = 3 WHERE id = $1', scheduled.batch);
      const { code, said } = await consult(env, '--fix');
      expect([code, said]).toEqual([1, expect.stringMatching(/stray_recipients .*-> left as it is/)]);
      expect(await one('SELECT follower_count FROM batch WHERE id = $1', scheduled.batch)).toEqual({
        follower_count: 5,
      });
      await sql('UPDATE batch SET position_to = 4 WHERE id = $1', scheduled.batch);
    });

    it('does not miss recipients that were dropped with their month', async () => {
      await sql('CREATE TABLE kept AS SELECT * FROM recipient WHERE message_id = $1', delivered.uuid);
      await sql('DELETE FROM recipient WHERE message_id = $1', delivered.uuid);
      expect((await consult(env)).code).toBe(0);
      await sql('INSERT INTO recipient SELECT * FROM kept');
      await sql('DROP TABLE kept');
    });

    it('writes the missing completion event of a message', async () => {
      await sql(`DELETE FROM event WHERE message_id = $1 AND type = 'message.completed'`, delivered.uuid);
      const acted = await findAndMend(/missing_event {2}msg_/, /-> its message.completed event is written/);
      expect(acted).toEqual(['doctor.mend_completion']);
      await sql('UPDATE message SET completed_at = NULL WHERE id = $1', delivered.uuid);
      await findAndMend(/untold_completion {2}msg_.*partially_failed/, /-> its end has a time now/);
      const ends = (await actors.gateway.events(delivered.id)).filter(({ type }) => type === 'message.completed');
      expect(ends).toHaveLength(1);
    });

    it('only reports a completion event that was written too early', async () => {
      await sql('UPDATE message SET completed_at = now() WHERE id = $1', scheduled.uuid);
      const { code, said } = await consult(env, '--fix');
      expect([code, said]).toEqual([1, expect.stringMatching(/early_completion {2}msg_.*-> left as it is/)]);
      await sql('UPDATE message SET completed_at = NULL WHERE id = $1', scheduled.uuid);
    });

    it.each([
      ['no lease', 'NULL', false, 'queued'],
      ['its lease ended', "now() - interval '1 h'", true, 'unconfirmed'],
    ])('takes a batch over from a worker that is gone: %s', async (why, lease, posted, becomes) => {
      const { batch } = await idsOf((await actors.gateway.send(aMessage().through('ncp'))).id);
      await sql(
        `UPDATE batch SET status = 'dispatching', lease_until = ${lease}, attempt_count = 1 WHERE id = $1`,
        batch,
      );
      if (posted) await giveAttempt(batch);
      await findAndMend(new RegExp(`unowned_batch .*dispatching at ncp .*${why}`), /-> taken over from its worker/);
      expect(await one('SELECT status FROM batch WHERE id = $1', batch)).toEqual({ status: becomes });
    });

    const giveAttempt = (batch: string) =>
      sql(
        `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at) VALUES ($1, $2, 1, 'm', 'ncp', now())`,
        newUuid(),
        batch,
      );

    it('has a waiting batch looked up when an attempt of it has no outcome, and closes others', async () => {
      const { batch } = await idsOf((await actors.gateway.send(aMessage().through('ncp'))).id);
      await giveAttempt(batch);
      await sql('UPDATE attempt SET outcome = NULL WHERE batch_id = $1', delivered.batch);
      const found = /open_attempt .*(attempt 1 of a batch that is (settled|queued)[^]*){2}/;
      const acted = await findAndMend(found, /-> closed as unconfirmed[^]*-> it is looked up before anything is sent/);
      expect(acted).toEqual(['doctor.close_attempt', 'doctor.close_attempt']);
      expect(await one('SELECT status FROM batch WHERE id = $1', batch)).toEqual({ status: 'unconfirmed' });
      expect(await one('SELECT outcome FROM attempt WHERE batch_id = $1', delivered.batch)).toEqual({
        outcome: 'unconfirmed',
      });
    });
  }
});

describe('the doctor without an address', () => {
  let folder: string;

  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'gateway-doctor-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('looks at the embedded database, whether it runs or not, and leaves it so', async () => {
    const server = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined });
    try {
      expect(await visit({ DATA_DIR: folder })).toEqual({
        code: 2,
        said: expect.stringContaining('no tables of a gateway'),
      });
      await migrate(server.url, () => undefined);
      expect(await consult({ DATA_DIR: folder })).toEqual({
        code: 2,
        said: expect.stringMatching(/gateway_app lacks privileges: .*INSERT ON TABLE .*message.*npm run migrate/),
      });
      await migrateQueues(server.url);
      await grantToApplication({ owner: server.url, application: server.applicationUrl }, () => undefined);
      expect(await consult({ DATA_DIR: folder })).toMatchObject({ code: 0 });
    } finally {
      await server.stop();
    }
    expect(await runAsOperator('doctor/src/main.js', { DATA_DIR: folder })).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'postgres/postmaster.pid'))).toBe(false);
  });

  it('says that it could not look, and makes nothing', async () => {
    const nowhere = join(folder, 'nowhere');
    expect(await consult({ DATA_DIR: nowhere })).toEqual({
      code: 2,
      said: expect.stringContaining('There is no gateway'),
    });
    expect(existsSync(nowhere)).toBe(false);
    const away = await consult({ DATABASE_URL: 'postgresql://gateway:secret-word@127.0.0.1:1/gateway' });
    expect(away).toEqual({ code: 2, said: expect.stringContaining('could not look') });
    expect(away.said).not.toContain('secret-word');
    expect((await visit({ DATA_DIR: folder }, '--fixx')).code).toBe(2);
    expect((await consult({ DATA_DIR: folder }, '--late', 'soon')).code).toBe(2);
  });
});
