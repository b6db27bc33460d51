import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatewayConnectionError } from '../errors.js';
import { hangsUp, json, problem, readsSlowly, refusesUnread, silent, StandIn } from '../stand-in.fixture.js';

const HEAD = { from: 'a@example.com', subject: 's', text: 't' };

describe('a stream of recipients', () => {
  let standIn: StandIn;
  beforeAll(async () => void (standIn = await StandIn.start()));
  afterAll(() => standIn.stop());

  const linesOf = (index = 0): unknown[] =>
    (standIn.seen[index]?.body ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);

  it('is the message, then a line for each recipient', async () => {
    async function* recipients() {
      yield 'kim@example.com';
      yield { address: 'lee@example.com', variables: { name: 'Lee\n' } };
    }
    await standIn.answering(json({ id: 'msg_1' }, 202)).messages.sendStream(HEAD, recipients());
    expect(linesOf()).toEqual([HEAD, 'kim@example.com', { address: 'lee@example.com', variables: { name: 'Lee\n' } }]);
    expect(standIn.seen[0]?.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'transfer-encoding': 'chunked',
    });
  });

  it('asks its source only as fast as the gateway reads', async () => {
    let asked = 0;
    let ended = false;
    async function* recipients() {
      try {
        for (; asked < 1_000_000; asked += 1) yield { address: `${'x'.repeat(100)}.${asked}@example.com` };
      } finally {
        ended = true;
      }
    }
    const controller = new AbortController();
    const gateway = standIn.answering(readsSlowly);
    const sent = gateway.messages.sendStream(HEAD, recipients(), { signal: controller.signal });
    let before = -1;
    // The buffers of both sides fill up; then nothing more is asked.
    while (asked !== before || asked === 0) {
      before = asked;
      await sleep(300);
    }
    expect(asked).toBeLessThan(200_000);
    controller.abort(new Error('enough'));
    await expect(sent).rejects.toThrow('enough');
    expect(ended).toBe(true);
  });

  it('sends what a slow source has given so far', async () => {
    let more = (): void => undefined;
    async function* recipients() {
      yield 'kim@example.com';
      await new Promise<void>((done) => (more = done));
      yield 'lee@example.com';
    }
    const sent = standIn.answering(json({ id: 'msg_1' }, 202)).messages.sendStream(HEAD, recipients());
    while (linesOf().length < 2) await sleep(20);
    more();
    await sent;
    expect(linesOf().length).toBe(3);
  });

  it('is not timed while its source is slow', async () => {
    async function* recipients() {
      yield 'kim@example.com';
      await sleep(400);
      yield 'lee@example.com';
    }
    const gateway = standIn.answering(json({ id: 'msg_1' }, 202));
    await gateway.messages.sendStream(HEAD, recipients(), { timeoutMs: 150 });
    expect(linesOf().length).toBe(3);
    const stuck = standIn
      .answering(silent)
      .messages.sendStream(HEAD, ['kim@example.com'], { timeoutMs: 50, maxRetries: 0 });
    await expect(stuck).rejects.toMatchObject({ name: 'GatewayTimeout' });
  });

  it('throws what its source throws, as it is, and does not repeat', async () => {
    const failure = new Error('the database is away');
    async function* recipients() {
      yield 'kim@example.com';
      throw failure;
    }
    const gateway = standIn.answering(json({ id: 'msg_1' }, 202));
    const thrown: unknown = await gateway.messages.sendStream(HEAD, recipients()).catch((error: unknown) => error);
    expect(thrown).toBe(failure);
  });

  it('that was read cannot be repeated', async () => {
    async function* recipients() {
      yield 'kim@example.com';
    }
    const sent = standIn.answering(hangsUp, json({})).messages.sendStream(HEAD, recipients());
    const thrown: unknown = await sent.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(GatewayConnectionError);
    expect(thrown).toMatchObject({ sent: 'maybe', attempts: 1 });
  });

  it.each([
    ['a list', ['kim@example.com', 'lee@example.com']],
    [
      'a function that makes one',
      async function* () {
        yield 'kim@example.com';
        yield 'lee@example.com';
      },
    ],
  ])('is repeated from its beginning, with its key, when it is %s', async (_name, recipients) => {
    const gateway = standIn.answering(hangsUp, json({ id: 'msg_1' }, 202));
    await gateway.messages.sendStream(HEAD, recipients);
    expect([linesOf(0).length, linesOf(1).length]).toEqual([3, 3]);
    expect(new Set(standIn.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('is refused as a whole, with the line', async () => {
    const errors = [{ pointer: '/address', code: 'invalid_address', detail: 'is not an e-mail address', line: 2 }];
    const gateway = standIn.answering(problem(422, 'validation_failed', { errors }));
    await expect(gateway.messages.sendStream(HEAD, ['lee@'])).rejects.toMatchObject({ errors });
  });

  it('ends its source when the answer comes before the end', async () => {
    let asked = 0;
    let ended = false;
    async function* recipients() {
      try {
        for (; asked < 10_000_000; asked += 1) yield `r.${asked}@example.com`;
      } finally {
        ended = true;
      }
    }
    const gateway = standIn.answering(refusesUnread);
    await expect(gateway.messages.sendStream(HEAD, recipients())).rejects.toMatchObject({ code: 'unauthorized' });
    expect([ended, asked < 10_000_000]).toEqual([true, true]);
  });

  it('also carries contacts', async () => {
    const gateway = standIn.answering(json({ imported: 1, updated: 0, rejected: 0, errors: [], errorCount: 0 }));
    await gateway.contacts.import([{ addresses: ['kim@example.com'] }]);
    expect(linesOf()).toEqual([{ addresses: ['kim@example.com'] }]);
  });
});

describe('a file', () => {
  let standIn: StandIn;
  beforeAll(async () => void (standIn = await StandIn.start()));
  afterAll(() => standIn.stop());

  it('is the same request in each attempt', async () => {
    const gateway = standIn.answering(hangsUp, json({ id: 'att_1' }, 201));
    await gateway.attachments.upload('견적.txt', new TextEncoder().encode('hello'), { contentType: 'text/plain' });
    const [first, second] = standIn.seen;
    expect(first?.body).toContain('hello');
    expect([second?.body, second?.headers['content-type']]).toEqual([first?.body, first?.headers['content-type']]);
  });
});
