import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { aMessage, unique, useOwnGateway, type GatewayClient, type ProblemView } from '@gateway/testing';

const SCOPES = ['messages:write', 'messages:read', 'templates', 'audience', 'statistics'];
const PROVIDERS = ['ncp', 'nhn'] as const;

/** Resources of one client, by kind. */
interface Belongings {
  readonly message: string;
  readonly attachment: string;
  readonly template: string;
  readonly category: string;
  readonly contact: string;
  readonly group: string;
  /** The template at each account. */
  readonly pushed: Readonly<Record<string, string>>;
}

describe('what belongs to a client', () => {
  const actors = useOwnGateway();
  const [word, from] = [unique('own'), 'shop@example.com'];
  let owner: GatewayClient;
  let stranger: GatewayClient;
  let its: Belongings;

  const keyOf = async (client: string, scopes = SCOPES): Promise<GatewayClient> => {
    const { body } = await actors.gateway.post<{ key: string }>('/v1/api-keys', { client, name: 'test', scopes });
    return actors.gateway.as(body.key);
  };
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await owner.post<{ id: string }>(path, body);
    expect([answer.status, answer.body]).toEqual([
      expect.any(Number),
      expect.objectContaining({ id: expect.any(String) }),
    ]);
    return answer.body.id;
  };
  const codes = ({ status, body }: { status: number; body: ProblemView }) => [
    status,
    ...(body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
  ];

  beforeAll(async () => {
    [owner, stranger] = [await keyOf(unique('owner-')), await keyOf(unique('stranger-'))];
    const category = await make('/v1/template-categories', { name: word });
    const template = await make('/v1/templates', {
      name: word,
      categoryId: category,
      from,
      subject: `${word} {{x}}`,
      html: '<p>x</p>',
    });
    const pushed: Record<string, string> = {};
    for (const provider of PROVIDERS) {
      const { body } = await owner.post<{ providerTemplateId: string }>(`/v1/templates/${template}/push`, { provider });
      pushed[provider] = body.providerTemplateId;
    }
    its = {
      category,
      template,
      pushed,
      message: (await owner.send(aMessage().dueIn(3_600_000))).id,
      attachment: (await owner.upload(`${word}.txt`, 'x')).id,
      contact: await make('/v1/contacts', { addresses: [`${word}@example.com`], groups: [] }),
      group: await make('/v1/groups', { name: word }),
    };
  }, 120_000);

  it('is not there for another client, whatever the call, and stays as it is', async () => {
    const before = await everything();
    const calls: readonly (readonly [method: string, path: string, body?: object])[] = [
      ...['', '/recipients', '/batches', '/events'].map(
        (part) => ['GET', `/v1/messages/${its.message}${part}`] as const,
      ),
      ['POST', `/v1/messages/${its.message}/cancel`],
      ['POST', `/v1/messages/${its.message}/redrive`, {}],
      ...['', '/content'].map((part) => ['GET', `/v1/attachments/${its.attachment}${part}`] as const),
      ['DELETE', `/v1/attachments/${its.attachment}`],
      ['GET', `/v1/templates/${its.template}`],
      ['PATCH', `/v1/templates/${its.template}`, { name: 'mine' }],
      ['DELETE', `/v1/templates/${its.template}`],
      ['POST', `/v1/templates/${its.template}/restore`],
      ['POST', `/v1/templates/${its.template}/preview`, { variables: {} }],
      ['POST', `/v1/templates/${its.template}/push`, { provider: 'ncp' }],
      ['GET', `/v1/template-categories/${its.category}`],
      ['PATCH', `/v1/template-categories/${its.category}`, { name: 'mine' }],
      ['DELETE', `/v1/template-categories/${its.category}`],
      ['GET', `/v1/contacts/${its.contact}`],
      ['PATCH', `/v1/contacts/${its.contact}`, { name: 'mine' }],
      ['DELETE', `/v1/contacts/${its.contact}`],
      ['PATCH', `/v1/groups/${its.group}`, { name: 'mine' }],
      ['DELETE', `/v1/groups/${its.group}`],
      ['POST', `/v1/groups/${its.group}/members`, { addresses: ['x@example.com'] }],
      ['DELETE', `/v1/groups/${its.group}/members`, { addresses: ['x@example.com'] }],
      ['POST', `/v1/groups/${its.group}/empty`],
      ['POST', `/v1/groups/${its.group}/push`, { provider: 'ncp' }],
    ];
    for (const [method, path, body] of calls) {
      const answer = await stranger.call(method, path, body === undefined ? {} : { body });
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 404, 'not_found']);
    }
    expect(await everything()).toEqual(before);
  });

  it('is unknown where another client refers to it', async () => {
    const message = { from, to: 'kim@example.com', subject: 's', text: 't' };
    const template = { name: unique('t-'), from, subject: 's', html: 'h' };
    const calls: readonly (readonly [path: string, body: object, pointer: string])[] = [
      ['/v1/messages', { ...message, attachments: [its.attachment] }, '/attachments/0'],
      ['/v1/messages', { to: 'kim@example.com', template: { id: its.template } }, '/template/id'],
      ['/v1/messages', { from, subject: 's', text: 't', audience: word }, '/audience'],
      ['/v1/templates', { ...template, categoryId: its.category }, '/categoryId'],
      ['/v1/templates', { ...template, attachments: [its.attachment] }, '/attachments/0'],
      ['/v1/template-categories', { name: unique('c-'), parentId: its.category }, '/parentId'],
    ];
    for (const [path, body, pointer] of calls) {
      expect([path, ...codes(await stranger.post(path, body))]).toEqual([path, 422, `${pointer} unknown_reference`]);
    }
    const { id } = await stranger.post<{ id: string }>('/v1/groups', { name: unique('g-') }).then(({ body }) => body);
    const members = await stranger.post(`/v1/groups/${id}/members`, { contactIds: [its.contact] });
    expect(members.status).toBe(422);
    const list = { from, subject: 's', text: 't', audience: { provider: 'ncp', groups: [word], match: 'all' } };
    expect((await stranger.post('/v1/messages', list)).status).toBe(422);
    for (const path of [
      '/v1/messages',
      '/v1/contacts',
      '/v1/groups',
      '/v1/templates',
      '/v1/events',
      '/v1/attachments',
    ]) {
      const { body } = await stranger.call('GET', path);
      expect([path, JSON.stringify(body)]).toEqual([path, expect.not.stringContaining(word)]);
    }
  });

  it.each(PROVIDERS)('as a template pushed to %s can be sent by its own client only', async (provider) => {
    const id = its.pushed[provider] ?? '';
    const spellings = provider === 'ncp' ? [id, ` ${id}`, `0${id}`, `${id}.0`, `${id}e0`] : [id, id.toUpperCase()];
    const refused = [422, '/template/providerTemplateId unknown_reference'];
    for (const spelt of spellings) {
      const body = { from, to: 'kim@example.com', template: { provider, providerTemplateId: spelt } };
      expect([spelt, ...codes(await stranger.post('/v1/messages', body))]).toEqual([spelt, ...refused]);
      expect(codes(await stranger.post('/v1/messages/preview', body))).toEqual(refused);
      const many = await stranger.post<{ results: readonly { problem?: ProblemView }[] }>('/v1/messages/batch', {
        messages: [body],
      });
      expect(many.body.results[0]?.problem?.errors?.map(({ code }) => code)).toEqual(['unknown_reference']);
      const stream = `${JSON.stringify({ ...body, to: undefined })}\n{"address":"kim@example.com"}\n`;
      const headers = { 'content-type': 'application/x-ndjson' };
      expect((await stranger.call('POST', '/v1/messages', { body: stream, headers })).status).toBe(422);
    }
    const own = { from, to: 'kim@example.com', template: { provider, providerTemplateId: id }, variables: { x: '1' } };
    expect((await owner.post('/v1/messages/preview', own)).status).toBe(200);
    const others = {
      ...own,
      template: { provider, providerTemplateId: provider === 'ncp' ? '99999' : 'made-elsewhere' },
    };
    expect((await stranger.post('/v1/messages/preview', others)).status).toBe(200);
  });

  it('as a template or a category at an account is not taken over by another client', async () => {
    for (const provider of PROVIDERS) {
      expect((await stranger.call('POST', `/v1/templates/import?from=${provider}`)).status).toBe(200);
    }
    for (const path of ['/v1/templates', '/v1/template-categories']) {
      expect(JSON.stringify(await stranger.get(path))).not.toContain(word);
    }
  });

  it('names the key that made and changed it', async () => {
    const { data } = await actors.gateway.get<{ data: readonly { id: string; client: string }[] }>('/v1/api-keys');
    const keyId = data.find(({ client }) => client.startsWith('owner-'))?.id;
    expect(await owner.get(`/v1/templates/${its.template}`)).toMatchObject({ createdBy: keyId, updatedBy: keyId });
    const database = new pg.Client({ connectionString: actors.address.databaseUrl });
    await database.connect();
    const { rows } = await database.query<{ same: boolean }>(
      `SELECT m.created_by = k.id AS same FROM message m JOIN client c ON c.id = m.client_id
       JOIN api_key k ON k.client_id = c.id WHERE c.name LIKE 'owner-%'`,
    );
    await database.end();
    expect(rows).toEqual([{ same: true }]);
    const admin = actors.gateway;
    const address = `${unique('s-')}x@example.com`;
    await admin.post('/v1/suppressions', { addresses: [address], scope: 'all' });
    const listed = await admin.get<{ data: readonly { createdBy: string }[] }>('/v1/suppressions', { address });
    expect(listed.data[0]?.createdBy).toMatch(/^key_/);
    const paused = await admin.post<{ health: object }>('/v1/providers/nhn/pause', { reason: 'test' });
    expect(paused.body.health).toMatchObject({ pausedByKey: expect.stringMatching(/^key_/) });
    const resumed = await admin.post<{ health: object }>('/v1/providers/nhn/resume');
    expect(resumed.body.health).toMatchObject({ pausedByKey: null, resumedByKey: expect.stringMatching(/^key_/) });
  });

  const everything = () =>
    Promise.all(
      [
        `/v1/messages/${its.message}`,
        `/v1/attachments/${its.attachment}`,
        `/v1/templates/${its.template}`,
        `/v1/template-categories/${its.category}`,
        `/v1/contacts/${its.contact}`,
        '/v1/groups',
      ].map((path) => owner.get(path)),
    );
});
