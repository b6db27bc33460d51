import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, unique, useOwnGateway, type Answer, type GatewayClient, type PageView } from '@gateway/testing';
import { VendorConsole } from '../support/vendor-console.js';

interface GroupView {
  readonly id: string;
  readonly name: string;
}

interface PushView {
  readonly provider: string;
  readonly complete: boolean;
  readonly name: string;
  readonly addressCount: number;
  readonly added: number;
  readonly removed: number;
  readonly providerAddressCount: number | null;
}

interface ListView {
  readonly id: string;
  readonly name: string;
  readonly addressCount: number | null;
  readonly groupId: string | null;
}

const ACTIVE = { nhn: { tags: 'active' } };

describe("groups as lists of the providers' own", () => {
  const actors = useOwnGateway();
  let gateway = {} as GatewayClient;
  beforeAll(async () => {
    ({ gateway } = actors);
    await actors.simulator.change(ACTIVE);
  });

  const vendors = (): VendorConsole => new VendorConsole(actors.address.simulatorUrl);
  const listsOf = {
    ncp: () => vendors().addressBook(),
    nhn: () => vendors().tags(),
  } as const;
  type ListKeeper = keyof typeof listsOf;

  const make = async (name = unique('g-'), ...addresses: string[]): Promise<GroupView> => {
    const { status, body } = await gateway.post<GroupView>('/v1/groups', { name });
    expect(status).toBe(201);
    if (addresses.length > 0) await add(body, ...addresses);
    return body;
  };
  const add = (group: GroupView, ...addresses: string[]) =>
    gateway.post(`/v1/groups/${group.id}/members`, { addresses });
  const remove = (group: GroupView, ...addresses: string[]) =>
    gateway.call('DELETE', `/v1/groups/${group.id}/members`, { body: { addresses } });
  const tryPush = (group: GroupView, provider: string, by = gateway): Promise<Answer<PushView>> =>
    by.post<PushView>(`/v1/groups/${group.id}/push`, { provider });
  const push = async (group: GroupView, provider: string): Promise<PushView> => {
    const { status, body } = await tryPush(group, provider);
    expect([status, body]).toEqual([200, expect.objectContaining({ provider, complete: true })]);
    return body;
  };
  const addresses = (...words: string[]): string[] => words.map((word) => `${word}@example.com`);
  const anotherClient = async (): Promise<GatewayClient> => {
    const key = { client: unique('lists-'), name: 'test', scopes: ['audience', 'messages:write', 'messages:read'] };
    return gateway.as((await gateway.post<{ key: string }>('/v1/api-keys', key)).body.key);
  };

  describe.each<ListKeeper>(['ncp', 'nhn'])('at %s', (provider) => {
    const list = async (name: string) => (await listsOf[provider]()).get(name);
    const counted = (count: number): number | null => (provider === 'ncp' ? count : null);

    it('adds joiners, removes leavers, and leaves the others untouched', async () => {
      const [kim, lee, choi] = addresses(unique('a-'), unique('b-'), unique('c-')) as [string, string, string];
      const group = await make(`한글.${unique('g_')}`, kim, lee);
      const other = await make(undefined, lee);
      const first = { name: group.name, addressCount: 2, added: 2, removed: 0, providerAddressCount: counted(2) };
      expect(await push(group, provider)).toMatchObject(first);
      await push(other, provider);
      expect(await list(group.name)).toEqual([kim, lee]);
      await remove(group, lee);
      await add(group, choi);
      expect(await push(group, provider)).toMatchObject({ added: 1, removed: 1, addressCount: 2 });
      expect(await list(group.name)).toEqual([kim, choi]);
      expect(await list(other.name)).toEqual([lee]);
      expect(await push(group, provider)).toMatchObject({ added: 0, removed: 0, addressCount: 2 });
    });

    it('follows the addresses of a contact', async () => {
      const [kim, home, work] = addresses(unique('k-'), unique('h-'), unique('w-')) as [string, string, string];
      const group = await make();
      const contact = { addresses: [kim, home], groups: [group.name] };
      const { id } = (await gateway.post<{ id: string }>('/v1/contacts', contact)).body;
      await push(group, provider);
      await gateway.call('PATCH', `/v1/contacts/${id}`, { body: { addresses: [kim, work] } });
      expect(await push(group, provider)).toMatchObject({ added: 1, removed: 1 });
      expect(await list(group.name)).toEqual([kim, work].toSorted());
      await gateway.call('DELETE', `/v1/contacts/${id}`);
      expect(await push(group, provider)).toMatchObject({ added: 0, removed: 2, addressCount: 0 });
      expect(await list(group.name)).toEqual([]);
    });

    it('follows a new name, an emptied group, a deleted one', async () => {
      const group = await make(undefined, ...addresses('kim', 'lee'));
      await push(group, provider);
      const renamed = unique('renamed-');
      await gateway.call('PATCH', `/v1/groups/${group.id}`, { body: { name: renamed } });
      expect(await push(group, provider)).toMatchObject({ name: renamed, addressCount: 2 });
      expect([await list(group.name), await list(renamed)]).toEqual([undefined, addresses('kim', 'lee')]);
      await gateway.post(`/v1/groups/${group.id}/empty`);
      expect(await push(group, provider)).toMatchObject({ removed: 2, addressCount: 0 });
      expect(await list(renamed)).toEqual([]);
      await add(group, ...addresses('choi'));
      await push(group, provider);
      await gateway.call('DELETE', `/v1/groups/${group.id}`);
      await eventually(async () => expect(await list(renamed)).toBeUndefined());
    });

    it('leaves out who gets no mail at all', async () => {
      const [kim, lee] = addresses(unique('s-'), unique('t-')) as [string, string];
      const group = await make(undefined, kim, lee);
      await push(group, provider);
      await gateway.post('/v1/suppressions', { addresses: [kim], scope: 'all' });
      expect(await push(group, provider)).toMatchObject({ removed: 1, addressCount: 1 });
      expect(await list(group.name)).toEqual([lee]);
    });

    it('keeps clients apart that have groups of one name', async () => {
      const name = unique('same-');
      const [ours, other] = [await make(name, ...addresses('kim')), await anotherClient()];
      await push(ours, provider);
      const theirs = (await other.post<GroupView>('/v1/groups', { name })).body;
      await other.post(`/v1/groups/${theirs.id}/members`, { addresses: addresses('lee') });
      const { body } = await tryPush(theirs, provider, other);
      expect(body.name).toMatch(new RegExp(`^${name}\\.\\w{8}$`));
      expect([await list(name), await list(body.name)]).toEqual([addresses('kim'), addresses('lee')]);
      const seen = await other.get<PageView<ListView>>(`/v1/providers/${provider}/groups`);
      expect(seen.data.map((each) => [each.name, each.groupId])).toEqual([[body.name, theirs.id]]);
    });

    it('does it once when it is asked twice at the same time', async () => {
      const group = await make(undefined, ...Array.from({ length: 300 }, (_, n) => `${unique('m-')}${n}@example.com`));
      const answers = await Promise.all([1, 2, 3].map(() => tryPush(group, provider)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses).toContain(200);
      expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
      expect(answers.filter(({ status }) => status === 200).map(({ body }) => body.added)).toContain(300);
      expect(await list(group.name)).toHaveLength(300);
    });

    it('ends what a silent provider interrupted', async () => {
      const group = await make(undefined, ...addresses('kim', 'lee'));
      const trouble = { provider, operation: 'other', kind: 'error_500', times: 2, skip: 1 };
      await actors.simulator.trouble(trouble);
      const { status, body } = await tryPush(group, provider);
      expect([status, body]).toEqual([503, expect.objectContaining({ code: 'overloaded' })]);
      await eventually(async () => expect(await list(group.name)).toEqual(addresses('kim', 'lee')), 20_000);
    });
  });

  it('forgets addresses at ncp that are on no list any more', async () => {
    const [kim, lee] = addresses(unique('f-'), unique('f-')) as [string, string];
    const [a, b] = [await make(undefined, kim, lee), await make(undefined, lee)];
    await push(a, 'ncp');
    await push(b, 'ncp');
    await gateway.post(`/v1/groups/${a.id}/empty`);
    await push(a, 'ncp');
    const book = await vendors().bookAddresses();
    expect([book.includes(kim), book.includes(lee)]).toEqual([false, true]);
  });

  it('removes every list at an account, and pushes again', async () => {
    const group = await make(undefined, ...addresses('kim'));
    for (const provider of ['ncp', 'nhn'] as const) {
      await push(group, provider);
      expect((await gateway.call('DELETE', `/v1/providers/${provider}/groups`)).status).toBe(204);
      expect([...(await listsOf[provider]()).keys()]).toEqual([]);
      expect(await push(group, provider)).toMatchObject({ added: 1 });
    }
  });

  it('refuses by name what is no account or no group', async () => {
    const group = await make();
    const refused = await tryPush(group, 'acme');
    expect([refused.status, refused.body]).toEqual([
      422,
      expect.objectContaining({
        errors: [expect.objectContaining({ pointer: '/provider', code: 'unknown_reference' })],
      }),
    ]);
    expect((await tryPush({ ...group, id: 'grp_x' }, 'ncp')).status).toBe(404);
    expect((await tryPush(group, 'ncp', await anotherClient())).status).toBe(404);
    expect((await gateway.call('GET', '/v1/providers/acme/groups')).status).toBe(404);
    expect((await (await anotherClient()).call('DELETE', '/v1/providers/ncp/groups')).status).toBe(403);
  });

  it('reports the limit of 16 lists a contact at nhn, and changes nothing then', async () => {
    const [kim] = addresses(unique('crowd-')) as [string];
    const groups = await Promise.all(Array.from({ length: 17 }, () => make(undefined, kim)));
    for (const group of groups.slice(0, 16)) await push(group, 'nhn');
    const refused = await tryPush(groups[16] as GroupView, 'nhn');
    expect([refused.status, refused.body]).toEqual([
      422,
      expect.objectContaining({ code: 'unsupported_by_provider', detail: expect.stringContaining('at most 16 lists') }),
    ]);
    expect((await vendors().tags()).has((groups[16] as GroupView).name)).toBe(false);
  });

  it('reports that nhn has ended its lists, remembers it, and asks again on request', async () => {
    await actors.simulator.change({ nhn: { tags: 'retired' } });
    const group = await make(undefined, ...addresses('kim'));
    const { status, body } = await tryPush(group, 'nhn');
    expect([status, body]).toEqual([
      422,
      expect.objectContaining({
        code: 'provider_retired',
        detail: expect.stringContaining('"audience"'),
        provider: expect.objectContaining({ name: 'nhn', code: '-9998' }),
      }),
    ]);
    await actors.simulator.change(ACTIVE);
    expect((await tryPush(group, 'nhn')).status).toBe(422);
    expect((await gateway.call('GET', '/v1/providers/nhn/groups')).status).toBe(200);
    expect((await tryPush(group, 'nhn')).status).toBe(200);
  });
});
