import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayProblem } from '@gateway/core';
import fc from 'fast-check';
import { MultipartBody } from './multipart-body.js';

const RULES = { field: 'file', maxFileBytes: 100_000, maxBodyBytes: 110_000 };
const B = 'b0undary';
const TYPE = `multipart/form-data; boundary=${B}`;
const END = `--${B}--\r\n`;

const part = (headers: string, content: string | Buffer = 'x'): Buffer =>
  Buffer.concat([Buffer.from(`--${B}\r\n${headers}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
const file = (name: string, content?: string | Buffer): Buffer =>
  part(`Content-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/plain`, content);
const form = (...parts: readonly Buffer[]): Buffer => Buffer.concat([...parts, Buffer.from(END)]);

interface Seen {
  readonly status: number;
  readonly told: string;
}

describe(MultipartBody.name, () => {
  let server: Server;
  // One connection: what a request leaves unread would block the next.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  const read = async (message: IncomingMessage): Promise<string> => {
    const body = new MultipartBody(message, message.headers['content-type'] ?? '', RULES);
    try {
      const { name, declaredType, content } = await body.open();
      const chunks: Buffer[] = [];
      for await (const chunk of content) chunks.push(chunk);
      return JSON.stringify([name, declaredType, Buffer.concat(chunks).toString('base64')]);
    } finally {
      body.discard();
    }
  };

  const wordsFor = (error: unknown): string =>
    error instanceof GatewayProblem
      ? [error.code, ...error.fieldErrors.map((e) => `${e.pointer} ${e.code}`)].join(' ')
      : String(error);

  beforeAll(async () => {
    server = createServer((message, answer) => {
      read(message).then(
        (told) => answer.end(told),
        (error: unknown) => answer.writeHead(400).end(wordsFor(error)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });

  /** Sends a body in chunks of some size. */
  const send = (body: Buffer, type = TYPE, chunk = 65_536): Promise<Seen> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const headers = { 'content-type': type, 'content-length': body.length };
      const posted = request({ agent, port, host: '127.0.0.1', method: 'POST', headers }, (answer) => {
        const told: Buffer[] = [];
        answer.on('data', (data: Buffer) => told.push(data));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, told: Buffer.concat(told).toString() }));
      });
      posted.on('error', reject);
      for (let at = 0; at < body.length; at += chunk) posted.write(body.subarray(at, at + chunk));
      posted.end();
    });

  const taken = (name: string, content: string | Buffer, type = 'text/plain') => ({
    status: 200,
    told: JSON.stringify([name, type, Buffer.from(content).toString('base64')]),
  });

  it.each([
    ['a name in UTF-8', 'filename="한글.txt"', '한글.txt'],
    ['quotes as browsers write them', 'filename="a %22b%22.txt"', 'a "b".txt'],
    ['quotes as others do', 'filename="a \\"b\\".txt"', 'a "b".txt'],
    ['a folder of Windows', 'filename="C:\\x\\y.txt"', 'C:\\x\\y.txt'],
    ['RFC 5987', "filename*=UTF-8''%ED%95%9C.txt", '한.txt'],
    ['RFC 5987 beside the plain one', 'filename="x.txt"; filename*=UTF-8\'\'%ED%95%9C.txt', '한.txt'],
  ])('reads %s', async (_what, parameter, name) => {
    const body = form(part(`content-disposition: form-data; name="file"; ${parameter}\r\ncontent-type: a/b`, 'hey'));
    expect(await send(body)).toEqual(taken(name, 'hey', 'a/b'));
  });

  it('gives back every byte, however it is cut', async () => {
    const content = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    const tricky = fc
      .array(fc.constantFrom('\r', '\n', '-', '--', B, `\r\n--`, `\r\n--${B.slice(0, 5)}`, 'x'), { maxLength: 12 })
      .map((pieces) => Buffer.from(pieces.join('')))
      .filter((bytes) => !Buffer.concat([Buffer.from('\r\n'), bytes, Buffer.from('\r\n')]).includes(`\r\n--${B}`));
    await fc.assert(
      fc.asyncProperty(fc.oneof(content, tricky), fc.integer({ min: 1, max: 40 }), async (bytes, chunk) => {
        expect(await send(form(file('a.txt', bytes)), TYPE, chunk)).toEqual(taken('a.txt', bytes));
      }),
      { numRuns: 150 },
    );
  });

  it('takes the largest file, and not a byte more; the connection goes on', async () => {
    const largest = Buffer.alloc(100_000, 'x');
    expect(await send(form(file('a.txt', largest)))).toEqual(taken('a.txt', largest));
    const refused = { status: 400, told: 'body_too_large' };
    expect(await send(form(file('a.txt', Buffer.alloc(100_001))))).toEqual(refused);
    expect(await send(form(file('a.txt', Buffer.alloc(109_000))))).toEqual(refused);
    expect(await send(form(file('a.txt', Buffer.alloc(3_000_000))))).toEqual(refused);
    expect(await send(form(file('a.txt', 'again')))).toEqual(taken('a.txt', 'again'));
  });

  const text = part('Content-Disposition: form-data; name="note"');

  it.each([
    ['nothing', form(), 'validation_failed /file required'],
    ['text before', form(text, file('a.txt')), 'validation_failed /note unknown_field'],
    ['text behind', form(file('a.txt'), text), 'validation_failed /note unknown_field'],
    ['two files', form(file('a.txt'), file('b.txt')), 'validation_failed /file too_many'],
    ['no end', file('a.txt'), 'malformed_json'],
    ['no end of the first part', Buffer.from(`--${B}\r\nContent-Disposition: form-data`), 'malformed_json'],
    ['no form', Buffer.from('nonsense'), 'malformed_json'],
    ['an empty body', Buffer.alloc(0), 'malformed_json'],
    ['a part without name', form(part('Content-Type: text/plain')), 'validation_failed / unknown_field'],
    ['many parts', form(...Array.from({ length: 1500 }, () => text)), 'malformed_json'],
  ])('refuses %s; the connection goes on', async (_what, body, told) => {
    expect(await send(body)).toEqual({ status: 400, told: expect.stringContaining(told) });
    expect(await send(form(file('a.txt', 'again')))).toEqual(taken('a.txt', 'again'));
  });

  it('refuses a media type without boundary', async () => {
    expect(await send(form(file('a.txt')), 'multipart/form-data')).toEqual({ status: 400, told: 'malformed_json' });
    expect(await send(form(file('a.txt', 'q')), `multipart/form-data; boundary="${B}"`)).toEqual(taken('a.txt', 'q'));
  });
});
