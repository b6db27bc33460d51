import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  unique,
  useSharedGateway,
  type EventView,
  type MessageBuilder,
  type MessageView,
} from '@gateway/testing';
import pg from 'pg';

const HOUR_MS = 3_600_000;
const DAYS_8 = "interval '8 days'";

describe('held messages', () => {
  const actors = useSharedGateway('postgres');
  let database: pg.Client;
  beforeAll(async () => {
    database = new pg.Client({ connectionString: actors.address.databaseUrl });
    await database.connect();
  });
  afterAll(() => database.end());

  const held = (): MessageBuilder => aMessage().with({ hold: true });
  const release = (id: string) => actors.gateway.post<MessageView & { code: string }>(`/v1/messages/${id}/release`);
  const typesOf = async (id: string): Promise<string[]> =>
    (await actors.gateway.events(id)).map(({ type }: EventView) => type);
  const uuidOf = async (tag: string): Promise<string> => {
    const { rows } = await database.query<{ id: string }>('SELECT id FROM message WHERE tags @> ARRAY[$1]', [tag]);
    return rows[0]?.id ?? '';
  };

  it('are stored and planned, and sent only after their release', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const accepted = await gateway.send(held().from(from).to('a@example.com', 'b@example.com'));
    expect(accepted).toMatchObject({ status: 'held', counts: { held: 2, queued: 0 }, batchCount: 1, waiting: null });
    const { rows } = await database.query<{ enqueued: boolean; looked: boolean }>(
      `SELECT enqueued_at IS NOT NULL AS enqueued, status IN ('scheduled', 'queued', 'deferred') AS looked
       FROM batch WHERE message_id = (SELECT id FROM message WHERE from_address = $1)`,
      [from],
    );
    expect(rows).toEqual([{ enqueued: false, looked: false }]);
    // Later mail has been sent meanwhile, and sweeps have passed.
    await gateway.deliver(aMessage());
    for (const recipient of await gateway.recipients(accepted.id)) {
      expect(recipient).toMatchObject({ status: 'held', final: false });
    }
    expect((await simulator.summary(from)).requests).toBe(0);
    const list = await gateway.all<MessageView>('/v1/messages', { status: 'held', from });
    expect(list.map(({ id }) => id)).toEqual([accepted.id]);

    const released = await release(accepted.id);
    expect([released.status, released.body.id]).toEqual([200, accepted.id]);
    expect(released.body.status).not.toBe('held');
    expect((await gateway.waitUntilFinal(accepted.id)).counts).toMatchObject({ held: 0, delivered: 2 });
    expect((await simulator.mails(from)).map(({ address }) => address).sort()).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
    expect((await typesOf(accepted.id)).slice(0, 3)).toEqual(['message.held', 'message.released', 'batch.dispatched']);
    const again = await release(accepted.id);
    expect([again.status, again.body.code]).toEqual([409, 'version_conflict']);
  });

  it('wait for their sendAt after an early release, and go at once after a late one', async () => {
    const { gateway } = actors;
    const early = await gateway.send(held().dueIn(HOUR_MS));
    expect(early).toMatchObject({ status: 'held', counts: { held: 1 } });
    expect((await release(early.id)).body).toMatchObject({ status: 'scheduled', counts: { scheduled: 1 } });
    await gateway.post(`/v1/messages/${early.id}/cancel`);
    const late = await gateway.send(held().dueIn(500));
    await eventually(async () => expect(Date.parse(late.sendAt ?? '')).toBeLessThan(Date.now()));
    expect((await gateway.message(late.id)).status).toBe('held');
    await release(late.id);
    expect((await gateway.waitUntilFinal(late.id)).status).toBe('completed');
  });

  it('are held one by one in a batch, as a stream and to an audience', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const tag = unique('hold-');
    const messages = [held(), held().dueIn(HOUR_MS)].map((message) =>
      message
        .from(from)
        .with({ tags: [tag] })
        .build(),
    );
    await gateway.post('/v1/messages/batch', { messages });
    const { to: _, ...head } = held()
      .from(from)
      .with({ tags: [tag] })
      .build();
    const lines = [head, { address: `${tag}1@example.com` }, { address: `${tag}2@example.com` }];
    const body = lines.map((line) => JSON.stringify(line)).join('\n');
    const headers = { 'content-type': 'application/x-ndjson' };
    const streamed = await gateway.call<MessageView>('POST', '/v1/messages', { body, headers });
    expect(streamed.body).toMatchObject({ status: 'held', counts: { held: 2 } });
    await gateway.call('POST', '/v1/contacts/import', {
      body: JSON.stringify({ addresses: [`${tag}3@example.com`], groups: [tag] }),
      headers,
    });
    const toAudience = await gateway.send(
      held()
        .from(from)
        .with({ to: undefined, audience: tag, category: 'transactional', tags: [tag] }),
    );
    expect(toAudience).toMatchObject({ status: 'held', recipientCount: 0 });
    await gateway.deliver(aMessage());
    const all = await gateway.all<MessageView>('/v1/messages', { tag });
    expect(all.map(({ status }) => status)).toEqual(['held', 'held', 'held', 'held']);
    expect((await simulator.summary(from)).requests).toBe(0);
    // A contact that joins before the release is in the audience, too.
    await gateway.call('POST', '/v1/contacts/import', {
      body: JSON.stringify({ addresses: [`${tag}4@example.com`], groups: [tag] }),
      headers,
    });
    await release(toAudience.id);
    await release(streamed.body.id);
    expect((await gateway.waitUntilFinal(toAudience.id)).counts).toMatchObject({ delivered: 2 });
    expect((await gateway.waitUntilFinal(streamed.body.id)).counts).toMatchObject({ delivered: 2 });
  });

  it('leave out who was suppressed while they were held', async () => {
    const { gateway } = actors;
    const [before, meanwhile] = [`${unique('s-')}@example.com`, `${unique('s-')}@example.com`];
    await gateway.post('/v1/suppressions', { addresses: [before], scope: 'all' });
    const { id, counts } = await gateway.send(held().to(before, meanwhile, 'kim@example.com'));
    expect(counts).toMatchObject({ held: 2, suppressed: 1 });
    await gateway.post('/v1/suppressions', { addresses: [meanwhile], scope: 'all' });
    await release(id);
    expect((await gateway.waitUntilFinal(id)).counts).toMatchObject({ delivered: 1, suppressed: 2 });
  });

  it('can be cancelled, and then not be released', async () => {
    const { gateway } = actors;
    const tag = unique('cancel-');
    await gateway.post('/v1/contacts', { addresses: [`${tag}@example.com`], groups: [] });
    await gateway.post('/v1/groups', { name: tag });
    for (const message of [held(), held().with({ to: undefined, audience: tag })]) {
      const { id } = await gateway.send(message);
      expect((await gateway.post(`/v1/messages/${id}/cancel`)).status).toBe(200);
      expect((await gateway.message(id)).status).toBe('cancelled');
      const refused = await release(id);
      expect([refused.status, refused.body.code]).toEqual([409, 'version_conflict']);
    }
  });

  it('let only one of many releases win, and send once', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const { id } = await gateway.send(held().from(from).toMany(20));
    const answers = await Promise.all(Array.from({ length: 5 }, () => release(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    await gateway.waitUntilFinal(id);
    expect(await simulator.mails(from)).toHaveLength(20);
    expect((await typesOf(id)).filter((type) => type === 'message.released')).toHaveLength(1);
  });

  it('expire when they are not released in time, and are not released any more', async () => {
    const { gateway } = actors;
    const tag = unique('late-');
    await gateway.post('/v1/groups', { name: tag });
    const message = await gateway.send(held().with({ tags: [tag] }));
    const audience = await gateway.send(held().with({ to: undefined, audience: tag, tags: [`${tag}-audience`] }));
    const [messageId, audienceId] = [await uuidOf(tag), await uuidOf(`${tag}-audience`)];
    await database.query(`UPDATE batch SET due_at = due_at - ${DAYS_8} WHERE message_id = $1`, [messageId]);
    await database.query(`UPDATE message SET created_at = created_at - ${DAYS_8} WHERE id = $1`, [audienceId]);
    for (const { id } of [message, audience]) {
      expect((await release(id)).status).toBe(409);
      expect((await gateway.waitUntilFinal(id)).status).toBe('failed');
    }
    expect(await gateway.recipients(message.id)).toMatchObject([{ status: 'expired', reason: 'expired' }]);
    expect(await typesOf(message.id)).toEqual(['message.held', 'recipient.expired', 'message.completed']);
  });

  it('are not released by the key that needs a second one', async () => {
    const { gateway } = actors;
    const key = { name: 'second', scopes: ['messages:write', 'messages:read'] };
    const [first, second] = await Promise.all(
      [key, key].map(async (each) => gateway.as((await gateway.post<{ key: string }>('/v1/api-keys', each)).body.key)),
    );
    const tag = unique('four-eyes-');
    const { id } = await (first ?? gateway).send(held().with({ tags: [tag] }));
    // As for a key with `needsRelease`.
    await database.query('UPDATE message SET held_by = created_by WHERE id = $1', [await uuidOf(tag)]);
    const own = await first?.post(`/v1/messages/${id}/release`);
    expect([own?.status, own?.body.code]).toEqual([403, 'forbidden']);
    expect((await gateway.message(id)).status).toBe('held');
    expect((await second?.post(`/v1/messages/${id}/release`))?.status).toBe(200);
    expect((await gateway.waitUntilFinal(id)).status).toBe('completed');
  });

  it('answer a repeated request with the first answer, and a dry run with what would be', async () => {
    const { gateway } = actors;
    const key = { 'idempotency-key': unique('key-') };
    const message = held();
    const first = await gateway.send(message, key);
    await release(first.id);
    expect(await gateway.send(message, key)).toEqual(first);
    const dry = await gateway.post('/v1/messages', held().with({ dryRun: true }).build());
    expect(dry.body).toMatchObject({ hold: true });
    const preview = await gateway.post('/v1/messages/preview', aMessage().build());
    expect(preview.body).toMatchObject({ hold: false });
    const wrong = await gateway.post('/v1/messages', aMessage().with({ hold: 'yes' }).build());
    expect([wrong.status, wrong.body.errors?.[0]]).toMatchObject([422, { pointer: '/hold', code: 'invalid_type' }]);
    expect((await gateway.post('/v1/messages/msg_nonsense/release')).status).toBe(404);
  });
});
