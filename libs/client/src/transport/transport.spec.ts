import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EmailGateway } from '../email-gateway.js';
import { GatewayConnectionError, GatewayProblem, GatewayTimeout } from '../errors.js';
import { cutOff, hangsUp, json, problem, silent, StandIn, text } from '../stand-in.fixture.js';
import type { AnswerInfo, Retry } from './options.js';

const MESSAGE = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' };

const thrownBy = (call: PromiseLike<unknown>): Promise<unknown> =>
  call.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error,
  ) as Promise<unknown>;

describe('a call', () => {
  let standIn: StandIn;
  beforeAll(async () => void (standIn = await StandIn.start()));
  afterAll(() => standIn.stop());

  const keys = (): readonly unknown[] => standIn.seen.map(({ headers }) => headers['idempotency-key']);

  it('sends the key, JSON and an idempotency key, and returns the answer', async () => {
    const gateway = standIn.answering(json({ id: 'msg_1' }, 202));
    expect(await gateway.messages.send(MESSAGE)).toEqual({ id: 'msg_1' });
    const [{ method, path, headers, body }] = standIn.seen as [(typeof standIn.seen)[0]];
    expect([method, path, JSON.parse(body)]).toEqual(['POST', '/v1/messages', MESSAGE]);
    expect(headers).toMatchObject({ authorization: 'Bearer gk_test', 'content-type': 'application/json' });
    expect(headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('keeps its idempotency key over every attempt, and another call has another', async () => {
    const gateway = standIn.answering(
      hangsUp,
      cutOff,
      problem(503, 'overloaded', { retryable: true }),
      json({ id: 'msg_1' }),
    );
    expect(await gateway.messages.send(MESSAGE)).toEqual({ id: 'msg_1' });
    await gateway.messages.send(MESSAGE);
    expect(standIn.seen.length).toBe(5);
    expect(new Set(keys().slice(0, 4)).size).toBe(1);
    expect(keys()[4]).not.toBe(keys()[0]);
  });

  it('uses the idempotency key of the caller', async () => {
    const gateway = standIn.answering(hangsUp, json({}));
    await gateway.messages.send(MESSAGE, { idempotencyKey: 'order-7' });
    expect(keys()).toEqual(['order-7', 'order-7']);
    await expect(gateway.messages.send(MESSAGE, { idempotencyKey: 'line\nbreak' })).rejects.toThrow(TypeError);
  });

  it('repeats what is in flight under its own key', async () => {
    const inFlight = problem(409, 'idempotency_in_flight', { retryable: true }, { 'retry-after': '0' });
    const gateway = standIn.answering(inFlight, json({ id: 'msg_1' }, 202, { 'idempotent-replayed': 'true' }));
    const onAnswer = jest.fn<(answer: AnswerInfo) => void>();
    await gateway.messages.send(MESSAGE, { onAnswer });
    expect(onAnswer).toHaveBeenCalledWith(expect.objectContaining({ status: 202, replayed: true, attempts: 2 }));
  });

  it('follows Retry-After, in seconds or as a date', async () => {
    const delays: number[] = [];
    const onRetry = ({ delayMs }: Retry): void => void delays.push(delayMs);
    const limited = (after: string) =>
      problem(
        429,
        'rate_limited',
        { retryable: true },
        { 'retry-after': after, date: 'Sun, 01 Nov 2026 00:00:00 GMT' },
      );
    const gateway = standIn.client({ onRetry }, limited('1'), limited('Sun, 01 Nov 2026 00:00:01 GMT'), json({}));
    await gateway.messages.send(MESSAGE);
    expect(delays.map((delay) => Math.floor(delay / 1000))).toEqual([1, 1]);
  });

  it('does not wait for a Retry-After beyond its deadline', async () => {
    const gateway = standIn.answering(problem(429, 'rate_limited', { retryable: true }, { 'retry-after': '3600' }));
    const error = await thrownBy(gateway.messages.send(MESSAGE));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 3_600_000, retryable: true, attempts: 1 });
    expect(standIn.seen.length).toBe(1);
  });

  it('throws a problem with all of its parts, once', async () => {
    const errors = [{ pointer: '/to', code: 'invalid_address', detail: 'is not an e-mail address' }];
    const gateway = standIn.answering(problem(422, 'validation_failed', { retryable: false, errors, errorCount: 1 }));
    const error = await thrownBy(gateway.messages.send(MESSAGE));
    expect(error).toBeInstanceOf(GatewayProblem);
    expect(error).toMatchObject({ code: 'validation_failed', status: 422, errors, errorCount: 1, requestId: 'req-1' });
    expect((error as Error).message).toBe('422 validation_failed: it is validation_failed (request req-1)');
    expect(standIn.seen.length).toBe(1);
  });

  it('does not ask again for a quota that is used up', async () => {
    const gateway = standIn.answering(problem(429, 'quota_exceeded', { retryable: true }));
    expect(await thrownBy(gateway.messages.send(MESSAGE))).toMatchObject({ code: 'quota_exceeded', attempts: 1 });
  });

  it('repeats at a page of a proxy, and shows its words in the end', async () => {
    const page = text('<html><style>b{}</style><h1>502 Bad Gateway</h1>\n<hr>nginx</html>', 502);
    const error = await thrownBy(standIn.client({ maxRetries: 1 }, page).messages.list());
    expect(error).toMatchObject({ code: 'http_error', status: 502, retryable: true, attempts: 2 });
    expect((error as GatewayProblem).detail).toBe("the answer is not the gateway's: 502 Bad Gateway nginx");
  });

  it('takes a page instead of JSON for a wrong url, and does not repeat', async () => {
    const error = await thrownBy(standIn.answering(text('<html>', 200)).messages.get('msg_1'));
    expect(error).toBeInstanceOf(GatewayConnectionError);
    expect(error).toMatchObject({ sent: 'maybe', retryable: false, attempts: 1 });
    expect((error as Error).message).toContain('text/html instead of JSON');
  });

  it.each([
    ['ends without an answer', hangsUp],
    ['is cut off', cutOff],
    ['is broken JSON', text('{"id":', 200, 'application/json')],
  ])('repeats when the answer %s, and says at last that it may have been sent', async (_name, step) => {
    const error = await thrownBy(standIn.client({ maxRetries: 1 }, step).messages.send(MESSAGE));
    expect(error).toBeInstanceOf(GatewayConnectionError);
    expect(error).toMatchObject({ sent: 'maybe', retryable: true, attempts: 2 });
    expect(new Set(keys()).size).toBe(1);
  });

  it('does not follow a redirect: the key stays here', async () => {
    const step = json({}, 307, { location: 'https://elsewhere.example/v1/messages' });
    const error = await thrownBy(standIn.answering(step).messages.send(MESSAGE));
    expect(error).toMatchObject({ status: 307, retryable: false, attempts: 1 });
    expect((error as Error).message).toContain('https://elsewhere.example');
  });

  it('times each attempt by itself, and throws a timeout after the last', async () => {
    const gateway = standIn.client({ timeoutMs: 50, maxRetries: 2 }, silent);
    const error = await thrownBy(gateway.messages.send(MESSAGE));
    expect(error).toBeInstanceOf(GatewayTimeout);
    expect(error).toBeInstanceOf(GatewayConnectionError);
    expect(error).toMatchObject({ name: 'GatewayTimeout', sent: 'maybe', attempts: 3 });
    expect(standIn.seen.length).toBe(3);
  });

  it('ends at its deadline, whatever is left of retries', async () => {
    const gateway = standIn.client({ deadlineMs: 300, maxRetries: 1000 }, silent);
    expect(await thrownBy(gateway.messages.send(MESSAGE))).toBeInstanceOf(GatewayTimeout);
    expect(standIn.seen.length).toBe(1);
  });

  it.each([
    ['while it waits for an answer', silent],
    ['while it waits to repeat', problem(503, 'overloaded', { retryable: true }, { 'retry-after': '60' })],
  ])("throws the reason of the caller's signal as it is, %s", async (_name, step) => {
    const controller = new AbortController();
    const reason = { why: 'the caller left' };
    const gateway = standIn.client({}, (response, seen, request) => {
      setTimeout(() => controller.abort(reason), 20);
      return step(response, seen, request);
    });
    expect(await thrownBy(gateway.messages.send(MESSAGE, { signal: controller.signal }))).toBe(reason);
    expect(standIn.seen.length).toBe(1);
  });

  it('does not begin with a signal that is aborted', async () => {
    const gateway = standIn.answering(json({}));
    const reason = new Error('never mind');
    expect(await thrownBy(gateway.messages.send(MESSAGE, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(standIn.seen.length).toBe(0);
  });

  it('knows that a refused connection sent nothing, unless an earlier attempt may have', async () => {
    const unused = createServer();
    await new Promise<void>((done) => unused.listen(0, '127.0.0.1', done));
    const { port } = unused.address() as AddressInfo;
    await new Promise((done) => unused.close(done));
    const away = { url: `http://127.0.0.1:${port}`, apiKey: 'gk_test', maxRetries: 1 };
    const gateway = new EmailGateway(away);
    expect(await thrownBy(gateway.messages.send(MESSAGE))).toMatchObject({ sent: 'no', attempts: 2 });
    // The first attempt reaches the stand-in, the second one nothing.
    standIn.answering(hangsUp);
    const urls = [standIn.url, away.url];
    const moving = new EmailGateway({
      ...away,
      fetch: (url, init) => fetch(url.replace(away.url, urls.shift() ?? ''), init),
    });
    expect(await thrownBy(moving.messages.send(MESSAGE))).toMatchObject({ sent: 'maybe', attempts: 2 });
  });

  it('ends well when a lost answer was that of the deletion', async () => {
    const gone = problem(404, 'not_found', { retryable: false });
    await standIn.answering(hangsUp, gone).groups.delete('grp_1');
    expect(standIn.seen.length).toBe(2);
    expect(await thrownBy(standIn.answering(gone).groups.delete('grp_1'))).toMatchObject({ status: 404 });
  });

  it('asks for the key before each attempt when it is a function', async () => {
    const given = ['gk_1', 'gk_2'];
    const gateway = standIn.client({ apiKey: async () => given.shift() ?? '' }, hangsUp, json({}));
    await gateway.messages.send(MESSAGE);
    expect(standIn.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer gk_1', 'Bearer gk_2']);
  });

  it('leads nowhere else by an id', async () => {
    const gateway = standIn.answering(json({}));
    await gateway.messages.get('../api-keys?x=1#y');
    expect(standIn.seen[0]?.path).toBe('/v1/messages/..%2Fapi-keys%3Fx%3D1%23y');
    for (const id of ['', '.', '..', undefined as unknown as string]) {
      expect(() => gateway.messages.get(id)).toThrow(TypeError);
    }
  });

  it('refuses headers that cannot be sent, before any request', async () => {
    const gateway = standIn.answering(json({}));
    for (const headers of [{ 'x-team': '한국' }, { 'x y': '1' }, { 'x-team': 'a\nb' }]) {
      // Jest has a TypeError of its own.
      await expect(gateway.messages.get('msg_1', { headers })).rejects.toMatchObject({ name: 'TypeError' });
    }
    expect(standIn.seen.length).toBe(0);
  });

  it('writes filters as the gateway reads them', async () => {
    const gateway = standIn.answering(json({ data: [], nextCursor: null }));
    await gateway.messages.list({ metadata: { order: '7' }, from: 'a+b@example.com', status: undefined as never });
    expect(standIn.seen[0]?.path).toBe('/v1/messages?metadata%5Border%5D=7&from=a%2Bb%40example.com');
    await gateway.events.list({ types: ['recipient.*', 'message.completed'] });
    expect(standIn.seen[1]?.path).toBe('/v1/events?types=recipient.*%2Cmessage.completed');
  });
});

describe('a client', () => {
  const make = (url: string, apiKey = 'gk_test') => new EmailGateway({ url, apiKey });

  it.each(['', 'mail.example.com', 'ftp://mail.example.com', 'https://u:p@mail.example.com', 'https://m.example/?a=1'])(
    'refuses the url %j with the reason',
    (url) => expect(() => make(url)).toThrow(TypeError),
  );

  it.each(['gk_\n', ' gk', 'gk_ü', 'gk\0', ''])('refuses the key %j and does not show it', (key) => {
    expect(() => make('https://mail.example.com', key)).toThrow(TypeError);
    expect(() => make('https://mail.example.com', `gk_secret${key} `)).not.toThrow(/gk_secret/);
  });

  it('accepts a path before /v1, with or without its end', () => {
    const urls: string[] = [];
    for (const url of ['https://m.example/mail', 'https://m.example/mail/', 'https://m.example/mail/v1/']) {
      const fetch = async (to: string) => (
        urls.push(to),
        new Response('{}', { headers: { 'content-type': 'application/json' } })
      );
      void new EmailGateway({ url, apiKey: 'k', fetch }).messages.get('msg_1');
    }
    return new Promise<void>((done) => setImmediate(done)).then(() =>
      expect(new Set(urls)).toEqual(new Set(['https://m.example/mail/v1/messages/msg_1'])),
    );
  });

  it('does not show its key when it is printed', () => {
    expect(inspect(make('https://m.example', 'gk_secret'), { depth: 9, showHidden: true })).not.toContain('gk_secret');
  });

  it.each([{ timeoutMs: 0 }, { deadlineMs: Number.NaN }, { maxRetries: -1 }])('refuses %j', (limits) => {
    expect(() => new EmailGateway({ url: 'https://m.example', apiKey: 'k', ...limits })).toThrow(TypeError);
  });
});
