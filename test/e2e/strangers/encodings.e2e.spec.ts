import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { aMessage, unique, useSharedGateway, type AttachmentView } from '@gateway/testing';
import { FORM, formOf, NDJSON, outcomeOf } from './outcome.js';

describe('what a body says about its encoding', () => {
  const actors = useSharedGateway('postgres');
  const post = (path: string, body: Buffer | string, headers: Record<string, string>) =>
    actors.gateway.post<AttachmentView>(path, typeof body === 'string' ? body : new Uint8Array(body), headers);
  const message = JSON.stringify(aMessage().build());
  const stream = `${JSON.stringify(aMessage().with({ to: undefined }).build())}\n{"address":"y@b07.example.com"}\n`;
  const csv = () => `externalId,name,address,groups\n${unique('b07-')},Kim,x@b07.example.com,\n`;
  const BODIES: readonly (readonly [string, string, string, () => string])[] = [
    ['JSON', '/v1/messages', 'application/json', () => message],
    ['NDJSON', '/v1/messages', NDJSON, () => stream],
    ['CSV', '/v1/contacts/import', 'text/csv', csv],
    ['contacts as NDJSON', '/v1/contacts/import', NDJSON, () => '{"addresses":["x@b07.example.com"]}\n'],
  ];

  describe.each(BODIES)('%s', (_name, path, type, body) => {
    it.each([
      'charset=euc-kr',
      'charset="EUC-KR"',
      'Charset=UTF-16LE',
      'header=present; charset=iso-8859-1',
      'charset=cp949',
    ])('in another character set is refused: %s', async (charset) => {
      const { status } = await post(path, body(), {
        'content-type': `${type}; ${charset}`,
      });
      expect([400, 415]).toContain(status);
    });

    it.each(['charset=utf-8', 'charset="UTF-8"'])('in UTF-8 is taken: %s', async (charset) => {
      expect((await post(path, body(), { 'content-type': `${type}; ${charset}` })).status).toBeLessThan(300);
    });

    it.each(['gzip', 'x-gzip', 'deflate', 'br', 'identity, gzip', 'GZIP'])(
      'compressed is refused: %s',
      async (encoding) => {
        for (const bytes of [gzipSync(body()), Buffer.from(body())]) {
          const answer = await post(path, bytes, {
            'content-type': type,
            'content-encoding': encoding,
          });
          expect(outcomeOf(answer)).toBe('415 unsupported_media_type');
          expect(JSON.stringify(answer.body)).toMatch(/content-encoding|gzip|deflate|br/i);
        }
      },
    );

    it('not compressed, and saying so, is taken', async () => {
      const headers = { 'content-type': type, 'content-encoding': 'identity' };
      expect((await post(path, body(), headers)).status).toBeLessThan(300);
    });
  });

  it('a compressed form is refused, also one that only says so', async () => {
    for (const bytes of [
      gzipSync(formOf('form-data; name="file"; filename="x.txt"', 'x')),
      formOf('form-data; name="file"; filename="x.txt"', 'x'),
    ]) {
      const answer = await post('/v1/attachments', bytes, {
        ...FORM,
        'content-encoding': 'gzip',
      });
      expect(outcomeOf(answer)).toBe('415 unsupported_media_type');
    }
  });
});

describe('the file of a form', () => {
  const actors = useSharedGateway('postgres');
  const upload = (form: Buffer) => actors.gateway.post<AttachmentView>('/v1/attachments', new Uint8Array(form), FORM);

  it.each([
    ['bytes of EUC-KR', Buffer.from('b0dfc0fbbcad', 'hex')],
    ['half a letter of UTF-8', Buffer.from('ea b0'.replace(' ', ''), 'hex')],
    ['an overlong form', Buffer.from('c0af', 'hex')],
    ['a lone surrogate', Buffer.from('eda080', 'hex')],
  ])('has no name that is not UTF-8: %s', async (_what, bytes) => {
    const disposition = Buffer.concat([Buffer.from('form-data; name="file"; filename="'), bytes, Buffer.from('.pdf"')]);
    const { status, body } = await upload(formOf(disposition, 'x'));
    expect([[400, 422].includes(status), body.name]).toEqual([true, undefined]);
  });

  it('keeps a name in UTF-8', async () => {
    const { status, body } = await upload(formOf('form-data; name="file"; filename="견적서.pdf"', 'x'));
    expect([status, body.name]).toEqual([201, '견적서.pdf']);
  });

  it.each([
    ['base64', 'eA=='],
    ['BASE64', 'eA=='],
    ['quoted-printable', '=78'],
    ['x-uuencode', 'x'],
  ])('is decoded, or refused, but never stored in the letters of %s', async (encoding, content) => {
    const form = formOf(
      'form-data; name="file"; filename="x.txt"',
      content,
      `\r\nContent-Transfer-Encoding: ${encoding}`,
    );
    const { status, body } = await upload(form);
    if (status !== 201) return expect([400, 415, 422]).toContain(status);
    return expect(await actors.gateway.get<string>(`/v1/attachments/${body.id}/content`)).toBe('x');
  });

  it.each(['binary', '8bit', '7bit'])('that is not encoded is taken: %s', async (encoding) => {
    const form = formOf('form-data; name="file"; filename="x.txt"', 'x', `\r\nContent-Transfer-Encoding: ${encoding}`);
    expect((await upload(form)).status).toBe(201);
  });
});
