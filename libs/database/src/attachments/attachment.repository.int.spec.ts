import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { freshDatabase } from '@gateway/testing';
import { createHash, randomBytes } from 'node:crypto';
import { Database } from '../database.js';
import { AttachmentCopyRepository } from './attachment-copy.repository.js';
import { AttachmentRepository } from './attachment.repository.js';

describe('attachments in the database', () => {
  const clientId = newUuid();
  let database: Database;
  let attachments: AttachmentRepository;
  let copies: AttachmentCopyRepository;

  beforeAll(async () => {
    const onError = (error: Error): void => {
      throw error;
    };
    database = new Database({ url: await freshDatabase(), connections: 4, applicationName: 'spec', onError });
    attachments = new AttachmentRepository(database);
    copies = new AttachmentCopyRepository(database);
    await database.pool.query('INSERT INTO client (id, name) VALUES ($1, $2)', [clientId, 'spec']);
  }, 120_000);

  afterAll(() => database?.close());

  const store = (pieces: readonly Buffer[], fail = false): Promise<string> =>
    database.transaction(async (tx) => {
      const id = newUuid();
      const begun = await attachments.insert(tx, { id, clientId, name: '견적서.pdf', contentType: 'application/pdf' });
      for (const [number, piece] of pieces.entries()) await attachments.insertChunk(tx, begun, number, piece);
      if (fail) throw new Error('cut off');
      const whole = Buffer.concat(pieces);
      await attachments.finish(tx, id, { size: whole.length, sha256: createHash('sha256').update(whole).digest() });
      return id;
    });

  const contentOf = async (id: string): Promise<Buffer> => {
    const file = await copies.findFile(id);
    const pieces: Buffer[] = [];
    if (file === null) throw new Error('no file');
    for await (const piece of attachments.readContent(file)) pieces.push(piece);
    return Buffer.concat(pieces);
  };

  /** A message of which only matters that it carries the file, and whether it is through. */
  const mention = (attachmentId: string): Promise<unknown> =>
    database.pool.query(
      `INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, subject,
         on_quota, recipient_count, batch_count, routing, attachment_ids)
       VALUES ($1, $2, 'transactional', 'individual', 'auto', 'ncp', 'a@example.com', 's', 'defer', 1, 1, '{}', $3)`,
      [newUuid(), clientId, [attachmentId]],
    );

  it('is read back unchanged, in pieces', async () => {
    const pieces = [randomBytes(262_144), randomBytes(262_144), randomBytes(1)];
    const id = await store(pieces);
    expect(await contentOf(id)).toEqual(Buffer.concat(pieces));
    expect(await attachments.findById(clientId, id)).toMatchObject({ id, name: '견적서.pdf', size: 524_289 });
  });

  it('leaves nothing of a file that was not finished', async () => {
    const count = async () =>
      (await database.pool.query<{ n: string }>('SELECT count(*) AS n FROM attachment_chunk')).rows[0]?.n;
    const before = await count();
    await expect(store([randomBytes(10)], true)).rejects.toThrow('cut off');
    expect(await count()).toBe(before);
  });

  it('is seen by its own client only, until it is deleted', async () => {
    const id = await store([randomBytes(3)]);
    expect(await attachments.findById(newUuid(), id)).toBeNull();
    expect(await attachments.findMany(newUuid(), [id])).toEqual([]);
    expect(await attachments.markDeleted(newUuid(), id)).toBe(false);
    expect(await attachments.markDeleted(clientId, id)).toBe(true);
    expect(await attachments.markDeleted(clientId, id)).toBe(false);
    expect(await attachments.findById(clientId, id)).toBeNull();
    expect((await attachments.findPage(clientId, { before: undefined, limit: 50 })).map((row) => row.id)).not.toContain(
      id,
    );
    expect(await attachments.hold(database.pool, [id])).toEqual([]);
  });

  it('is removable when it is deleted and no unfinished message needs it, by one process', async () => {
    const [kept, needed, free] = await Promise.all([1, 2, 3].map(() => store([randomBytes(3)])));
    await mention(needed ?? '');
    for (const id of [needed, free]) await attachments.markDeleted(clientId, id ?? '');
    const taken = (await Promise.all([copies.takeRemovable(60_000, 100), copies.takeRemovable(60_000, 100)])).flat();
    expect(taken.filter((id) => [kept, needed, free].includes(id))).toEqual([free]);
    await database.pool.query('UPDATE message SET completed_at = now()');
    expect(await copies.takeRemovable(60_000, 100)).toEqual([needed]);
    expect((await contentOf(needed ?? '')).length).toBe(3);
    await copies.removeContent(needed ?? '');
    await copies.remove(needed ?? '');
    await copies.remove(kept ?? '');
    expect(await copies.findFile(needed ?? '')).toBeNull();
    expect(await copies.findFile(kept ?? '')).not.toBeNull();
  });

  it('remembers the copies of an account, and forgets only the named one', async () => {
    const id = await store([randomBytes(3)]);
    await copies.insert(id, 'ncp', { fileId: 'f-1', detail: { tempRequestId: 't-1' } });
    await copies.insert(id, 'nhn', { fileId: '7' });
    const [ncp] = await copies.find('ncp', [id]);
    expect(ncp).toMatchObject({
      attachmentId: id,
      provider: 'ncp',
      file: { fileId: 'f-1', detail: { tempRequestId: 't-1' } },
    });
    expect((await copies.find('nhn', [id]))[0]?.file).toEqual({ fileId: '7' });
    if (ncp === undefined) throw new Error('no copy');
    await copies.forget([{ ...ncp, file: { fileId: 'f-0' } }]);
    expect(await copies.find('ncp', [id])).toHaveLength(1);
    await copies.forget([ncp]);
    expect(await copies.find('ncp', [id])).toEqual([]);
    expect(await copies.removeContent(id)).toHaveLength(1);
  });
});
