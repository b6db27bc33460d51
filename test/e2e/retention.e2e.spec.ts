import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeId } from '@gateway/core';
import { Database } from '@gateway/database';
import {
  actorsAt,
  aMessage,
  aSender,
  eventually,
  freshDatabase,
  TestGateway,
  unique,
  type Actors,
  type MessageView,
} from '@gateway/testing';
import { runAsOperator, runProgram as run } from '../support/program.js';

interface ErasableMessage extends MessageView {
  readonly erasedAt: string | null;
}

const BOUNCING = 'bounce+mailbox_full@example.com';

describe('retention', () => {
  let running: TestGateway;
  let actors: Actors;
  let database: Database;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const databaseUrl = await freshDatabase();
    running = await TestGateway.start({ databaseUrl, env: { RETENTION_DAYS_TRANSACTIONAL: '30' } });
    actors = actorsAt(running.address);
    env = { DATABASE_URL: running.address.applicationUrl, RETENTION_DAYS_TRANSACTIONAL: '30' };
    const onError = (): void => undefined;
    database = new Database({ url: databaseUrl, connections: 2, applicationName: 'test', onError });
  }, 120_000);
  afterAll(async () => {
    await database.close();
    await running.stop();
  });

  /** Sent, final to its last batch, and that long ago. */
  async function longAgo(body: object, headers: Readonly<Record<string, string>> = {}): Promise<ErasableMessage> {
    const { body: accepted } = await actors.gateway.post<MessageView>('/v1/messages', body, headers);
    await actors.gateway.waitUntilFinal(accepted.id);
    await eventually(async () => {
      const open = (await actors.gateway.batches(accepted.id)).filter(({ status }) => status !== 'settled');
      if (open.length > 0) throw new Error('not yet');
    });
    const before = await actors.gateway.get<ErasableMessage>(`/v1/messages/${accepted.id}`);
    const id = decodeId('message', accepted.id);
    await database.pool.query(`UPDATE message SET completed_at = now() - interval '31 d' WHERE id = $1`, [id]);
    await database.pool.query(`UPDATE batch SET settled_at = now() - interval '31 d' WHERE message_id = $1`, [id]);
    return before;
  }

  const find = (id: string): Promise<ErasableMessage> => actors.gateway.get(`/v1/messages/${id}`);
  const figures = (): Promise<unknown> => actors.gateway.get('/v1/statistics', { groupBy: 'domain' });

  it('erases what is old, and everything about the message still answers', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const headers = { 'idempotency-key': unique('key-') };
    const body = aMessage()
      .through('ncp')
      .from(from)
      .to('kim@example.com', BOUNCING)
      .with({ metadata: { who: 'kim' }, tags: ['orders'] })
      .build();
    const old = await longAgo(body, headers);
    const recent = await gateway.deliver(aMessage().through('ncp'));
    const stays = async (): Promise<unknown> => {
      const { status, counts, routing, recipientCount, batchCount, tags, createdAt } = await find(old.id);
      const batches = (await gateway.batches(old.id)).map(({ id, attempts, providerRequestId }) => [
        id,
        providerRequestId,
        attempts.map(({ outcome, httpStatus }) => [outcome, httpStatus]),
      ]);
      return {
        status,
        counts,
        routing,
        recipientCount,
        batchCount,
        tags,
        createdAt,
        batches,
        figures: await figures(),
      };
    };
    const before = await stays();

    const plan = await run('retention', env, '--dry-run');
    expect(plan).toEqual({
      code: 0,
      said: expect.stringMatching(/transactional \(30 days\): 1 messages with 2 recip/),
    });
    expect(await gateway.recipients(old.id)).toHaveLength(2);

    const done = await runAsOperator('retention/src/main.js', env);
    expect(done).toEqual({
      code: 0,
      said: expect.stringContaining('transactional: 1 messages with 2 recipients erased'),
    });
    expect(await find(old.id)).toMatchObject({
      erasedAt: expect.any(String),
      subject: null,
      html: null,
      text: null,
      metadata: {},
    });
    expect(await stays()).toEqual(before);
    expect([await gateway.recipients(old.id), await gateway.events(old.id)]).toEqual([[], []]);
    expect(await gateway.all('/v1/recipients', { address: BOUNCING })).toEqual([]);
    expect(await gateway.recipients(recent.id)).toMatchObject([{ address: 'kim@example.com' }]);
    expect(await find(recent.id)).toMatchObject({ erasedAt: null, subject: 'Hello' });
    expect(await run('doctor', { DATABASE_URL: env['DATABASE_URL'] ?? '' })).toMatchObject({ code: 0 });

    const again = await gateway.post<ErasableMessage>('/v1/messages', body, headers);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
    expect(again.body).toMatchObject({ id: old.id, subject: null, erasedAt: expect.any(String) });
    expect((await simulator.summary(from)).recipients).toBe(2);
  });

  it('leaves nothing to send once more, or to cancel', async () => {
    const { gateway } = actors;
    const { id } = await longAgo(aMessage().through('ncp').to(BOUNCING).build());
    const headers = { 'idempotency-key': unique('key-') };
    const first = await gateway.post<MessageView>(`/v1/messages/${id}/redrive`, {}, headers);
    expect(first.status).toBe(202);
    expect((await run('retention', env)).code).toBe(0);
    for (const body of [{}, { dryRun: true }]) {
      const refused = await gateway.post(`/v1/messages/${id}/redrive`, body);
      expect([refused.status, refused.body.code]).toEqual([409, 'message_erased']);
    }
    const replayed = await gateway.post<MessageView>(`/v1/messages/${id}/redrive`, {}, headers);
    expect([replayed.status, replayed.body.id]).toEqual([202, first.body.id]);
    const cancelled = await gateway.post(`/v1/messages/${id}/cancel`);
    expect([cancelled.status, cancelled.body.code]).toEqual([409, 'nothing_to_cancel']);
  });

  it('is done by a worker, too', async () => {
    const { id } = await longAgo(aMessage().through('nhn').build());
    await running.end('worker', 'SIGTERM');
    await running.start('worker');
    await eventually(async () => expect((await find(id)).erasedAt).not.toBeNull());
  });

  it('says in one line what is wrong with its variables, and where it finds no gateway', async () => {
    const wrong = await run('retention', { ...env, RETENTION_DAYS_MARKETING: 'soon', RETENTION_DROP_DAYS: '7' });
    expect(wrong).toEqual({
      code: 2,
      said: expect.stringMatching(/^Retention could not run: RETENTION_DAYS_MARKETING must.*\n$/),
    });
    const less = await run('retention', { ...env, RETENTION_DROP_DAYS: '7' });
    expect(less).toEqual({
      code: 2,
      said: expect.stringMatching(/^Retention could not run: RETENTION_DROP_DAYS must.*\n$/),
    });
    const nowhere = await run('retention', { ...env, DATABASE_URL: 'postgresql://127.0.0.1:9/none' });
    expect(nowhere).toEqual({ code: 2, said: expect.stringMatching(/^Retention could not run: .*\n$/) });
    expect(await run('retention', { DATABASE_URL: env['DATABASE_URL'] ?? '' })).toEqual({
      code: 0,
      said: expect.stringContaining('kept for ever'),
    });
  });
});
