import { describe, expect, it } from '@jest/globals';
import {
  aForm,
  eventually,
  queueKinds,
  unique,
  useSharedGateway,
  type Answer,
  type ProblemView,
} from '@gateway/testing';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const MIB = 1024 * 1024;
const BOUNDARY = 'form-boundary';
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n');

/** One part of a form as it is sent. */
const part = (headers: readonly string[], content = 'x'): string =>
  `--${BOUNDARY}\r\n${headers.join('\r\n')}\r\n\r\n${content}\r\n`;

const filePart = (name: string, content?: string): string =>
  part([`Content-Disposition: form-data; name="file"; filename="${name}"`, 'Content-Type: text/plain'], content);

const END = `--${BOUNDARY}--\r\n`;
const multipart = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };

const faultsOf = ({ status, body }: Answer<ProblemView>): unknown => [
  status,
  body.code,
  ...(body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
];

describe('attachments', () => {
  const actors = useSharedGateway(queueKinds()[0] ?? 'postgres');

  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer<ProblemView>> =>
    actors.gateway.call('POST', '/v1/attachments', { body, headers });

  const query = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => {
    const client = new pg.Client({ connectionString: actors.address.databaseUrl });
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end();
    }
  };

  const contentOf = async (id: string): Promise<{ headers: Headers; bytes: Buffer }> => {
    const { apiUrl, apiKey } = actors.address;
    const url = `${apiUrl}/v1/attachments/${id}/content`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } });
    expect(response.status).toBe(200);
    return { headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
  };

  it('are stored, listed, shown, downloaded byte by byte and deleted', async () => {
    const { gateway } = actors;
    const name = `${unique('견적서 ')}.bin`;
    const bytes = randomBytes(700_001);
    const answer = await gateway.call<{ id: string }>('POST', '/v1/attachments', { body: aForm(name, bytes) });
    expect(answer.status).toBe(201);
    const { id } = answer.body;
    expect(answer.headers.get('location')).toBe(`/v1/attachments/${id}`);
    const file = { id, name, size: 700_001, contentType: 'application/octet-stream', createdAt: expect.any(String) };
    expect(answer.body).toEqual(file);
    expect(await gateway.get(`/v1/attachments/${id}`)).toEqual(file);
    expect(await gateway.all('/v1/attachments')).toContainEqual(file);
    const content = await contentOf(id);
    expect(content.bytes.equals(bytes)).toBe(true);
    expect(content.headers.get('content-disposition')).toBe(
      `attachment; filename="${name.replaceAll(/[^ -~]/g, '?')}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    );
    expect(content.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await gateway.call('DELETE', `/v1/attachments/${id}`)).status).toBe(204);
    for (const path of [`/v1/attachments/${id}`, `/v1/attachments/${id}/content`]) {
      expect((await gateway.call('GET', path)).body.code).toBe('not_found');
    }
    expect((await gateway.call('DELETE', `/v1/attachments/${id}`)).status).toBe(404);
    expect(await gateway.all('/v1/attachments')).not.toContainEqual(file);
  });

  it('get their type from their content, and from the declared type where the content is ambiguous', async () => {
    const { gateway } = actors;
    expect(await gateway.upload('a.bin', PDF, 'text/plain')).toMatchObject({ contentType: 'application/pdf' });
    expect(await gateway.upload('a.csv', 'a,b\n', 'text/csv')).toMatchObject({ contentType: 'text/csv' });
    expect(faultsOf(await post(aForm('a.pdf', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500)]))))).toEqual([
      422,
      'validation_failed',
      '/file not_allowed',
    ]);
  });

  it('may have 10 MiB, and not a byte more', async () => {
    const { gateway } = actors;
    const largest = randomBytes(10 * MIB);
    const { id, size } = await gateway.upload('largest.bin', largest);
    expect(size).toBe(10 * MIB);
    expect((await contentOf(id)).bytes.equals(largest)).toBe(true);
    const name = `${unique('over')}.bin`;
    expect(faultsOf(await post(aForm(name, Buffer.alloc(10 * MIB + 1))))).toEqual([413, 'body_too_large']);
    expect(faultsOf(await post(aForm(name, Buffer.alloc(12 * MIB))))).toEqual([413, 'body_too_large']);
    expect(await query('SELECT FROM attachment WHERE name = $1', [name])).toEqual([]);
  });

  it.each([
    ['name without path', filePart('../../etc/passwd'), 'passwd'],
    ['name with quotes', filePart('a \\"b\\".txt'), 'a "b".txt'],
    [
      'name in UTF-8 as RFC 5987 has it',
      part([`Content-Disposition: form-data; name="file"; filename="x.txt"; filename*=UTF-8''%ED%95%9C.txt`]),
      '한.txt',
    ],
  ])('%s', async (_what, body, name) => {
    const answer = await post(body + END, multipart);
    expect(answer.body).toMatchObject({ name });
  });

  const field = (name: string): string => part([`Content-Disposition: form-data; name="${name}"`]);

  it.each([
    ['a program', filePart('run.EXE'), ['/file not_allowed']],
    ['nothing in it', filePart('a.txt', ''), ['/file required']],
    ['no name', filePart(''), ['/file required']],
    ['a long name', filePart(`${'x'.repeat(97)}.txt`), ['/file too_long']],
    ['no file', '', ['/file required']],
    ['text where the file should be', field('file'), ['/file invalid_type']],
    ['another field before', field('note') + filePart('a.txt'), ['/note unknown_field']],
    ['another field behind', filePart('a.txt') + field('note'), ['/note unknown_field']],
    ['a second file', filePart('a.txt') + filePart('b.txt'), ['/file too_many']],
    ['a file elsewhere', filePart('a.txt').replace('name="file"', 'name="document"'), ['/document unknown_field']],
  ])('refuses %s', async (_what, body, errors) => {
    const count = async () => (await query('SELECT FROM attachment_chunk')).length;
    const before = await count();
    expect(faultsOf(await post(body + END, multipart))).toEqual([422, 'validation_failed', ...errors]);
    expect(await count()).toBeLessThanOrEqual(before);
  });

  it('refuses what is no form', async () => {
    expect(faultsOf(await post(filePart('a.txt'), multipart))).toEqual([400, 'malformed_json']);
    expect(faultsOf(await post('nonsense', multipart))).toEqual([400, 'malformed_json']);
    expect(faultsOf(await post('x', { 'content-type': 'multipart/form-data' }))).toEqual([400, 'malformed_json']);
    expect(faultsOf(await post({ file: 'x' }))).toEqual([415, 'unsupported_media_type']);
    expect(faultsOf(await post('x', { 'content-type': 'text/plain' }))).toEqual([415, 'unsupported_media_type']);
    const elsewhere = await actors.gateway.call('POST', '/v1/messages', { body: aForm('a.txt', 'x') });
    expect(faultsOf(elsewhere)).toEqual([415, 'unsupported_media_type']);
  });

  it('leaves nothing of an upload that is cut off', async () => {
    const { apiUrl, apiKey } = actors.address;
    const name = `${unique('half')}.bin`;
    const socket = connect(Number(new URL(apiUrl).port), '127.0.0.1');
    socket.write(
      `POST /v1/attachments HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${apiKey}\r\n` +
        `Content-Type: ${multipart['content-type']}\r\nContent-Length: 5000000\r\n\r\n`,
    );
    socket.write(filePart(name, 'x'.repeat(3_000_000)).slice(0, -2));
    await sleep(500);
    socket.destroy();
    await sleep(500);
    expect(await query('SELECT FROM attachment WHERE name = $1', [name])).toEqual([]);
    const waiting = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%attachment%'`;
    await eventually(async () => expect(await query(waiting)).toEqual([]));
  });

  it('are stored once for an Idempotency-Key, whatever the boundary', async () => {
    const { gateway } = actors;
    const headers = { 'idempotency-key': unique('key-') };
    const send = (name: string, text: string) =>
      gateway.call<{ id: string }>('POST', '/v1/attachments', { body: aForm(name, text), headers });
    const [first, second] = [await send('a.txt', 'same'), await send('a.txt', 'same')];
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    for (const [name, text] of [
      ['a.txt', 'other'],
      ['b.txt', 'same'],
    ] as const) {
      expect(await send(name, text)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    }
  });

  it('belong to their client, and want the scopes of messages', async () => {
    const { gateway } = actors;
    const { id } = await gateway.upload('ours.txt', 'ours');
    const keyFor = async (client: string | undefined, ...scopes: readonly string[]) => {
      const name = unique('key-');
      const { body } = await gateway.post<{ key: string }>('/v1/api-keys', { name, scopes, ...(client && { client }) });
      return gateway.as(body.key);
    };
    const stranger = await keyFor(unique('client-'), 'messages:read', 'messages:write');
    expect(await stranger.all('/v1/attachments')).toEqual([]);
    for (const [method, path] of [
      ['GET', id],
      ['GET', `${id}/content`],
      ['DELETE', id],
    ] as const) {
      expect((await stranger.call(method, `/v1/attachments/${path}`)).status).toBe(404);
    }
    const reader = await keyFor(undefined, 'messages:read');
    expect(await reader.get(`/v1/attachments/${id}`)).toMatchObject({ id });
    for (const answer of [
      await reader.call('POST', '/v1/attachments', { body: aForm('a.txt', 'x') }),
      await reader.call('DELETE', `/v1/attachments/${id}`),
      await (await keyFor(undefined, 'templates')).call('GET', '/v1/attachments'),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    }
    for (const malformed of ['att_1', 'unknown', 'msg_01h455vb4pex5vsknk084sn02q']) {
      expect((await gateway.call('GET', `/v1/attachments/${malformed}`)).status).toBe(404);
    }
  });
});
