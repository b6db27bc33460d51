import { beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, unique, useSharedGateway, type PageView, type ProblemView } from '@gateway/testing';

describe('addresses in queries and paths', () => {
  const actors = useSharedGateway('postgres');
  const word = unique('k');
  /** As the caller wrote it, and in its normal form. */
  const stored = { written: `Kim.${word}+news@한국.Example.COM`, normal: `Kim.${word}+news@xn--3e0b707e.example.com` };
  let messageId = '';

  const spellings = [
    stored.normal,
    stored.written,
    stored.normal.toLowerCase(),
    stored.normal.toUpperCase(),
    `  ${stored.written} `,
  ];

  const find = (path: string, address: string) =>
    actors.gateway.call<ProblemView & PageView<unknown>>('GET', path + encodeURIComponent(address));
  const lookUps = (): readonly string[] => [
    '/v1/recipients?address=',
    '/v1/suppressions?address=',
    '/v1/contacts?address=',
    `/v1/messages/${messageId}/recipients?address=`,
    '/v1/messages?from=',
  ];

  beforeAll(async () => {
    const message = aMessage().from(stored.written).to(stored.written);
    messageId = (await actors.gateway.send(message)).id;
    await actors.gateway.post('/v1/suppressions', { addresses: [stored.written], scope: 'marketing' });
    await actors.gateway.post('/v1/contacts', { addresses: [stored.written] });
  });

  it('finds a row by every spelling of its address, in every list', async () => {
    for (const path of lookUps()) {
      for (const spelling of spellings) {
        const { status, body } = await find(path, spelling);
        expect([path, spelling, status, body.data.length]).toEqual([path, spelling, 200, 1]);
      }
    }
  });

  it.each([
    ['nonsense', 'has no "@"'],
    ['a@my_host.example.com', 'no "_"'],
    ['Kim <kim@example.com>', 'holds a blank'],
    ['<kim@example.com>', 'angle bracket'],
    ['kim@example.com,lee@example.com', 'separator'],
    ['mailto:kim@example.com', 'mailto:'],
    ['kim＠example.com', 'full-width'],
    ['k\u200bim@example.com', 'invisible'],
    ['kim%40example.com', 'has no "@"'],
    ['김@example.com', 'ASCII'],
  ])('refuses %s with its reason instead of finding nothing', async (text, reason) => {
    for (const path of lookUps()) {
      const { status, body } = await find(path, text);
      const pointer = path.endsWith('from=') ? '/from' : '/address';
      expect([path, status, body.errors]).toEqual([
        path,
        422,
        [{ pointer, code: 'invalid_address', detail: expect.stringContaining(reason) }],
      ]);
    }
  });

  it('says how a + is written in a query', async () => {
    for (const path of lookUps()) {
      const { status, body } = await actors.gateway.call('GET', path + stored.normal);
      expect([status, body.errors?.[0]?.code]).toEqual([422, 'invalid_address']);
      expect(body.errors?.[0]?.detail).toContain('%2B');
    }
  });

  it('refuses an empty address', async () => {
    for (const path of lookUps()) expect((await find(path, ' ')).body.errors?.[0]?.code).toBe('required');
  });

  it('removes an entry of the suppression list by any spelling', async () => {
    for (const spelling of spellings) {
      await actors.gateway.post('/v1/suppressions', { addresses: [stored.normal], scope: 'marketing' });
      const { status } = await actors.gateway.call('DELETE', `/v1/suppressions/${encodeURIComponent(spelling)}`);
      expect([spelling, status]).toEqual([spelling, 204]);
    }
    await actors.gateway.post('/v1/suppressions', { addresses: [stored.normal], scope: 'marketing' });
    expect((await actors.gateway.call('DELETE', `/v1/suppressions/${stored.normal}`)).status).toBe(204);
    const { status, body } = await actors.gateway.call('DELETE', '/v1/suppressions/nonsense');
    expect([status, body.code]).toEqual([404, 'not_found']);
    expect(body.detail).toContain('no "@"');
  });

  it('takes the same addresses in bodies and files', async () => {
    const wrong = [
      'a@my_host.example.com',
      'a@example.com, b@example.com',
      'A <a@example.com>',
      'a@example.com;b@example.com',
    ];
    const pointers = async (path: string, body: unknown) =>
      (await actors.gateway.post(path, body)).body.errors?.map(({ pointer, code }) => `${pointer} ${code}`);
    const { body: group } = await actors.gateway.post<{ id: string }>('/v1/groups', { name: unique('g') });
    const each = wrong.map((_, i) => `/addresses/${i} invalid_address`);
    expect(await pointers('/v1/contacts', { addresses: wrong })).toEqual(each);
    expect(await pointers('/v1/suppressions', { addresses: wrong, scope: 'all' })).toEqual(each);
    expect(await pointers(`/v1/groups/${group.id}/members`, { addresses: wrong })).toEqual(each);
    const csv = ['address', ...wrong.map((text) => `"${text}"`), `"${word}@한국.COM "`].join('\n');
    const { body } = await actors.gateway.call<{ imported: number; errors: { line: number; code: string }[] }>(
      'POST',
      '/v1/contacts/import',
      { body: csv, headers: { 'content-type': 'text/csv' } },
    );
    expect(body.imported).toBe(1);
    expect(body.errors.map(({ line, code }) => [line, code])).toEqual(wrong.map((_, i) => [i + 2, 'invalid_address']));
    expect((await find('/v1/contacts?address=', `${word}@한국.com`)).body.data).toHaveLength(1);
  });

  it('finds the figures of an international domain', async () => {
    const figures = (domain: string) =>
      actors.gateway.call<ProblemView & { data: unknown[] }>(
        'GET',
        `/v1/statistics?domain=${encodeURIComponent(domain)}`,
      );
    const { body } = await figures('한국.example.com');
    expect(body.data).not.toEqual([]);
    expect((await figures('my_host.example.com')).body.errors?.[0]?.pointer).toBe('/domain');
  });
});
