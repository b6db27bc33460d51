import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { giveUpOnSilence } from './silence.js';

const LONGEST_MS = 200;

describe(giveUpOnSilence.name, () => {
  let app: FastifyInstance;
  let port: number;

  beforeEach(async () => {
    app = fastify();
    app.addContentTypeParser('text/csv', (request, payload, done) => {
      giveUpOnSilence(request, payload, LONGEST_MS);
      done(null, payload);
    });
    app.post('/', async ({ body }) => {
      let bytes = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) bytes += chunk.length;
      await sleep(3 * LONGEST_MS);
      return { bytes };
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    port = (app.server.address() as AddressInfo).port;
  });
  afterEach(() => app.close());

  it('lets a caller wait for an answer longer than the uploader may be silent', async () => {
    const headers = { 'content-type': 'text/csv' };
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: 'a,b\n' });
    expect(await answer.json()).toEqual({ bytes: 4 });
  });

  it('ends the connection of an uploader who falls silent in the middle', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.resume();
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\na,b\n');
    await once(socket, 'close');
  });
});
