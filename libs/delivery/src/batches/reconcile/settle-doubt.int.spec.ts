import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  UnconfirmedError,
  type Accepted,
  type Capabilities,
  type EmailProvider,
  type OutboundBatch,
  type Refused,
} from '@gateway/core';
import type { Database } from '@gateway/database';
import { aDatabase, GivenRows } from '@gateway/testing';
import { doubt, doubtServices, TIMING } from './doubt-services.fixture.js';

const HOUR = 3_600_000;
const accepted: Accepted = {
  outcome: 'accepted',
  requestId: 'q1',
  operation: 'send',
  httpStatus: 202,
  refusedRecipients: [],
};
const refused = (scope: Refused['scope'], retryAfterMs?: number): Refused => ({
  outcome: 'refused',
  operation: 'send',
  reason: 'content',
  scope,
  provider: { code: 'no' },
  ...(retryAfterMs !== undefined && { retryAfterMs }),
  refusedRecipients: [],
});

interface Stand {
  readonly status: string;
  readonly detail: string | null;
  readonly looks: number;
  readonly outcome: string;
  readonly request: string | null;
  readonly waitMs: number;
}

describe('a doubt at an account without look-up', () => {
  let database: Database;

  beforeAll(async () => {
    database = await aDatabase(4);
  });
  beforeEach(() => database.pool.query('TRUNCATE message, batch, attempt, recipient, event'));
  afterAll(() => database.close());

  /** One look at a batch of two recipients that was posted that long ago. @returns the posts, and how it stands. */
  async function settle(
    age: string,
    how: Pick<Capabilities, 'doubt' | 'idempotencyKeyMs'>,
    send: EmailProvider['send'] = async () => accepted,
  ) {
    const posts: OutboundBatch[] = [];
    const provider = {
      name: 'ncp',
      capabilities: how,
      send: (batch: OutboundBatch, signal: AbortSignal) => {
        posts.push(batch);
        return send(batch, signal);
      },
    } as unknown as EmailProvider;
    const { batchIds } = await new GivenRows(database).message({ batches: [2] });
    await doubt(database, age);
    await doubtServices(database, provider).reconcile.execute(batchIds);
    const { rows } = await database.pool.query<Stand>(
      `SELECT b.status::text, b.reason_detail AS detail, b.lookup_count AS looks, a.outcome::text, b.provider_request_id AS request,
         extract(epoch FROM b.next_attempt_at - now())::float8 * 1000 AS "waitMs"
       FROM batch b JOIN attempt a ON a.batch_id = b.id`,
    );
    return { posts, ...(rows[0] as Stand) };
  }

  const repeat = { doubt: 'repeat', idempotencyKeyMs: HOUR } as const;

  it('is settled by the same request with the same marker while its key lives', async () => {
    const { posts, ...stand } = await settle('30 minutes', repeat);
    expect(posts).toHaveLength(1);
    expect(posts[0]).toMatchObject({ marker: 'marker', content: { subject: [{ text: 'Hello' }] } });
    expect(posts[0]?.recipients.map(({ address }) => address)).toEqual(['r.0@example.com', 'r.1@example.com']);
    expect(stand).toMatchObject({ status: 'submitted', outcome: 'adopted', request: 'q1' });
  });

  it.each(['59 minutes 59.5 seconds', '2 hours'])('is not repeated when its key may be forgotten: %s', async (age) => {
    const { posts, status, detail } = await settle(age, repeat);
    expect(posts).toEqual([]);
    if (status !== 'expired') expect([status, detail]).toEqual(['unconfirmed', expect.stringContaining('too old')]);
  });

  it('is sent again as a new request when the provider refuses its content', async () => {
    expect(await settle('1 minute', repeat, async () => refused('batch'))).toMatchObject({
      status: 'queued',
      outcome: 'absent',
    });
  });

  it.each([
    ['no answer', () => Promise.reject(new UnconfirmedError('no answer'))],
    ['a defect', () => Promise.reject(new Error('a defect'))],
    ['no', async () => refused('account')],
    ['no', async () => refused('moment')],
  ])('stays after what is no verdict on the request: %s', async (detail, send) => {
    const stand = await settle('1 minute', repeat, send);
    expect(stand).toMatchObject({ status: 'unconfirmed', outcome: 'unconfirmed', detail, looks: 1 });
  });

  it('is repeated no sooner than the provider wants', async () => {
    const { waitMs } = await settle('1 minute', repeat, async () => refused('moment', 60_000));
    expect(waitMs).toBeGreaterThan(50_000);
  });

  it('is not repeated to other recipients than those of the request', async () => {
    await new GivenRows(database).message({ batches: [2] });
    const posts: unknown[] = [];
    const provider = { name: 'ncp', capabilities: repeat, send: async (batch: unknown) => void posts.push(batch) };
    await doubt(database, '1 minute');
    await database.pool.query('UPDATE attempt SET recipients = 3');
    const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM batch');
    const { reconcile } = doubtServices(database, provider as unknown as EmailProvider);
    await reconcile.execute(rows.map(({ id }) => id));
    expect(posts).toEqual([]);
  });

  it.each(['events', 'none'] as const)('is left alone until it expires, with %s', async (how) => {
    const { posts, status, outcome, waitMs } = await settle('15 minutes', { doubt: how });
    expect([posts, status, outcome]).toEqual([[], 'unconfirmed', 'unconfirmed']);
    const left = TIMING.expireMs - 15 * 60_000;
    expect(Math.abs(waitMs - left)).toBeLessThan(10_000);
    await database.pool.query('TRUNCATE message, batch, attempt, recipient, event');
    expect(await settle('2 hours', { doubt: how })).toMatchObject({ posts: [], status: 'expired' });
  });
});
