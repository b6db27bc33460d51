import { beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { GatewayProblem } from '@gateway/core';
import { Metrics } from '@gateway/platform';
import fastify, { type FastifyInstance } from 'fastify';
import { Backlog } from './backlog.js';
import { Door } from './door.js';
import { installDoor } from './install-door.js';

const MB = 1_000_000;
const limits = {
  maxWaitingBatches: 10,
  maxWaitingRecipients: 1000,
  maxBodyBytes: 100 * MB,
  maxUploads: 1,
  maxClientRequests: 3,
  maxClientBodyBytes: 70 * MB,
  maxClientUploads: 1,
  uploadDeadlineMs: 10_000,
  uploadStallMs: 1000,
};

describe(installDoor.name, () => {
  const closed = { disk: false, backlog: false };
  let app: FastifyInstance;

  beforeEach(() => {
    Object.assign(closed, { disk: false, backlog: false });
    app = fastify();
    app.setErrorHandler((error, _request, reply) => {
      const known = error instanceof GatewayProblem;
      return reply.code(503).send(known ? `${error.code} ${error.retryAfterSeconds}` : String(error));
    });
    const parts = {
      disk: { isFull: () => Promise.resolve(closed.disk) },
      backlog: { isFull: () => Promise.resolve(closed.backlog) },
    };
    const door = new Door({ ...parts, limits, metrics: new Metrics({ process: 'api', defaults: false }) });
    installDoor(app, door, ({ headers }) => String(headers['x-client'] ?? 'shop'));
    for (const url of ['/v1/messages', '/v1/messages/batch', '/v1/messages/:id/redrive', '/v1/messages/:id/cancel']) {
      app.all(url, (_request, reply) => reply.send('taken'));
    }
    for (const url of ['/v1/messages/preview', '/v1/attachments', '/v1/contacts/import', '/v1/providers/:name/pause']) {
      app.all(url, (_request, reply) => reply.send('taken'));
    }
  });

  it('ends a stream that was begun while there was room, when the disk gets full', async () => {
    app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));
    const read: string[] = [];
    app.post('/v1/stream', { config: { streamTypes: ['application/x-ndjson'] } }, async ({ body }) => {
      for await (const piece of body as AsyncIterable<Buffer>) read.push(piece.toString());
      return 'taken';
    });
    const pieces = async function* () {
      yield 'one';
      while (read.length === 0) await breathe();
      closed.disk = true;
      yield 'two';
    };
    const headers = { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked' };
    const payload = Readable.from(pieces(), { objectMode: false });
    const answer = await app.inject({ method: 'POST', url: '/v1/stream', headers, payload });
    expect([answer.body, read]).toEqual(['overloaded 60', ['one']]);
  });

  it('goes on with a connection whose last body was aborted', async () => {
    app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));
    app.post('/v1/stream', { config: { streamTypes: ['application/x-ndjson'] } }, async ({ body }) => {
      for await (const piece of body as AsyncIterable<Buffer>) throw new Error(`no more after ${piece.length > 0}`);
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (data) => (heard += data.toString()));
    try {
      for (let i = 1; i <= 5; i += 1) {
        const head = 'POST /v1/stream HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n';
        socket.write(`${head}Content-Length: 1000000\r\n\r\n${'x'.repeat(1_000_000)}`);
        for (let turn = 0; turn < 200 && heard.split('no more after').length <= i; turn += 1) await sleep(10);
        expect(heard.split('no more after').length - 1).toBe(i);
      }
    } finally {
      socket.destroy();
      await app.close();
    }
  });

  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string): Promise<string> =>
    (await app.inject({ method, url })).body;

  it.each(['/v1/messages', '/v1/messages?x=1', '/v1/%6Dessages', '/v1/messages/batch', '/v1/messages/msg_1/redrive'])(
    'takes no POST %s while the disk is full or too much is waiting, and says when to come again',
    async (url) => {
      expect(await ask('POST', url)).toBe('taken');
      closed.backlog = true;
      expect(await ask('POST', url)).toBe('overloaded 30');
      closed.disk = true;
      expect(await ask('POST', url)).toBe('overloaded 60');
    },
  );

  it.each(['/v1/attachments', '/v1/contacts/import'])('takes POST %s while only mail has to wait', async (url) => {
    closed.backlog = true;
    expect(await ask('POST', url)).toBe('taken');
    closed.disk = true;
    expect(await ask('POST', url)).toBe('overloaded 60');
  });

  it.each([
    ['GET', '/v1/messages'],
    ['DELETE', '/v1/attachments'],
    ['POST', '/v1/messages/msg_1/cancel'],
    ['POST', '/v1/providers/one/pause'],
    ['POST', '/v1/messages/preview'],
  ] as const)('goes on answering %s %s', async (method, url) => {
    Object.assign(closed, { disk: true, backlog: true });
    expect(await ask(method, url)).toBe('taken');
  });
});

describe('the share of one client', () => {
  it("bounds its requests in progress, and no other client's", async () => {
    const app = fastify();
    app.setErrorHandler((error, _request, reply) =>
      reply.code(error instanceof GatewayProblem ? error.status : 500).send(String(error)),
    );
    const open = { isFull: () => Promise.resolve(false) };
    const metrics = new Metrics({ process: 'api', defaults: false });
    installDoor(app, new Door({ disk: open, backlog: open, limits, metrics }), ({ headers }) =>
      String(headers['x-client']),
    );
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    app.get('/v1/slow', async () => held.then(() => 'done'));
    const ask = async (client: string): Promise<number> =>
      (await app.inject({ method: 'GET', url: '/v1/slow', headers: { 'x-client': client } })).statusCode;
    const first = [ask('shop'), ask('shop'), ask('shop')];
    await sleep(20);
    expect(await ask('shop')).toBe(429);
    const other = ask('billing');
    answer();
    expect([...(await Promise.all(first)), await other]).toEqual([200, 200, 200, 200]);
    expect(await ask('shop')).toBe(200);
    expect(await metrics.text()).toMatch(/gateway_requests_in_progress\{.*\} 0\n/);
  });
});

describe(Backlog.name, () => {
  const full = (batches: number, recipients: number, most = limits): Promise<boolean> =>
    new Backlog(() => Promise.resolve({ batches, recipients }), most).isFull();

  it('is full beyond either limit, and never without one', async () => {
    expect(await full(10, 1000)).toBe(false);
    expect(await full(11, 0)).toBe(true);
    expect(await full(0, 1001)).toBe(true);
    expect(await full(11, 1001, { ...limits, maxWaitingBatches: 0, maxWaitingRecipients: 0 })).toBe(false);
  });

  it('counts once for many requests, and refuses none because counting failed', async () => {
    let looks = 0;
    const sut = new Backlog(() => Promise.reject(new Error(`away ${(looks += 1)}`)), limits);
    expect(await Promise.all([sut.isFull(), sut.isFull(), sut.isFull()])).toEqual([false, false, false]);
    expect(looks).toBe(1);
  });
});
