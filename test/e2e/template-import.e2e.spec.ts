import { beforeAll, describe, expect, it } from '@jest/globals';
import { unique, useOwnGateway, type Answer, type GatewayClient, type ProblemView } from '@gateway/testing';
import { VendorConsole } from '../support/vendor-console.js';

interface Exported {
  readonly version: number;
  readonly categories: readonly { readonly id: string; readonly name: string; readonly parentId: string | null }[];
  readonly templates: readonly {
    readonly id: string;
    readonly name: string;
    readonly categoryId: string | null;
    readonly subject: string;
    readonly html: string | null;
  }[];
}

interface Report {
  readonly imported: number;
  readonly updated: number;
  readonly skipped: number;
  readonly errorCount: number;
  readonly errors: readonly {
    readonly pointer: string;
    readonly code: string;
    readonly detail: string;
    readonly name?: string;
    readonly providerTemplateId?: string;
  }[];
}

describe('templates of others', () => {
  // A gateway of its own: all tests share the content of accounts, and their faults.
  const actors = useOwnGateway();
  let console: VendorConsole;
  beforeAll(() => void (console = new VendorConsole(actors.address.simulatorUrl)));

  /** A client of its own, so that what others make is not in its exports. */
  const aClient = async (scopes: readonly string[] = ['templates']): Promise<GatewayClient> => {
    const key = { client: unique('client-'), name: 'test', scopes };
    return actors.gateway.as((await actors.gateway.post<{ key: string }>('/v1/api-keys', key)).body.key);
  };
  const exportOf = async (client: GatewayClient): Promise<Exported> => {
    const answer = await client.post<Exported>('/v1/templates/export');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    return answer.body;
  };
  const importInto = async (client: GatewayClient, body: unknown): Promise<Report> => {
    const answer = await client.post<Report>('/v1/templates/import', body);
    expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
    return answer.body;
  };
  const takeOver = async (client: GatewayClient, from: string): Promise<Report> => {
    const answer = await client.post<Report>(`/v1/templates/import?from=${from}`);
    expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
    return answer.body;
  };
  const make = (client: GatewayClient, path: string, body: object): Promise<Answer<{ id: string }>> =>
    client.post(path, body);
  /** Content of an export without its ids, which two clients cannot share. */
  const contentOf = ({ categories, templates }: Exported): unknown => {
    const names = new Map(categories.map(({ id, name }) => [id, name]));
    return {
      categories: categories.map(({ id: _, parentId, ...rest }) => ({ ...rest, parent: names.get(parentId ?? '') })),
      templates: templates.map(({ id: _, categoryId, ...rest }) => ({
        ...rest,
        category: names.get(categoryId ?? ''),
      })),
    };
  };

  it('are the same in another client as they were in the first', async () => {
    const [first, second] = [await aClient(), await aClient()];
    const root = (await make(first, '/v1/template-categories', { name: '주문', description: 'all of it' })).body.id;
    const child = (await make(first, '/v1/template-categories', { name: 'child', parentId: root })).body.id;
    const texts = { subject: '안녕 {{name}} 🎉 "quoted" \\', html: '<p>\n{{{a}}} ${x} ##y## </script>\u2028</p>' };
    await make(first, '/v1/templates', {
      name: 'full',
      categoryId: child,
      from: 'Shop <a@b.com>',
      ...texts,
      text: 'T',
    });
    await make(first, '/v1/templates', { name: 'off', subject: 's', text: 't', enabled: false, description: 'd' });
    for (let i = 0; i < 60; i += 1) await make(first, '/v1/templates', { name: `n${i}`, subject: 's', text: `${i}` });
    const exported = await exportOf(first);
    expect(exported).toMatchObject({ version: 1, categories: [{ name: '주문' }, { name: 'child' }] });
    expect(exported.templates.length).toBe(62);
    expect(await importInto(second, exported)).toEqual({
      imported: 62,
      updated: 0,
      skipped: 0,
      errors: [],
      errorCount: 0,
    });
    expect(contentOf(await exportOf(second))).toEqual(contentOf(exported));
    // Again, in either, nothing is new.
    expect(await importInto(second, exported)).toMatchObject({ imported: 0, updated: 0, skipped: 62 });
    expect(await importInto(first, exported)).toMatchObject({ imported: 0, updated: 0, skipped: 62 });
    expect(await exportOf(first)).toEqual(exported);
  });

  it('bring back what was changed and deleted since', async () => {
    const client = await aClient();
    const changed = (await make(client, '/v1/templates', { name: 'changed', subject: 'One', text: 't' })).body.id;
    const deleted = (await make(client, '/v1/templates', { name: 'deleted', subject: 's', text: 't' })).body.id;
    const exported = await exportOf(client);
    await client.call('PATCH', `/v1/templates/${changed}`, { body: { subject: 'Two', name: 'renamed' } });
    await client.call('DELETE', `/v1/templates/${deleted}`);
    expect((await exportOf(client)).templates.map(({ name }) => name)).toEqual(['renamed']);
    expect(await importInto(client, exported)).toMatchObject({ imported: 0, updated: 2, errors: [] });
    expect(await exportOf(client)).toEqual(exported);
    expect(await client.get(`/v1/templates/${changed}`)).toMatchObject({ version: 3, subject: 'One' });
  });

  it('are imported once with an Idempotency-Key', async () => {
    const client = await aClient();
    const body = { version: 1, templates: [{ name: 'a', subject: 's', text: 't' }] };
    const headers = { 'idempotency-key': unique('key-') };
    const first = await client.post<Report>('/v1/templates/import', body, headers);
    const second = await client.post<Report>('/v1/templates/import', body, headers);
    expect([second.body, second.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
    expect(first.body.imported).toBe(1);
  });

  it('report faults entry by entry, and the other entries are taken', async () => {
    const client = await aClient();
    const good = { subject: 's', text: 't' };
    const [a, b, c] = ['1', '2', '3'].map((n) => `cat_01jgfjjz00e008000000001r8${n}`);
    const report = await importInto(client, {
      version: 1,
      categories: [
        { id: b, name: 'child', parentId: a },
        { id: a, name: 'parent' },
        { id: c, name: 'circle', parentId: c },
        { id: 'x', name: 'y' },
        7,
      ],
      templates: [
        { name: 'in-child', categoryId: b, ...good },
        { name: 'broken', subject: '{{', text: 't' },
        { name: 'lost', categoryId: 'cat_01jgfjjz00e008000000001r89', ...good },
        { name: 'files', attachments: ['att_01jgfjjz00e008000000001r81'], ...good },
        { name: 'no-text', subject: 's' },
        { name: 'a\tb', ...good },
        { name: 'more', colour: 'red', ...good },
        null,
        { name: 'last', ...good },
      ],
    });
    expect(report).toMatchObject({ imported: 2, updated: 0, skipped: 0 });
    expect(report.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort()).toEqual(
      [
        '/categories/2/parentId unknown_reference',
        '/categories/3/id invalid_type',
        '/categories/4 invalid_type',
        '/templates/1/subject invalid_template',
        '/templates/2/categoryId unknown_reference',
        '/templates/3/attachments/0 unknown_reference',
        '/templates/4/html required',
        '/templates/5/name not_allowed',
        '/templates/6/colour unknown_field',
        '/templates/7 invalid_type',
      ].sort(),
    );
    expect(report.errors.find(({ pointer }) => pointer === '/templates/1/subject')).toMatchObject({ name: 'broken' });
    const { categories, templates } = await exportOf(client);
    expect(categories.map(({ name }) => name)).toEqual(['parent', 'child']);
    expect(templates.map(({ name }) => name).sort()).toEqual(['in-child', 'last']);
  });

  it('are a problem when it is no export at all', async () => {
    const client = await aClient();
    const told = async (body: unknown, query = ''): Promise<unknown> => {
      const answer = await client.post(`/v1/templates/import${query}`, body);
      return [answer.status, answer.body.code, answer.body.errors?.map(({ pointer, code }) => `${pointer} ${code}`)];
    };
    const invalid = (...errors: readonly string[]) => [422, 'validation_failed', errors];
    expect(await told(undefined)).toEqual([400, 'malformed_json', undefined]);
    expect(await told('{"version":1,"templates":[')).toEqual([400, 'malformed_json', undefined]);
    expect(await told([])).toEqual(invalid(' invalid_type'));
    expect(await told({})).toEqual(invalid('/version required'));
    expect(await told({ version: 2, templates: {} })).toEqual(
      invalid('/version invalid_type', '/templates invalid_type'),
    );
    expect(await told({ version: 1, more: 1 })).toEqual(invalid('/more unknown_field'));
    expect(await told({ version: 1, templates: new Array(10_001).fill(0) })).toEqual(invalid('/templates too_many'));
    const broken = await client.post('/v1/templates/import', {
      version: 1,
      templates: [{ name: 'a', subject: 's', text: 'a\u0000b' }],
    });
    expect(broken).toMatchObject({
      status: 200,
      body: { imported: 0, errors: [{ pointer: '/templates/0/text', code: 'control_character' }] },
    });
    expect(await told({ version: 1 }, '?from=ncp')).toEqual(invalid('/from not_allowed'));
    expect(await told(undefined, '?from=acme')).toEqual(invalid('/from unknown_reference'));
    expect(await told(undefined, '?form=ncp')).toEqual(invalid('/form unknown_field'));
  });

  it('do not keep the gateway busy, however bad they are', async () => {
    const client = await aClient();
    const id = (n: number) => `cat_01jgfjjz00e0080000000${String(n).padStart(5, '0')}`;
    const chain = Array.from({ length: 10_000 }, (_, n) => ({ id: id(n), name: `c${n}`, parentId: id(n + 1) }));
    const report = await importInto(client, { version: 1, categories: chain, templates: new Array(10_000).fill({}) });
    expect([report.imported, report.errors.length, report.errorCount > 10_000]).toEqual([0, 100, true]);
  }, 30_000);

  const ncp = (fields: object) =>
    console.ncp<{ sid: number }>('POST', '/template', {
      templateName: unique('t-'),
      title: 'Hi ${name}',
      body: '<b>${name}</b> #{UNSUBSCRIBE_MESSAGE}',
      senderAddress: 'a@example.com',
      senderName: 'Shop',
      isUse: true,
      ...fields,
    });
  const nhn = (fields: object) =>
    console.nhn('POST', '/templates', {
      templateName: unique('t-'),
      title: 'Hi ##name##',
      body: '<b>##name##</b> ##BLOCK_RECEIVER_LINK##',
      sendMailAddress: 'a@example.com',
      useYn: 'Y',
      ...fields,
    });

  it('are taken over from NCP, in their categories and in our syntax', async () => {
    const client = await aClient();
    const root = unique('root-');
    const { sid: parentSid } = await console.ncp<{ sid: number }>('POST', '/category', { categoryName: root });
    const below = { categoryName: 'below', parentSid };
    const { sid: categorySid } = await console.ncp<{ sid: number }>('POST', '/category', below);
    const [good, bad] = [unique('good-'), unique('bad-')];
    const { sid } = await ncp({ templateName: good, categorySid });
    const { sid: badSid } = await ncp({ templateName: bad, body: '${not a name}' });
    const report = await takeOver(client, 'ncp');
    expect(report.errors.filter(({ name }) => name === bad)).toMatchObject([
      { pointer: '/html', code: 'invalid_template', providerTemplateId: String(badSid) },
    ]);
    const { categories, templates } = await exportOf(client);
    const found = templates.find(({ name }) => name === good);
    expect(found).toMatchObject({
      subject: 'Hi {{name}}',
      html: '<b>{{{name}}}</b> {{{unsubscribe}}}',
      from: { address: 'a@example.com', name: 'Shop' },
      enabled: true,
    });
    const place = categories.find(({ id }) => id === found?.categoryId);
    expect([place?.name, categories.find(({ id }) => id === place?.parentId)?.name]).toEqual(['below', root]);
    expect(templates.some(({ name }) => name === bad)).toBe(false);

    const again = await takeOver(client, 'ncp');
    expect(again).toMatchObject({ imported: 0, updated: 0, skipped: report.imported });
    const changed = { templateName: good, title: 'Bye ${name}', body: 'b', senderAddress: 'a@example.com' };
    await console.ncp('PUT', `/template/${sid}`, changed);
    expect(await takeOver(client, 'ncp')).toMatchObject({ imported: 0, updated: 1 });
    expect(await client.get(`/v1/templates/${found?.id}`)).toMatchObject({ version: 2, subject: 'Bye {{name}}' });
  });

  it('are taken over from NHN, DEFAULT and FREEMARKER, and report what has no equivalent here', async () => {
    const client = await aClient();
    const { body } = await console.nhn<{ body: { data: { categoryId: number } } }>('POST', '/categories', {
      categoryName: 'VIP (gold)!',
      useYn: 'Y',
    });
    const { categoryId } = body.data;
    const [plain, rich, bad] = [unique('P'), unique('R'), unique('B')];
    await nhn({ templateId: plain, categoryId, templateName: `[광고] ${plain} <x>` });
    const freemarker = {
      templateType: 'FREEMARKER',
      title: 'Hi ${name}',
      body: '<#-- note --><i>${name!"you"}</i>${a}',
    };
    await nhn({ templateId: rich, categoryId, ...freemarker, body: '<#-- note --><i>${name}</i>' });
    await nhn({ templateId: bad, categoryId, ...freemarker, body: '<#if vip>${name}</#if>' });
    const report = await takeOver(client, 'nhn');
    const told = report.errors.filter(({ providerTemplateId }) => providerTemplateId === bad);
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]).toMatchObject({
      pointer: '/html',
      code: 'invalid_template',
      detail: expect.stringContaining('if'),
    });
    const { categories, templates } = await exportOf(client);
    const place = categories.find(({ name }) => name === 'VIP -gold-');
    const inside = templates.filter((template) => template.categoryId === place?.id);
    expect(inside.map(({ subject, html }) => [subject, html])).toEqual([
      ['Hi {{name}}', '<b>{{{name}}}</b> {{{unsubscribe}}}'],
      ['Hi {{name}}', '<i>{{{name}}}</i>'],
    ]);
    expect(inside[0]?.name).toBe(`-광고- ${plain} -x-`);
  });

  it('are not those that other clients have pushed', async () => {
    const [first, second] = [await aClient(), await aClient()];
    const name = unique('secret-');
    const fields = { name, subject: 's', text: 't', from: 'a@example.com' };
    const { id } = (await make(first, '/v1/templates', fields)).body;
    for (const provider of ['ncp', 'nhn']) {
      expect((await first.post(`/v1/templates/${id}/push`, { provider })).status).toBe(200);
      await takeOver(first, provider);
      const report = await takeOver(second, provider);
      expect(JSON.stringify([report, await exportOf(second)])).not.toContain(name);
    }
    expect((await exportOf(first)).templates.filter((template) => template.name === name)).toMatchObject([{ id }]);
  });

  it('are not taken over while the provider is away', async () => {
    const client = await aClient();
    const trouble = await actors.simulator.trouble({ kind: 'error_500', provider: 'ncp', operation: 'other' });
    const away = await client.post('/v1/templates/import?from=ncp');
    await actors.simulator.endTrouble(trouble);
    expect([away.status, away.body.code, away.headers.get('retry-after')]).toEqual([503, 'overloaded', '5']);
    expect((await exportOf(client)).templates).toEqual([]);
  });

  it('are backed up in the form of the provider, and brought back', async () => {
    const admin = actors.gateway;
    const name = unique('backed-up-');
    const { sid } = await ncp({ templateName: name });
    const backup = await admin.post<{ provider: string; archive: string }>('/v1/templates/export?from=ncp');
    expect([backup.status, backup.body]).toEqual([200, { version: 1, provider: 'ncp', archive: expect.any(String) }]);
    expect(Buffer.from(backup.body.archive, 'base64').toString()).toContain(name);
    const powerless = await aClient();
    expect((await powerless.post('/v1/templates/export?from=ncp')).body.code).toBe('forbidden');
    expect((await powerless.post('/v1/templates/import', backup.body)).body.code).toBe('forbidden');
    expect((await admin.post<ProblemView>('/v1/templates/export?from=nhn')).body.code).toBe('unsupported_by_provider');
    const broken = await admin.post<ProblemView>('/v1/templates/import', { ...backup.body, archive: '%' });
    expect(broken.body.errors).toMatchObject([{ pointer: '/archive', code: 'invalid_type' }]);
    const nonsense = await admin.post<ProblemView>('/v1/templates/import', { ...backup.body, archive: 'AAAA' });
    expect([nonsense.status, nonsense.body.code]).toEqual([422, 'unsupported_by_provider']);
    await console.ncp('PUT', `/template/${sid}/name-location`, { templateName: unique('moved-') });
    await actors.simulator.change({ ncp: { duplicateNames: 'allow' } });
    const back = await admin.post<Report>('/v1/templates/import', backup.body);
    await actors.simulator.change({ ncp: { duplicateNames: 'refuse' } });
    expect([back.status, back.body.imported]).toEqual([200, expect.any(Number)]);
    expect((await console.kept()).ncp.map((node) => node.name)).toContain(name);
  });
});
