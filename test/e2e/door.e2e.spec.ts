import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  GatewayClient,
  SlowUpload,
  TestGateway,
  aMessage,
  eventually,
  freshDatabase,
  type Answer,
  type MessageView,
  type ProblemView,
} from '@gateway/testing';
import { Client } from 'pg';

const MB = 1_000_000;
const NDJSON = 'application/x-ndjson';
const MAIL = `${JSON.stringify({ from: 'news@example.com', subject: 'Hi', html: '<p>Hello</p>' })}\n`;
const MAX_WAITING = 5;

interface Health {
  readonly status: string;
  readonly checks: Readonly<Record<string, { readonly status: string; readonly reason?: string }>>;
}

/** A message of about 50 MB: 50,000 recipients with 1,000 bytes each. */
function largeMail(): string {
  const note = 'n'.repeat(950);
  const recipients = Array.from({ length: 50_000 }, (_, i) => ({
    address: `r.${i}@example.com`,
    variables: { note },
  }));
  return JSON.stringify({ from: 'news@example.com', subject: 'Hi', html: '<p>{{note}}</p>', recipients });
}

describe('the door of the api', () => {
  let test: TestGateway;
  let gateway: GatewayClient;

  beforeAll(async () => {
    test = await TestGateway.start({
      databaseUrl: await freshDatabase(),
      env: { MAX_WAITING_BATCHES: String(MAX_WAITING), MAX_BODY_MEMORY_MB: '100', MAX_UPLOADS: '2' },
    });
    gateway = new GatewayClient(test.address, test.address.apiKey);
  }, 120_000);
  afterAll(() => test.stop());

  const metric = async (pattern: string): Promise<number> =>
    Number(new RegExp(`^${pattern}.*\\} (\\d+)$`, 'm').exec(await gateway.get<string>('/metrics'))?.[1]);
  const refused = (reason: string): Promise<number> => metric(`gateway_refused_requests_total\\{reason="${reason}"`);
  const ready = async (): Promise<Health> => gateway.get<Health>('/health/ready');
  const expectRefusal = ({ status, headers, body }: Answer<unknown>): void => {
    expect([status, (body as ProblemView).code, (body as ProblemView).retryable]).toEqual([503, 'overloaded', true]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  };
  const sendOne = (): Promise<Answer<MessageView>> => gateway.post<MessageView>('/v1/messages', aMessage().build());

  it('works on many single mails of a client at once, over few connections', async () => {
    const file = await gateway.upload('a.txt', 'for everybody');
    const template = await gateway.post<{ id: string }>('/v1/templates', { name: 'Code', subject: 'Code', text: '7' });
    const { from, to } = aMessage().build();
    await gateway.post('/v1/suppressions', { addresses: ['no.more@example.com'], scope: 'all' });
    // Each takes a transaction of its own.
    const suppressed = Array.from({ length: 16 }, () => ({ ...aMessage().build(), to: 'no.more@example.com' }));
    const together = Array.from({ length: 8 }, () => [
      aMessage().build(),
      { from, to, template: { id: template.body.id } },
      { ...aMessage().build(), attachments: [file.id] },
    ]).flat();
    const post = (mails: readonly object[], key: string): Promise<Answer<MessageView>[]> =>
      Promise.all(
        mails.map((mail, i) => gateway.post<MessageView>('/v1/messages', mail, { 'idempotency-key': `${key}-${i}` })),
      );
    const database = new Client({ connectionString: test.address.databaseUrl });
    await database.connect();
    const busy = async (): Promise<number> => {
      // Until all have come as far as they can.
      await sleep(1000);
      const { rows } = await database.query<{ busy: number }>(
        `SELECT count(*)::int AS busy FROM pg_stat_activity WHERE application_name = 'gateway-api' AND state <> 'idle'`,
      );
      return rows[0]?.busy ?? 0;
    };
    const turns = (): Promise<number> => metric('gateway_turns\\{');
    try {
      // Nothing can be written meanwhile.
      await database.query('BEGIN; LOCK TABLE message IN SHARE MODE');
      const apart = post(suppressed, 'suppressed');
      await eventually(async () => expect(await turns()).toBe(suppressed.length));
      expect(await busy()).toBe(8);
      const inGroups = post(together, 'together');
      await eventually(async () => expect(await turns()).toBe(suppressed.length + together.length));
      // Two groups of mails with files, and two of mails without.
      expect(await busy()).toBeLessThanOrEqual(12);
      await database.query('COMMIT');
      const first = [...(await apart), ...(await inGroups)];
      expect(new Set(first.map(({ status }) => status))).toEqual(new Set([202]));
      for (const { body } of first) await gateway.waitUntilFinal(body.id);
      const again = [...(await post(suppressed, 'suppressed')), ...(await post(together, 'together'))];
      expect(again.map(({ body }) => body.id)).toEqual(first.map(({ body }) => body.id));
    } finally {
      await database.end();
    }
  });

  describe('while more is waiting to be sent than may be', () => {
    const accepted: string[] = [];

    beforeAll(async () => {
      await test.end('worker');
      await eventually(async () => {
        const { status, body } = await sendOne();
        if (status === 202) accepted.push(body.id);
        expect(status).toBe(503);
      });
    });
    afterAll(async () => {
      await test.start('worker');
      for (const id of accepted) await gateway.waitUntilFinal(id);
    });

    it.each(['/v1/messages', '/v1/messages/batch', '/v1/messages/msg_1/redrive'])(
      'turns away POST %s, and says when to come again',
      async (path) => {
        expect(accepted.length).toBeGreaterThan(MAX_WAITING);
        const before = await refused('backlog');
        expectRefusal(await gateway.post(path, aMessage().build()));
        expect(await refused('backlog')).toBe(before + 1);
      },
    );

    it('still answers all other requests, and readiness reports it', async () => {
      expect((await gateway.call('GET', '/v1/messages')).status).toBe(200);
      expect((await gateway.post('/v1/messages/preview', aMessage().build())).status).toBe(200);
      expect((await gateway.upload('a.txt', 'hello')).size).toBe(5);
      expect(await ready()).toMatchObject({ status: 'busy', checks: { door: { status: 'busy', reason: 'backlog' } } });
      expect((await gateway.call('GET', '/health/live')).status).toBe(200);
    });

    it('takes mail again once enough of it was cancelled', async () => {
      for (const id of accepted.splice(0)) {
        expect((await gateway.post(`/v1/messages/${id}/cancel`)).status).toBeLessThan(300);
      }
      await eventually(async () => {
        const { status, body } = await sendOne();
        expect(status).toBe(202);
        accepted.push(body.id);
      });
      expect(await ready()).toMatchObject({ status: 'up', checks: { door: { status: 'up' } } });
    });
  });

  describe('while large bodies fill the memory that there is for them', () => {
    const keys: string[] = [];
    /** A body that has arrived except for its last part. */
    const hold = (apiKey: string, length: number, sent: number): SlowUpload => {
      const start = { path: '/v1/messages', type: 'application/json', length };
      const upload = new SlowUpload({ ...test.address, apiKey }, start);
      upload.write(' '.repeat(sent));
      return upload;
    };
    const untilHeld = (bytes: number): Promise<void> =>
      eventually(async () => expect(await metric('gateway_body_bytes\\{')).toBe(bytes));

    beforeAll(async () => {
      for (const client of ['first', 'second']) {
        const input = { client, name: 'large bodies', scopes: ['messages:write'] };
        keys.push((await gateway.post<{ key: string }>('/v1/api-keys', input)).body.key);
      }
    });

    it('turns away large ones at once, lets small ones pass, and gives the room back', async () => {
      const [first = '', second = ''] = keys;
      const held = [hold(first, 60 * MB, 60 * MB - 1), hold(second, 50 * MB, 40 * MB + 1)];
      await untilHeld(100 * MB);
      expect(await ready()).toMatchObject({ status: 'busy', checks: { door: { reason: 'memory' } } });
      const before = await refused('memory');
      expectRefusal(await gateway.post('/v1/messages', ' '.repeat(MB)));
      expect(await refused('memory')).toBe(before + 1);
      expect((await sendOne()).status).toBe(202);
      for (const upload of held) upload.abort();
      await untilHeld(0);
      expect((await gateway.post('/v1/messages', ' '.repeat(MB))).status).toBe(400);
    });

    it('holds nothing for a length that is only announced', async () => {
      const held = [hold(keys[0] ?? '', 60 * MB, 1), hold(keys[1] ?? '', 60 * MB, 1)];
      await untilHeld(2);
      expect((await gateway.post('/v1/messages', ' '.repeat(MB))).status).toBe(400);
      for (const upload of held) upload.abort();
      await untilHeld(0);
    });

    it('bounds what one client holds, also in bodies that do not say how long they are', async () => {
      const held = hold(test.address.apiKey, 60 * MB, 60 * MB - 1);
      await untilHeld(60 * MB - 1);
      const chunked = new SlowUpload(test.address, { path: '/v1/messages', type: 'application/json' });
      await chunked.trickle(() => ' '.repeat(4 * MB), 20);
      expect(chunked.answer).toMatch(/^HTTP\/1\.1 429 [\s\S]*retry-after/i);
      expect((await gateway.as(keys[0]).post('/v1/messages', ' '.repeat(MB))).status).toBe(400);
      for (const upload of [held, chunked]) upload.abort();
      await untilHeld(0);
    });

    it('stays within its memory under many of the largest at once', async () => {
      const body = largeMail();
      expect(body.length).toBeGreaterThan(49 * MB);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => gateway.post('/v1/messages', body).catch(() => undefined)),
      );
      const statuses = answers.map((answer) => answer?.status);
      expect(statuses).toContain(202);
      expect(statuses.filter((status) => status === 429 || status === undefined).length).toBeGreaterThan(10);
      const peakMb =
        Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${test.pidOf('api')}/status`, 'utf8'))?.[1]) / 1000;
      expect(peakMb).toBeLessThan(1200);
      await untilHeld(0);
    }, 300_000);
  });

  describe('while as many uploads go on as may', () => {
    const stream = (): SlowUpload => {
      const upload = new SlowUpload(test.address, { path: '/v1/messages', type: NDJSON });
      upload.write(MAIL);
      return upload;
    };
    const untilUploads = (count: number): Promise<void> =>
      eventually(async () => expect(await metric('gateway_uploads\\{')).toBe(count));
    const attach = (): Promise<number> => gateway.upload('a.txt', 'hello').then(({ size }) => size);

    it('lets the next one wait for a moment', async () => {
      const held = [stream(), stream()];
      await untilUploads(2);
      const waiting = attach();
      await sleep(500);
      held[0]?.abort();
      expect(await waiting).toBe(5);
      held[1]?.abort();
      await untilUploads(0);
    });

    it('rejects it when none completes, while mail is still sent', async () => {
      const held = [stream(), stream()];
      await untilUploads(2);
      const before = await refused('uploads');
      const [turnedAway, mail] = await Promise.all([
        gateway.post('/v1/messages', MAIL, { 'content-type': NDJSON }),
        sendOne(),
      ]);
      expectRefusal(turnedAway);
      expect(mail.status).toBe(202);
      expect(await refused('uploads')).toBe(before + 1);
      for (const upload of held) upload.abort();
      await untilUploads(0);
      expect(await attach()).toBe(5);
    });
  });
});
