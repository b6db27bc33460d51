import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type Socket } from 'node:net';
import { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.js';
import { NoAnswerError, NotSentError } from './http-errors.js';

const servers: Server[] = [];
const sockets = new Set<Socket>();
const clients: HttpClient[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A server of raw bytes, so that each test decides what happens on the wire. */
const listen = async (onSocket: (socket: Socket) => void): Promise<number> => {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

const clientFor = (port: number, options: Partial<HttpClientOptions> = {}): HttpClient => {
  const client = createHttpClient({ baseUrl: `http://127.0.0.1:${port}/prefix`, timeoutMs: 2000, ...options });
  clients.push(client);
  return client;
};

const post = (client: HttpClient, signal?: AbortSignal): ReturnType<HttpClient['request']> =>
  client.request({ method: 'POST', path: '/mails', body: 'hello', ...(signal && { signal }) });

const ok = (body: string): string => `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** Answers once the five bytes of the request's body have arrived. */
const answering = (bytes: string | Buffer, then?: (socket: Socket) => void) => (socket: Socket) => {
  socket.on('data', (chunk) => {
    if (!chunk.toString('latin1').endsWith('hello')) return;
    socket.write(bytes);
    then?.(socket);
  });
};

describe(createHttpClient.name, () => {
  it('sends the exact path, headers and body, and returns status, headers and bytes', async () => {
    let seen = '';
    const port = await listen((socket) => {
      socket.on('data', (chunk) => {
        seen += chunk.toString();
        socket.write('HTTP/1.1 404 Nope\r\nX-Two: a\r\nx-two: b\r\ncontent-length: 2\r\n\r\n\xff!', 'latin1');
      });
    });
    const answer = await clientFor(port).request({
      method: 'GET',
      path: '/a%2Fb?x=%EA%B0%80&x=2',
      headers: { 'X-Key': 'v' },
    });
    expect(seen).toContain('GET /a%2Fb?x=%EA%B0%80&x=2 HTTP/1.1\r\n');
    expect(seen).toContain('X-Key: v');
    expect(answer).toMatchObject({ status: 404, headers: { 'x-two': 'a, b' } });
    expect(answer.body).toEqual(Buffer.from([0xff, 0x21]));
  });

  it('writes a body of parts with one content-length', async () => {
    let seen = '';
    const port = await listen((socket) => {
      socket.on('data', (chunk) => {
        seen += chunk.toString();
        if (seen.endsWith('한글!')) socket.write(ok(''));
      });
    });
    const body = [Buffer.from('한'), Buffer.from('글'), Buffer.from('!')];
    await clientFor(port).request({ method: 'POST', path: '/', body });
    expect(seen.toLowerCase()).toContain('content-length: 7');
    expect(seen.toLowerCase()).not.toContain('chunked');
  });

  it('writes a body that is made while it is sent, with its size', async () => {
    let seen = '';
    const port = await listen((socket) => {
      socket.on('data', (chunk) => {
        seen += chunk.toString();
        if (seen.endsWith('한글!')) socket.write(ok('taken'));
      });
    });
    async function* chunks(): AsyncGenerator<Buffer> {
      for (const text of ['한', '글', '!']) yield Buffer.from(text);
    }
    const answer = await clientFor(port).request({ method: 'POST', path: '/', body: { size: 7, chunks: chunks() } });
    expect(answer.body.toString()).toBe('taken');
    expect(seen.toLowerCase()).toContain('content-length: 7');
    expect(seen.toLowerCase()).not.toContain('chunked');
  });

  it('does not follow redirects', async () => {
    const port = await listen(answering('HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n'));
    expect((await post(clientFor(port))).status).toBe(302);
  });

  it('skips interim answers', async () => {
    const port = await listen(answering(`HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${ok('done')}`));
    const answer = await post(clientFor(port));
    expect([answer.status, answer.body.toString()]).toEqual([200, 'done']);
  });

  it('opens no more than its connections and waits for a free one', async () => {
    const port = await listen(answering(ok('x')));
    const client = clientFor(port, { connections: 2 });
    await Promise.all(Array.from({ length: 12 }, () => post(client)));
    expect(sockets.size).toBeGreaterThanOrEqual(2);
  });
});

describe('certainly not sent', () => {
  it('refused port', async () => {
    const port = await listen(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await expect(post(clientFor(port))).rejects.toBeInstanceOf(NotSentError);
  });

  it('unknown host', async () => {
    const client = clientFor(0, { baseUrl: 'http://no-such-host.invalid' });
    await expect(post(client)).rejects.toBeInstanceOf(NotSentError);
  });

  it('TLS that cannot be set up, though the socket was open', async () => {
    const port = await listen((socket) => socket.on('data', () => socket.destroy()));
    const client = clientFor(0, { baseUrl: `https://127.0.0.1:${port}` });
    await expect(post(client)).rejects.toBeInstanceOf(NotSentError);
  });

  it('connect timeout', async () => {
    // TLS hello without an answer: the connection never becomes usable.
    const port = await listen(() => undefined);
    const client = clientFor(0, { baseUrl: `https://127.0.0.1:${port}`, timeoutMs: 150 });
    await expect(post(client)).rejects.toBeInstanceOf(NotSentError);
  });

  it('aborted before it began', async () => {
    let connections = 0;
    const port = await listen(() => (connections += 1));
    await expect(post(clientFor(port), AbortSignal.abort())).rejects.toBeInstanceOf(NotSentError);
    expect(connections).toBe(0);
  });

  it('aborted while it waited for a connection; it is not written later either', async () => {
    let seen = '';
    const port = await listen((socket) => socket.on('data', (chunk) => (seen += chunk.toString())));
    const client = clientFor(port, { connections: 1, timeoutMs: 600 });
    const first = post(client);
    const waiting = client.request({ method: 'POST', path: '/second', body: 'x', signal: AbortSignal.timeout(100) });
    await expect(waiting).rejects.toBeInstanceOf(NotSentError);
    await expect(first).rejects.toBeInstanceOf(NoAnswerError);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen).toContain('/mails');
    expect(seen).not.toContain('/second');
  });

  it('deadline passed in the queue', async () => {
    const port = await listen(() => undefined);
    const client = clientFor(port, { connections: 1, timeoutMs: 200 });
    const first = post(client);
    const second = post(client);
    await expect(first).rejects.toBeInstanceOf(NoAnswerError);
    await expect(second).rejects.toBeInstanceOf(NotSentError);
  });

  it('invalid header', async () => {
    const port = await listen(() => undefined);
    const request = clientFor(port).request({ method: 'GET', path: '/', headers: { a: 'b\r\nc: d' } });
    await expect(request).rejects.toBeInstanceOf(NotSentError);
  });
});

describe('perhaps received', () => {
  const noAnswer = async (onSocket: (socket: Socket) => void, options?: Partial<HttpClientOptions>): Promise<void> => {
    const port = await listen(onSocket);
    const error: unknown = await post(clientFor(port, options)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NoAnswerError);
  };

  // A little later: a connection that breaks before the client has written is rightly "not sent".
  it('closed without reading', () => noAnswer((socket) => void setTimeout(() => socket.destroy(), 100)));
  it('reset without reading', () => noAnswer((socket) => void setTimeout(() => socket.resetAndDestroy(), 100)));
  it('closed after reading the body', () => noAnswer(answering('', (socket) => socket.destroy())));
  it('half a head', () => noAnswer(answering('HTTP/1.1 200 OK\r\nconte', (socket) => socket.end())));
  it('half a body', () => noAnswer(answering('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', (s) => s.end())));
  it('not HTTP', () => noAnswer(answering('220 mail.example.com ESMTP\r\n')));
  it('no answer at all', () => noAnswer(() => undefined, { timeoutMs: 150 }));
  it('a body that never ends', () =>
    noAnswer(answering('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'), { timeoutMs: 150 }));
  it('too large an answer', () => noAnswer(answering(ok('x'.repeat(5000))), { maxResponseBytes: 4999 }));

  it('aborted after it was written', async () => {
    const abort = new AbortController();
    const port = await listen((socket) => socket.on('data', () => abort.abort()));
    await expect(post(clientFor(port), abort.signal)).rejects.toBeInstanceOf(NoAnswerError);
  });

  it('a body that breaks off while it is made', async () => {
    const port = await listen(answering(ok('x')));
    async function* chunks(): AsyncGenerator<Buffer> {
      yield Buffer.from('hel');
      throw new Error('the source is gone');
    }
    const request = clientFor(port).request({ method: 'POST', path: '/', body: { size: 5, chunks: chunks() } });
    await expect(request).rejects.toBeInstanceOf(NoAnswerError);
  });

  it('a kept connection that closes on reuse; nothing is sent again by itself', async () => {
    let requests = 0;
    const port = await listen((socket) => {
      let onThis = 0;
      socket.on('data', () => {
        requests += 1;
        onThis += 1;
        if (onThis === 1) socket.write(ok('first'));
        else socket.resetAndDestroy();
      });
    });
    const client = clientFor(port, { connections: 1 });
    await post(client);
    await expect(post(client)).rejects.toBeInstanceOf(NoAnswerError);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(requests).toBe(2);
  });

  it('keeps path, query and body out of the message', async () => {
    const port = await listen((socket) => socket.destroy());
    const error: unknown = await clientFor(port)
      .request({ method: 'GET', path: '/appKeys/secret/x?to=kim@example.com' })
      .catch((reason: unknown) => reason);
    expect(String(error)).not.toMatch(/secret|kim/);
  });
});
