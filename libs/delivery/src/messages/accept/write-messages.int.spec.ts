import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  AttachmentRepository,
  Database,
  IdempotencyRepository,
  type KeptAnswer,
  type MessageRows,
  SuppressionRepository,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows, messageRows, serviceWith } from '@gateway/testing';
import pg from 'pg';
import { MessageAttachments } from '../../attachments/message-attachments.js';
import { MessageWriter } from './write-messages.js';

const kept = (key: string, body = '{}'): KeptAnswer => ({
  key,
  requestHash: createHash('sha256').update(body).digest(),
  status: 202,
  headers: { location: '/v1/messages/msg_1' },
  body,
});

describe(MessageWriter.name, () => {
  let database: Database;
  let clientId: string;

  beforeAll(async () => {
    database = await aDatabase(20);
    ({ clientId } = await new GivenRows(database).message());
  });
  beforeEach(() =>
    database.pool.query('TRUNCATE message, batch, recipient, event, idempotency_key, suppression CASCADE'),
  );
  afterAll(() => database.close());

  /** One process. */
  const aWriter = (): Promise<MessageWriter> =>
    serviceWith(MessageWriter, [
      [Database, database],
      [SuppressionRepository, new SuppressionRepository(database)],
      [MessageAttachments, new MessageAttachments(new AttachmentRepository(database))],
    ]);

  const mail = (key?: string, ...more: [Partial<MessageRows['message']>?, string?]): MessageRows => ({
    ...messageRows(clientId, ...more),
    ...(key !== undefined && { kept: kept(key) }),
  });

  const count = async (table: string): Promise<number> =>
    Number((await database.pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n);

  it('writes the mails of many requests, with their keys, in two round trips', async () => {
    const writer = await aWriter();
    const statements = jest.spyOn(pg.Client.prototype, 'query');
    const mails = Array.from({ length: 60 }, (_, i) => mail(i % 2 === 0 ? `key-${i}` : undefined));
    const results = await Promise.all(mails.map((rows) => writer.writeSoon(rows)));
    const sent = statements.mock.calls.length;
    statements.mockRestore();
    expect(new Set(results)).toEqual(new Set(['written']));
    expect(sent).toBe(2);
    for (const table of ['message', 'batch', 'recipient', 'event']) expect(await count(table)).toBe(60);
    expect(await count('idempotency_key')).toBe(30);
  });

  it('writes one of many with the same key, whichever processes they reach', async () => {
    const writers = await Promise.all([aWriter(), aWriter(), aWriter()]);
    const results = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => writers[i % 3]?.writeSoon(mail('the-same'))),
    );
    expect(results.filter((result) => result === 'written')).toHaveLength(1);
    expect(results.filter((result) => result === 'key_taken')).toHaveLength(59);
    for (const table of ['message', 'batch', 'recipient', 'event', 'idempotency_key'])
      expect(await count(table)).toBe(1);
  });

  it('keeps the answer as it was given', async () => {
    const writer = await aWriter();
    const body = JSON.stringify({ id: 'msg_1', text: '안녕 \u0000 "quoted" \\' });
    await writer.writeSoon({ ...mail(), kept: kept('a-key', body) });
    const stored = await new IdempotencyRepository().find(database.pool, clientId, 'a-key');
    expect(stored).toEqual({
      requestHash: createHash('sha256').update(body).digest(),
      status: 202,
      headers: { location: '/v1/messages/msg_1' },
      response: Buffer.from(body),
    });
  });

  it('does not wait for a request with the same key that is running', async () => {
    const writer = await aWriter();
    const keys = new IdempotencyRepository();
    await database.transaction(async (tx) => {
      expect(await keys.lock(tx, clientId, 'busy')).toBe(true);
      const results = await Promise.all(['busy', 'free'].map((key) => writer.writeSoon(mail(key))));
      expect(results).toEqual(['key_taken', 'written']);
    });
    expect(await count('message')).toBe(1);
  });

  it('leaves a mail to a suppressed recipient to a transaction of its own', async () => {
    await database.pool.query(
      `INSERT INTO suppression (address, scope, source) VALUES ('gone@example.com', 'all', 'manual')`,
    );
    const writer = await aWriter();
    const results = await Promise.all([
      writer.writeSoon(mail('first', {}, 'Gone@Example.com')),
      writer.writeSoon(mail('second')),
    ]);
    expect(results).toEqual(['apart', 'written']);
    expect(await count('message')).toBe(1);
    expect(await count('idempotency_key')).toBe(1);
  });

  it('writes only mails whose files exist', async () => {
    const file = newUuid();
    await database.pool.query(
      `INSERT INTO attachment (id, client_id, name, size, content_type, sha256)
       VALUES ($1, $2, 'a.txt', 1, 'text/plain', $3)`,
      [file, clientId, Buffer.alloc(32)],
    );
    const writer = await aWriter();
    const results = await Promise.all([
      writer.writeSoon(mail('with-file', { attachmentIds: [file] })),
      writer.writeSoon(mail('without', { attachmentIds: [file, newUuid()] })),
    ]);
    expect(results).toEqual(['written', 'apart']);
    expect(await count('message')).toBe(1);
  });
});
