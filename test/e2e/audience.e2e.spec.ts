import { beforeAll, describe, expect, it } from '@jest/globals';
import { unique, useSharedGateway, type GatewayClient, type PageView } from '@gateway/testing';

interface ContactView {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string | null;
  readonly addresses: readonly string[];
  readonly groups: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface GroupView {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly memberCount: number;
}

interface ImportView {
  readonly imported: number;
  readonly updated: number;
  readonly rejected: number;
  readonly errors: readonly { readonly line: number; readonly pointer: string; readonly code: string }[];
  readonly errorCount: number;
}

describe('contacts and groups', () => {
  const actors = useSharedGateway('postgres');
  /** A client of its own, without the contacts of other tests. */
  let gateway: GatewayClient;

  beforeAll(async () => {
    const key = { client: unique('audience-'), name: 'test', scopes: ['audience', 'messages:write', 'messages:read'] };
    gateway = actors.gateway.as((await actors.gateway.post<{ key: string }>('/v1/api-keys', key)).body.key);
  });

  const make = async <T>(path: string, body: unknown): Promise<T> => {
    const answer = await gateway.post<T>(path, body);
    expect([path, body, answer.status, answer.body]).toEqual([path, body, 201, answer.body]);
    return answer.body;
  };
  const makeGroup = (name = unique('g-')): Promise<GroupView> => make('/v1/groups', { name });
  const makeContact = (body: object = {}): Promise<ContactView> =>
    make('/v1/contacts', { addresses: [`${unique('c.')}@example.com`], ...body });
  const membersOf = async ({ id }: GroupView): Promise<number> =>
    (await gateway.get<GroupView>(`/v1/groups/${id}`)).memberCount;
  const importing = (type: string, body: string, headers = {}) =>
    gateway.call<ImportView>('POST', '/v1/contacts/import', { body, headers: { 'content-type': type, ...headers } });

  it('makes, reads, changes and deletes a contact', async () => {
    const group = await makeGroup();
    const [one, two] = [`${unique('One.')}@Example.com`, `${unique('two.')}@example.com`];
    const attributes = { city: '서울', points: 12, gold: true };
    const externalId = unique('crm-');
    const contact = await makeContact({
      externalId,
      name: '김',
      addresses: [one, two],
      groups: [group.name],
      attributes,
    });
    expect(contact).toMatchObject({
      externalId,
      name: '김',
      addresses: [one.replace('Example', 'example'), two],
      groups: [group.name],
      attributes,
    });
    expect(await gateway.get(`/v1/contacts/${contact.id}`)).toEqual(contact);
    for (const query of [{ externalId }, { address: two.toUpperCase() }, { group: group.name }]) {
      expect(await gateway.get<PageView<ContactView>>('/v1/contacts', query)).toEqual({
        data: [contact],
        nextCursor: null,
      });
    }
    const changed = await gateway.call<ContactView>('PATCH', `/v1/contacts/${contact.id}`, {
      body: { name: '', addresses: [two], groups: [] },
    });
    expect([changed.status, changed.body]).toEqual([
      200,
      { ...contact, name: null, addresses: [two], groups: [], updatedAt: expect.any(String) },
    ]);
    expect(await membersOf(group)).toBe(0);
    expect((await gateway.call('DELETE', `/v1/contacts/${contact.id}`)).status).toBe(204);
    expect((await gateway.call('GET', `/v1/contacts/${contact.id}`)).status).toBe(404);
    expect((await gateway.call('DELETE', `/v1/contacts/${contact.id}`)).status).toBe(404);
  });

  it('reports by pointer what it cannot take', async () => {
    const externalId = unique('crm-');
    const { addresses } = await makeContact({ externalId });
    const free = `${unique('c.')}@example.com`;
    const refused: [object, string, string][] = [
      [{ addresses: [free, ...addresses] }, '/addresses/1', 'duplicate_address'],
      [{ addresses: [free, free.toUpperCase()] }, '/addresses/1', 'duplicate_address'],
      [{ addresses: [free], externalId }, '/externalId', 'not_allowed'],
      [{ addresses: [free], groups: ['nobody-knows-it'] }, '/groups/0', 'unknown_reference'],
      [{ addresses: ['nobody'] }, '/addresses/0', 'invalid_address'],
      [{ addresses: [] }, '/addresses', 'too_few'],
      [{}, '/addresses', 'required'],
      [{ addresses: [free], attributes: { a: { b: 1 } } }, '/attributes/a', 'invalid_type'],
      [{ addresses: [free], name: 'a\nb' }, '/name', 'control_character'],
      [{ addresses: [free], colour: 'red' }, '/colour', 'unknown_field'],
    ];
    for (const [body, pointer, code] of refused) {
      const answer = await gateway.post('/v1/contacts', body);
      expect([answer.status, answer.body.errors]).toEqual([422, [expect.objectContaining({ pointer, code })]]);
    }
    expect((await gateway.get<PageView<unknown>>('/v1/contacts', { address: free })).data).toEqual([]);
  });

  it('counts the members of a group, renames, empties and deletes it', async () => {
    const group = await makeGroup();
    const [a, b] = [await makeContact(), await makeContact()];
    const unknown = `${unique('new.')}@example.com`;
    const path = `/v1/groups/${group.id}/members`;
    const ids = { contactIds: [a.id, a.id, b.id] };
    expect((await gateway.post(path, ids)).body).toEqual({ added: 2, ignored: 1 });
    const addresses = [a.addresses[0], unknown];
    expect((await gateway.post(path, { addresses })).body).toEqual({ added: 1, ignored: 1 });
    expect(await membersOf(group)).toBe(3);
    const removed = await gateway.call('DELETE', path, { body: { addresses: [unknown, 'nobody@example.com'] } });
    expect([removed.status, removed.body]).toEqual([200, { removed: 1, ignored: 1 }]);
    const name = unique('봄_');
    const renamed = await gateway.call<GroupView>('PATCH', `/v1/groups/${group.id}`, { body: { name } });
    expect(renamed.body).toMatchObject({ id: group.id, name, memberCount: 2 });
    expect((await gateway.post(`/v1/groups/${group.id}/empty`)).body).toEqual({ removed: 2 });
    expect(await membersOf(group)).toBe(0);
    expect((await gateway.call('DELETE', `/v1/groups/${group.id}`)).status).toBe(204);
    expect((await gateway.post(path, ids)).status).toBe(404);
  });

  it('refuses names that are taken or that no provider would take, and members it does not know', async () => {
    const { name, id } = await makeGroup();
    for (const [body, code] of [
      [{ name }, 'not_allowed'],
      [{ name: 'two words' }, 'not_allowed'],
      [{ name: 'x'.repeat(101) }, 'too_long'],
      [{}, 'required'],
    ] as const) {
      const answer = await gateway.post('/v1/groups', body);
      expect([answer.status, answer.body.errors]).toEqual([422, [expect.objectContaining({ pointer: '/name', code })]]);
    }
    const other = await makeGroup();
    expect((await gateway.call('PATCH', `/v1/groups/${other.id}`, { body: { name } })).status).toBe(422);
    const unknown = await gateway.post(`/v1/groups/${id}/members`, { contactIds: ['con_01h455vb4pex5vsknk084sn02q'] });
    expect(unknown.body.errors).toEqual([
      expect.objectContaining({ pointer: '/contactIds/0', code: 'unknown_reference' }),
    ]);
    expect((await gateway.post(`/v1/groups/${id}/members`, {})).status).toBe(422);
  });

  it('makes a group once for an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': unique('key-') };
    const body = { name: unique('g-') };
    const first = await gateway.post<GroupView>('/v1/groups', body, headers);
    const second = await gateway.post<GroupView>('/v1/groups', body, headers);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });

  it('hides contacts and groups from other clients', async () => {
    const [contact, group] = [await makeContact(), await makeGroup()];
    for (const path of [`/v1/contacts/${contact.id}`, `/v1/groups/${group.id}`]) {
      expect((await actors.gateway.call('GET', path)).status).toBe(404);
      expect((await actors.gateway.call('DELETE', path)).status).toBe(404);
    }
    const foreign = await actors.gateway.post<GroupView>('/v1/groups', { name: unique('g-') });
    const path = `/v1/groups/${foreign.body.id}/members`;
    const answer = await actors.gateway.post(path, { contactIds: [contact.id] });
    expect(answer.body.errors).toEqual([expect.objectContaining({ code: 'unknown_reference' })]);
  });

  it('imports CSV row by row: takes good rows, and reports bad ones by line and column', async () => {
    const word = unique('csv-');
    const owner = await makeContact({ externalId: unique('owner-') });
    const file = [
      '\ufeffexternalId,name,address,groups',
      `${word}1,"Kim, ""VIP""",${word}1@example.com,${word}-a;${word}-b`,
      `${word}1,,${word}1b@example.com,`,
      `${word}2,Lee,not an address,`,
      `${word}3,Park,${owner.addresses[0]},`,
      `${word}4,"open,${word}4@example.com,`,
      `,,${word}5@example.com,${word}-a`,
      `${word}6,Choi,${word}6@example.com,two words`,
      `short,row`,
    ].join('\r\n');
    const { status, body } = await importing('text/csv; charset=utf-8', file);
    expect([status, body]).toEqual([
      200,
      {
        imported: 2,
        updated: 1,
        rejected: 5,
        errorCount: 5,
        errors: [
          expect.objectContaining({ line: 4, pointer: '/address', code: 'invalid_address' }),
          expect.objectContaining({ line: 5, pointer: '/address', code: 'duplicate_address' }),
          expect.objectContaining({ line: 6, pointer: '', code: 'invalid_type' }),
          expect.objectContaining({ line: 8, pointer: '/groups', code: 'not_allowed' }),
          expect.objectContaining({ line: 9, pointer: '', code: 'invalid_type' }),
        ],
      },
    ]);
    const { data } = await gateway.get<PageView<ContactView>>('/v1/contacts', { externalId: `${word}1` });
    expect(data).toEqual([
      expect.objectContaining({
        name: 'Kim, "VIP"',
        addresses: [`${word}1@example.com`, `${word}1b@example.com`],
        groups: [`${word}-a`, `${word}-b`],
      }),
    ]);
  });

  it('imports NDJSON, and the same again changes what is there', async () => {
    const word = unique('nd-');
    const lines = (points: number): string =>
      [
        { externalId: `${word}1`, addresses: [`${word}1@example.com`], attributes: { points, old: true } },
        '{broken',
        { addresses: [`${word}2@example.com`], name: 'B', groups: [word] },
      ]
        .map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
        .join('');
    const first = await importing('application/x-ndjson', lines(1));
    expect(first.body).toMatchObject({
      imported: 2,
      updated: 0,
      rejected: 1,
      errors: [{ line: 2, code: 'invalid_type' }],
    });
    const second = await importing('application/x-ndjson', lines(2));
    expect(second.body).toMatchObject({ imported: 0, updated: 2, rejected: 1 });
    const { data } = await gateway.get<PageView<ContactView>>('/v1/contacts', { externalId: `${word}1` });
    expect(data).toEqual([expect.objectContaining({ attributes: { points: 2, old: true } })]);
  });

  it('refuses a file whose columns it does not know, and one that is no file', async () => {
    const strange = await importing('text/csv', 'mail,colour\nkim@example.com,red\n');
    expect(strange.status).toBe(422);
    expect((await importing('text/csv', '')).status).toBe(400);
    expect((await gateway.post('/v1/contacts/import', {})).status).toBe(415);
    expect((await importing('application/x-ndjson', '')).body).toMatchObject({ imported: 0, rejected: 0 });
  });
});
