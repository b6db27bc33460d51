import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmailProvider, OutboundFile, UploadOutcome } from '@gateway/core';
import { AttachmentCopyRepository, AttachmentRepository, type Database } from '@gateway/database';
import { newUuid, silentLogger } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import { AttachmentCopies, UPLOADS_AT_ONCE } from './attachment-copies.js';

const TIMING = {
  pollIntervalMs: 1,
  recoveryIntervalMs: 1,
  providerTimeoutMs: 10_000,
  settleMs: 1,
  leaseMs: 1,
  retryBaseMs: 1,
  retryMaxMs: 1,
  breakerFailures: 1,
  sentFinalMs: 1,
  expireMs: 1,
};

/** An account that takes its time for each file. */
class SlowAccount {
  readonly uploaded: string[] = [];
  running = 0;
  most = 0;

  readonly provider = {
    name: 'slow',
    attachments: { upload: (file: OutboundFile) => this.upload(file) },
  } as unknown as EmailProvider;

  constructor(private readonly wait: () => Promise<void>) {}

  private async upload(file: OutboundFile): Promise<UploadOutcome> {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    const pieces: Buffer[] = [];
    for await (const piece of file.content) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe(file.name);
    await this.wait();
    this.running -= 1;
    this.uploaded.push(file.name);
    return { outcome: 'uploaded', file: { fileId: file.name } };
  }
}

describe(AttachmentCopies.name, () => {
  let database: Database;
  let clientId: string;

  beforeAll(async () => {
    database = await aDatabase(4);
    ({ clientId } = await new GivenRows(database).message());
  });
  beforeEach(() => database.pool.query('TRUNCATE attachment CASCADE'));
  afterAll(() => database.close());

  /** One process. */
  const aProcess = (): AttachmentCopies =>
    new AttachmentCopies(
      new AttachmentRepository(database),
      new AttachmentCopyRepository(database),
      TIMING,
      database.clock,
      silentLogger(),
    );

  const files = async (count: number): Promise<readonly string[]> => {
    const attachments = new AttachmentRepository(database);
    const ids = Array.from({ length: count }, () => newUuid());
    for (const id of ids) {
      await database.transaction(async (tx) => {
        const begun = await attachments.insert(tx, { id, clientId, name: id, contentType: 'text/plain' });
        await attachments.insertChunk(tx, begun, 0, Buffer.from(id));
        await attachments.finish(tx, id, { size: id.length, sha256: Buffer.alloc(32) });
      });
    }
    return ids;
  };

  it('limits concurrent uploads, however many files are needed', async () => {
    const ids = await files(20);
    const account = new SlowAccount(() => sleep(20));
    const copies = aProcess();
    await Promise.all(ids.map((id) => copies.ensure(account.provider, [id])));
    expect(account.most).toBe(UPLOADS_AT_ONCE);
    expect([...account.uploaded].sort()).toEqual([...ids].sort());
  });

  it('holds no connection to the database while a provider takes a file', async () => {
    const ids = await files(UPLOADS_AT_ONCE);
    let goOn: () => void = () => undefined;
    const going = new Promise<void>((resolve) => (goOn = resolve));
    let waiting = 0;
    const account = new SlowAccount(async () => {
      waiting += 1;
      await going;
    });
    const copies = aProcess();
    const ensured = Promise.all(ids.map((id) => copies.ensure(account.provider, [id])));
    while (waiting < UPLOADS_AT_ONCE) await sleep(5);
    expect(database.pool.totalCount - database.pool.idleCount).toBe(0);
    const { rows } = await database.pool.query(
      `SELECT state FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'`,
    );
    expect(rows).toEqual([]);
    goOn();
    await ensured;
  });

  it('uploads a file once, however many processes need it at the same time', async () => {
    const [id = ''] = await files(1);
    const account = new SlowAccount(() => sleep(100));
    const ensured = await Promise.all([1, 2, 3].map(() => aProcess().ensure(account.provider, [id])));
    expect(account.uploaded).toEqual([id]);
    expect(ensured).toEqual(Array(3).fill({ files: [{ fileId: id }] }));
  });

  it('uploads a file that a lost process had begun once its lease has ended', async () => {
    const [id = ''] = await files(1);
    const repository = new AttachmentCopyRepository(database);
    const lost = { attachmentId: id, provider: 'slow', holder: newUuid() };
    expect(await repository.beginUpload(lost, 400)).toBe(true);
    const account = new SlowAccount(() => sleep(1));
    const began = performance.now();
    expect(await aProcess().ensure(account.provider, [id])).toEqual({ files: [{ fileId: id }] });
    expect(performance.now() - began).toBeGreaterThan(350);
    expect((await database.pool.query('SELECT FROM attachment_upload')).rowCount).toBe(0);
  });
});
