import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { unique, useOwnGateway, type PageView } from '@gateway/testing';
import { VendorConsole } from '../support/vendor-console.js';

interface Pushed {
  readonly providerTemplateId: string;
  readonly added: number;
  readonly removed: number;
}

/** Accounts with the same keys: what one of them keeps at the vendor is there for the other. */
const env = {
  ACCOUNTS: 'ncp,ncp-b,nhn,nhn-b',
  ACCOUNT_NCP_B_KIND: 'ncp',
  ACCOUNT_NHN_B_KIND: 'nhn',
};

describe.each([
  ['ncp', 'ncp-b'],
  ['nhn', 'nhn-b'],
] as const)('two accounts of one project: %s and %s', (first, second) => {
  const actors = useOwnGateway({ queue: 'postgres', env });
  let database: pg.Pool;
  beforeAll(async () => {
    database = new pg.Pool({ connectionString: actors.address.databaseUrl, max: 1 });
    await actors.simulator.change({ nhn: { tags: 'active' } });
  });
  afterAll(() => database.end());

  const vendor = () => new VendorConsole(actors.address.simulatorUrl);
  const lists = () => (first === 'ncp' ? vendor().addressBook() : vendor().tags());
  const titlesOf = async (name: string): Promise<readonly (string | undefined)[]> => {
    const { ncp, nhn } = await vendor().kept();
    return first === 'ncp'
      ? ncp.filter((node) => node.name === name).map(({ content }) => content?.title)
      : nhn.filter(({ templateName }) => templateName === name).map(({ title }) => title);
  };
  const make = async (path: string, body: object): Promise<{ readonly id: string; readonly name: string }> => {
    const answer = await actors.gateway.post<{ id: string; name: string }>(path, body);
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    return answer.body;
  };
  const aTemplate = (name: string, subject: string) =>
    make('/v1/templates', { name, from: 'shop@example.com', subject, html: '<p>Hi</p>' });
  const push = (path: string, provider: string) => actors.gateway.post<Pushed>(`${path}/push`, { provider });
  const members = (id: string, method: 'POST' | 'DELETE', ...addresses: readonly string[]) =>
    actors.gateway.call(method, `/v1/groups/${id}/members`, { body: { addresses } });

  it('have one copy of a template, whichever of them pushes it', async () => {
    const { id, name } = await aTemplate(unique('t-'), 'One');
    const before = await push(`/v1/templates/${id}`, first);
    await actors.gateway.call('PATCH', `/v1/templates/${id}`, { body: { subject: 'Two' } });
    const after = await push(`/v1/templates/${id}`, second);
    expect([before.status, after.status]).toEqual([200, 200]);
    expect(after.body).toMatchObject({ provider: second, version: 2 });
    expect(after.body.providerTemplateId).toBe(before.body.providerTemplateId);
    expect(await titlesOf(name)).toEqual(['Two']);
  });

  it("do not overwrite each other's template of the same name", async () => {
    const name = unique('t-');
    const [one, other] = [await aTemplate(name, 'Mine'), await aTemplate(name, 'Theirs')];
    expect((await push(`/v1/templates/${one.id}`, first)).status).toBe(200);
    await push(`/v1/templates/${other.id}`, second);
    expect(await titlesOf(name)).toContain('Mine');
  });

  it('have one copy of a group, which keeps all of its members', async () => {
    const { id, name } = await make('/v1/groups', { name: unique('g-') });
    const kept = await make('/v1/groups', { name: unique('k-') });
    const [kim, lee] = [`${unique('kim-')}@example.com`, `${unique('lee-')}@example.com`];
    await members(id, 'POST', kim, lee);
    await members(kept.id, 'POST', kim);
    expect(await push(`/v1/groups/${id}`, first)).toMatchObject({ status: 200, body: { added: 2 } });
    expect(await push(`/v1/groups/${kept.id}`, second)).toMatchObject({ status: 200, body: { added: 1 } });
    expect(await push(`/v1/groups/${id}`, second)).toMatchObject({ status: 200, body: { added: 0, removed: 0 } });
    expect([...(await lists()).keys()].filter((list) => list.startsWith(name))).toEqual([name]);
    await members(id, 'DELETE', kim);
    expect(await push(`/v1/groups/${id}`, first)).toMatchObject({ status: 200, body: { removed: 1 } });
    const now = await lists();
    expect([now.get(name), now.get(kept.name)]).toEqual([[lee], [kim]]);
  });

  it('fill a list again that was wiped through the other', async () => {
    const { id, name } = await make('/v1/groups', { name: unique('g-') });
    const kim = `${unique('kim-')}@example.com`;
    await members(id, 'POST', kim);
    await push(`/v1/groups/${id}`, first);
    expect((await actors.gateway.call('DELETE', `/v1/providers/${second}/groups`)).status).toBe(204);
    expect(await push(`/v1/groups/${id}`, first)).toMatchObject({ status: 200, body: { added: 1 } });
    expect((await lists()).get(name)).toEqual([kim]);
  });

  it('compare their list of opt-outs once', async () => {
    const address = `${unique('o-')}x@example.com`;
    const sync = async (provider: string) => {
      const { body } = await actors.gateway.post<PageView<unknown> & { results: readonly unknown[] }>(
        '/v1/suppressions/sync',
        { provider },
      );
      return body.results;
    };
    // The examples of a sandbox have opt-outs, too.
    await sync(first);
    await actors.gateway.post('/v1/suppressions', { addresses: [address], scope: 'marketing' });
    expect(await sync(first)).toMatchObject([{ provider: first, account: { added: 1, ignored: 0 } }]);
    expect(await sync(second)).toMatchObject([{ provider: second, account: { added: 0, ignored: 0 } }]);
    const { rows } = await database.query('SELECT provider FROM suppression_copy WHERE address = $1', [address]);
    expect(rows).toEqual([{ provider: first }]);
  });
});
