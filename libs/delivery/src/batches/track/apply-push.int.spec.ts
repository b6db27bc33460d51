import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  encodeId,
  UnreadablePushError,
  type Capabilities,
  type EmailProvider,
  type PushedReport,
  type PushReading,
  type RecipientReport,
} from '@gateway/core';
import { ListedRecipientRepository, type Database } from '@gateway/database';
import { systemClock } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import { doubt, doubtServices, TIMING } from '../reconcile/doubt-services.fixture.js';
import { ApplyPushService } from './apply-push.service.js';
import type { PushHints } from './push-hints.js';
import { PollRecorder } from './record-polls.js';

const REQUEST = { requestId: 'q1', operation: 'send' };

describe(ApplyPushService.name, () => {
  let database: Database;
  let given: GivenRows;
  const added: (readonly unknown[])[] = [];

  beforeAll(async () => {
    database = await aDatabase(4);
    given = new GivenRows(database);
  });
  beforeEach(() => database.pool.query('TRUNCATE message, batch, attempt, recipient, event'));
  afterAll(() => database.close());

  const capabilities = {
    doubt: 'events',
    tracking: ['push'],
    features: { openTracking: true },
  } as unknown as Capabilities;

  /** The service for an account whose pushes are the JSON of what their reading gives. */
  function aService() {
    const read = ({ body }: { body: Buffer }): PushReading => {
      if (body.length === 0) throw new UnreadablePushError('the body is no push');
      return JSON.parse(body.toString()) as PushReading;
    };
    const provider = { name: 'ncp', capabilities, events: { read } } as unknown as EmailProvider;
    const services = doubtServices(database, provider);
    const { quota, transitions, tracking, recorder, lookUps, doubts, providers } = services;
    const timing = { ...TIMING, sentFinalMs: 60_000 };
    const polls = new PollRecorder(
      ...([
        database,
        quota,
        transitions,
        tracking,
        new ListedRecipientRepository(),
        recorder,
        timing,
        systemClock,
      ] as const),
    );
    const hints = { add: (...hinted: readonly unknown[]) => added.push(hinted) } as unknown as PushHints;
    return new ApplyPushService(tracking, lookUps, doubts, polls, hints, providers);
  }

  const push = (reports: readonly PushedReport[]): Promise<void> =>
    aService().execute('ncp', { headers: {}, body: Buffer.from(JSON.stringify({ authentic: true, reports })) });

  const said = (position: number, report: Partial<RecipientReport>, marker?: string): PushedReport => ({
    request: REQUEST,
    ...(marker !== undefined && { marker }),
    report: { address: `R.${position}@example.com`, ...report },
  });

  /** A batch of three whose request the provider has. */
  async function submitted() {
    const one = await given.message({ batches: [3] });
    await database.pool.query(
      `UPDATE batch SET status = 'submitted', submitted_at = now(), provider_request_id = 'q1', operation = 'send',
         next_poll_at = now() + interval '1 h'`,
    );
    return one;
  }

  const stand = async () => {
    const { rows } = await database.pool.query(
      `SELECT b.status::text, m.counts, b.provider_request_id AS request,
         extract(epoch FROM b.next_poll_at - now())::float8 * 1000 AS "pollMs",
         (SELECT array_agg(coalesce(r.status::text, '-') ORDER BY position) FROM recipient r) AS recipients,
         (SELECT array_agg(type ORDER BY type) FROM event) AS events
       FROM batch b JOIN message m ON m.id = b.message_id`,
    );
    return rows[0] as Record<string, unknown>;
  };

  it('applies states, forward only, and settles the batch with its last recipient', async () => {
    await submitted();
    await push([said(0, { status: 'delivered' }), said(1, { status: 'sent' })]);
    expect(await stand()).toMatchObject({
      status: 'sending',
      recipients: ['delivered', 'sent', '-'],
      counts: { delivered: 1, sent: 1, sending: 1 },
    });
    await push([said(0, { status: 'sent' }), said(1, { status: 'delivered' })]);
    await push([said(2, { status: 'bounced', reason: 'unknown_user', bounceType: 'hard' })]);
    expect(await stand()).toMatchObject({
      status: 'settled',
      recipients: ['delivered', 'delivered', 'bounced'],
      counts: { delivered: 2, bounced: 1 },
    });
  });

  it('changes nothing when it is repeated', async () => {
    await submitted();
    const reports = [said(0, { status: 'delivered' })];
    await push(reports);
    const before = await stand();
    await push(reports);
    const { pollMs: _before, ...known } = before;
    expect(await stand()).toMatchObject(known);
  });

  it('makes an event of a state that the adapter does not know', async () => {
    await submitted();
    await push([said(0, { unknownStatus: 'levitating' })]);
    expect(await stand()).toMatchObject({ recipients: ['-', '-', '-'], events: ['provider.unknown_status'] });
  });

  it('still takes opens and late bounces of a batch that is settled', async () => {
    await submitted();
    await push([0, 1, 2].map((position) => said(position, { status: 'delivered' })));
    await push([said(0, { openedAt: new Date() }), said(1, { status: 'bounced' })]);
    expect(await stand()).toMatchObject({ status: 'settled', recipients: ['delivered', 'bounced', 'delivered'] });
  });

  it('looks at a batch again only when time ends something, as long as the account is not polled', async () => {
    await submitted();
    await push([said(0, { status: 'delivered' })]);
    const { pollMs } = await stand();
    expect(pollMs).toBeGreaterThan(50_000);
  });

  describe('about a request in doubt', () => {
    async function doubted(marker: (batchId: string) => string) {
      const { batchIds } = await given.message({ batches: [3] });
      await doubt(database, '1 minute');
      const text = marker(encodeId('batch', batchIds[0] ?? ''));
      await database.pool.query('UPDATE attempt SET marker = $1', [text]);
      return text;
    }

    it('adopts it', async () => {
      const marker = await doubted((batchId) => `${batchId}.1@shop.example.com`);
      await push([said(0, { status: 'delivered' }, marker)]);
      expect(await stand()).toMatchObject({
        status: 'sending',
        request: 'q1',
        recipients: ['delivered', '-', '-'],
        events: expect.arrayContaining(['batch.adopted']),
      });
      expect((await database.pool.query('SELECT outcome::text FROM attempt')).rows).toEqual([{ outcome: 'adopted' }]);
    });

    it('leaves it when the marker is that of another attempt', async () => {
      const marker = await doubted((batchId) => `${batchId}.1@shop.example.com`);
      await push([said(0, { status: 'delivered' }, marker.replace('.1@', '.2@'))]);
      expect(await stand()).toMatchObject({ status: 'unconfirmed', recipients: ['-', '-', '-'] });
    });

    it('asks to be repeated while the request is still being sent', async () => {
      const marker = await doubted((batchId) => `${batchId}.1@shop.example.com`);
      await database.pool.query(`UPDATE batch SET status = 'dispatching', lease_until = now() + interval '1 h'`);
      await expect(push([said(0, { status: 'delivered' }, marker)])).rejects.toMatchObject({
        code: 'overloaded',
        retryAfterSeconds: 10,
      });
      expect(await stand()).toMatchObject({ status: 'dispatching' });
    });
  });

  it.each([
    undefined,
    'nonsense',
    'bat_x.1@shop.example.com',
    `${encodeId('batch', '0199'.padEnd(32, '0'))}.1@x.example`,
  ])('ignores a request that is not of this gateway: %s', async (marker) => {
    await given.message({ batches: [3] });
    await push([said(0, { status: 'delivered' }, marker)]);
    expect(await stand()).toMatchObject({ status: 'queued', recipients: ['-', '-', '-'] });
  });

  it('adds the hints of a push that proves nothing, and believes nothing of it', async () => {
    await submitted();
    const hints = [{ requestId: 'q1' }];
    const body = Buffer.from(JSON.stringify({ authentic: false, hints, reports: [said(0, { status: 'delivered' })] }));
    await aService().execute('ncp', { headers: {}, body });
    expect(added).toEqual([['ncp', hints]]);
    expect(await stand()).toMatchObject({ recipients: ['-', '-', '-'] });
  });

  it('refuses what the adapter cannot read, and accounts without pushes', async () => {
    const empty = { headers: {}, body: Buffer.alloc(0) };
    await expect(aService().execute('ncp', empty)).rejects.toMatchObject({ code: 'malformed_json' });
    await expect(aService().execute('nhn', empty)).rejects.toMatchObject({ code: 'not_found' });
  });
});
