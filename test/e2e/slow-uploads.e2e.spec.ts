import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { SlowUpload, TestGateway, eventually, freshDatabase, type UploadStart } from '@gateway/testing';

const STALL_MS = 2000;
const DEADLINE_MS = 9000;
/** A rejection before this is due to the stall limit, not to the deadline, even on a busy machine. */
const BEFORE_DEADLINE_MS = DEADLINE_MS - 1000;
const NDJSON = 'application/x-ndjson';
const MAIL = `${JSON.stringify({ from: 'news@example.com', subject: 'Hi', html: '<p>Hello</p>' })}\n`;
const STREAM = `${MAIL}{"address":"first@example.com"}\n`;
const FILE = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${'a'.repeat(600_000)}`;

/** A line of some 200 bytes, another each time. */
const lines = (count: number): (() => string) => {
  let n = 0;
  const line = (): string => `{"address":"steady.${(n += 1)}@example.com","variables":{"note":"${'k'.repeat(150)}"}}\n`;
  return () => Array.from({ length: count }, line).join('');
};

describe('an uploader who is too slow', () => {
  let gateway: TestGateway;
  let database: pg.Pool;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      databaseUrl: await freshDatabase(),
      env: { UPLOAD_STALL_MS: String(STALL_MS), UPLOAD_DEADLINE_MS: String(DEADLINE_MS) },
    });
    database = new pg.Pool({ connectionString: gateway.address.databaseUrl, max: 2 });
  }, 120_000);
  afterAll(async () => {
    await database.end();
    await gateway.stop();
  });

  const upload = (start: UploadStart): SlowUpload => new SlowUpload(gateway.address, start);
  const number = async (sql: string): Promise<number> =>
    Number((await database.query<{ count: string }>(sql)).rows[0]?.count);
  const rowsOf = (table: string): Promise<number> => number(`SELECT count(*) FROM ${table}`);
  /** Transactions in which the api waits for its caller: the sweep of a gauge is over at once. */
  const untilTransactions = (count: number): Promise<void> =>
    eventually(async () => {
      const open = await number(
        `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
         AND application_name = 'gateway-api' AND xact_start < clock_timestamp() - interval '100 ms'`,
      );
      expect(open).toBe(count);
    });

  it.each([
    ['a stream of recipients', { path: '/v1/messages', type: NDJSON }, STREAM, 'recipient'],
    [
      'a file of contacts',
      { path: '/v1/contacts/import', type: 'text/csv' },
      'address\nfirst@example.com\n',
      'contact',
    ],
    ['an attachment', { path: '/v1/attachments', type: 'multipart/form-data; boundary=x' }, FILE, 'attachment'],
  ])('gets 408, and nothing stays of %s', async (_name, start, beginning, table) => {
    const before = await rowsOf(table);
    const slow = upload(start);
    slow.write(beginning);
    await untilTransactions(1);
    const ms = await slow.trickle(() => 'a', 100);
    expect(ms).toBeLessThan(BEFORE_DEADLINE_MS);
    await slow.closed();
    expect(slow.answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(slow.answer).toContain('application/problem+json');
    expect(slow.answer).toContain('"retryable":true');
    await untilTransactions(0);
    expect(await rowsOf(table)).toBe(before);
  });

  it('gets 408 when it falls silent, and may repeat the request with the same Idempotency-Key', async () => {
    const before = await rowsOf('recipient');
    const start = { path: '/v1/messages', type: NDJSON, idempotencyKey: 'silent-then-quick' };
    const silent = upload(start);
    silent.write(STREAM);
    await untilTransactions(1);
    const since = performance.now();
    await silent.closed();
    expect(performance.now() - since).toBeLessThan(BEFORE_DEADLINE_MS);
    expect(silent.answer).toMatch(/^HTTP\/1\.1 408 /);
    const again = upload(start);
    again.write(STREAM);
    again.end();
    await eventually(async () => expect(again.answer).toMatch(/^HTTP\/1\.1 202 /));
    again.abort();
    expect(await rowsOf('recipient')).toBe(before + 1);
  });

  it('gets 408 at the deadline, however steadily it continues', async () => {
    const before = await rowsOf('recipient');
    const steady = upload({ path: '/v1/messages', type: NDJSON });
    steady.write(MAIL);
    // 40 kB a second: five times the least.
    const ms = await steady.trickle(lines(40), 200);
    await steady.closed();
    expect(steady.answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeGreaterThan(DEADLINE_MS - 1000);
    expect(ms).toBeLessThan(2 * DEADLINE_MS);
    await untilTransactions(0);
    expect(await rowsOf('recipient')).toBe(before);
  });

  it('is accepted while it keeps the minimum rate and completes before the deadline', async () => {
    const steady = upload({ path: '/v1/messages', type: NDJSON });
    steady.write(MAIL);
    await steady.trickle(lines(40), 200, 2 * STALL_MS);
    steady.end();
    await eventually(async () => expect(steady.answer).toMatch(/^HTTP\/1\.1 202 /));
    steady.abort();
  });

  it('does not keep the memory of a JSON body', async () => {
    const slow = upload({ path: '/v1/messages', type: 'application/json', length: 1_000_000 });
    const ms = await slow.trickle(() => ' ', 100);
    await slow.closed();
    expect(slow.answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan(BEFORE_DEADLINE_MS);
  });
});
