import { describe, expect, it } from '@jest/globals';
import { unique, useSharedGateway, type Answer } from '@gateway/testing';

const TEN = Array.from({ length: 10 }, (_, n) => n);

interface Entity {
  readonly id: string;
}

/** Ten callers change one thing at the same moment: each gets the answer that it would get if they came one by one. */
describe('concurrent changes', () => {
  const actors = useSharedGateway('postgres');
  const call = <T = Entity>(method: string, path: string, body?: object): Promise<Answer<T>> =>
    actors.gateway.call<T>(method, path, body === undefined ? {} : { body });
  const make = async (path: string, body: object): Promise<string> => {
    const { status, body: made } = await call('POST', path, body);
    expect([path, status]).toEqual([path, 201]);
    return made.id;
  };
  const statuses = async (calls: readonly Promise<Answer<unknown>>[]): Promise<number[]> =>
    (await Promise.all(calls)).map(({ status }) => status).sort((a, b) => a - b);
  const template = (fields: object = {}) =>
    make('/v1/templates', {
      name: unique('t-'),
      from: 'no-reply@mail.example.com',
      subject: 's',
      html: '0',
      ...fields,
    });
  const group = () => make('/v1/groups', { name: unique('g-') });
  const contact = (fields: object = {}) =>
    make('/v1/contacts', { addresses: [`${unique('c-')}@example.com`], ...fields });

  it('gives each change of a template a version of its own', async () => {
    const id = await template();
    const answers = await Promise.all(
      TEN.map((n) => call<{ version: number }>('PATCH', `/v1/templates/${id}`, { html: `<p>${n}</p>` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(TEN.map(() => 200));
    const versions = answers.map(({ body }) => body.version).sort((a, b) => a - b);
    expect(versions).toEqual(TEN.map((n) => n + 2));
  });

  it('deletes and restores a template whose texts are being changed', async () => {
    const id = await template();
    for (const n of TEN) {
      const [change, removal] = await Promise.all([
        call('PATCH', `/v1/templates/${id}`, { html: `<b>${n}</b>` }),
        call('DELETE', `/v1/templates/${id}`),
      ]);
      expect([200, 404]).toContain(change.status);
      expect(removal.status).toBe(204);
      expect((await call('GET', `/v1/templates/${id}`)).status).toBe(404);
      const [, restoral] = await Promise.all([
        call('PATCH', `/v1/templates/${id}`, { html: `<i>${n}</i>` }),
        call('POST', `/v1/templates/${id}/restore`),
      ]);
      expect(restoral.status).toBe(200);
      expect((await call('GET', `/v1/templates/${id}`)).status).toBe(200);
    }
  });

  it('imports templates that are being changed', async () => {
    const id = await template();
    const exported = await actors.gateway.post<{ templates: { id: string; html: string }[] }>('/v1/templates/export');
    const entry = exported.body.templates.find((one) => one.id === id);
    const answers = await Promise.all(
      TEN.flatMap((n) => [
        call<{ errors: unknown[] }>('POST', '/v1/templates/import', {
          version: 1,
          categories: [],
          templates: [{ ...entry, html: `<b>${n}</b>` }],
        }),
        call<{ errors: unknown[] }>('PATCH', `/v1/templates/${id}`, { html: `<p>${n}</p>` }),
      ]),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.flatMap(({ body }) => body.errors ?? [])).toEqual([]);
  });

  it('deletes a category that templates are moving into', async () => {
    for (const _ of TEN.slice(0, 4)) {
      const categoryId = await make('/v1/template-categories', { name: unique('k-') });
      const ids = await Promise.all(TEN.slice(0, 5).map(() => template()));
      const answers = await Promise.all([
        ...ids.map((id) => call('PATCH', `/v1/templates/${id}`, { categoryId })),
        call('DELETE', `/v1/template-categories/${categoryId}`),
        ...ids.map(() => call('POST', '/v1/templates', { name: unique('t-'), subject: 's', html: 'x', categoryId })),
      ]);
      expect(answers.filter(({ status }) => ![200, 201, 204, 409, 422].includes(status))).toEqual([]);
      // No template that was confirmed to be in the category has silently lost it.
      const removal = answers[ids.length];
      const moved = answers.filter(({ status }, n) => n !== ids.length && status < 300);
      if (removal?.status === 204) expect(moved).toEqual([]);
    }
  });

  it('moves categories under each other without a circle', async () => {
    const ids = await Promise.all(TEN.map(() => make('/v1/template-categories', { name: unique('k-') })));
    const got = await statuses(
      ids.map((id, n) => call('PATCH', `/v1/template-categories/${id}`, { parentId: ids[(n + 1) % ids.length] })),
    );
    expect(got).toEqual([...TEN.slice(1).map(() => 200), 422]);
    expect(await statuses(TEN.map(() => call('DELETE', `/v1/template-categories/${ids[0] ?? ''}`)))).not.toContain(500);
  });

  it('changes and empties a group, and deletes it, while members come and go', async () => {
    for (const _ of TEN.slice(0, 4)) {
      const id = await group();
      const contactIds = await Promise.all(TEN.map(() => contact()));
      const addresses = TEN.map(() => `${unique('m-')}@example.com`);
      const members = `/v1/groups/${id}/members`;
      const got = await statuses([
        ...contactIds.map((_one, n) => call('POST', members, { contactIds: contactIds.slice(n) })),
        ...addresses.map((_one, n) => call('POST', members, { addresses: addresses.slice(n) })),
        ...contactIds.map((_one, n) => call('DELETE', members, { contactIds: contactIds.toReversed().slice(n) })),
        ...TEN.map(() => call('POST', `/v1/groups/${id}/empty`)),
        ...TEN.map((n) => call('PATCH', `/v1/groups/${id}`, { description: `${n}` })),
        ...contactIds.slice(0, 5).map((one) => call('DELETE', `/v1/contacts/${one}`)),
        call('DELETE', `/v1/groups/${id}`),
      ]);
      expect(got.filter((status) => ![200, 204, 404, 422].includes(status))).toEqual([]);
      expect((await call('GET', `/v1/groups/${id}`)).status).toBe(404);
    }
  });

  it('counts the members of a group right, in whatever order calls arrive', async () => {
    const id = await group();
    const contactIds = await Promise.all(TEN.map(() => contact()));
    const members = `/v1/groups/${id}/members`;
    const answers = await Promise.all(contactIds.map(() => call<{ added: number }>('POST', members, { contactIds })));
    expect(answers.map(({ status }) => status)).toEqual(TEN.map(() => 200));
    expect(answers.reduce((sum, { body }) => sum + body.added, 0)).toBe(10);
    expect(await actors.gateway.get(`/v1/groups/${id}`)).toMatchObject({ memberCount: 10 });
  });

  it('puts contacts into groups that are being deleted, or says that they are unknown', async () => {
    for (const _ of TEN.slice(0, 4)) {
      const name = unique('g-');
      const id = await make('/v1/groups', { name });
      const contacts = await Promise.all(TEN.slice(0, 5).map(() => contact({ groups: [name] })));
      const got = await statuses([
        ...contacts.map((one) => call('PATCH', `/v1/contacts/${one}`, { groups: [name], name: 'Kim' })),
        ...TEN.map(() => call('POST', '/v1/contacts', { addresses: [`${unique('c-')}@example.com`], groups: [name] })),
        ...contacts.map((one) => call('PATCH', `/v1/contacts/${one}`, { groups: [] })),
        call('DELETE', `/v1/groups/${id}`),
      ]);
      expect(got.filter((status) => ![200, 201, 204, 422].includes(status))).toEqual([]);
      expect(got).toContain(204);
    }
  });

  it('makes contacts in a group that others delete and make again, and changes both meanwhile', async () => {
    const name = unique('g-');
    const externalIds = TEN.slice(0, 6).map(() => unique('x-'));
    const ids: string[] = [await make('/v1/groups', { name })];
    const contacts: string[] = [];
    const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
    const got: string[] = [];
    const caller = async (
      kind: string,
      step: (n: number) => Promise<Answer<Entity>>,
      into?: string[],
    ): Promise<void> => {
      for (const n of TEN) {
        const { status, body } = await step(n);
        got.push(`${kind} ${status}`);
        if (status === 201) into?.push(body.id);
      }
    };
    const many = (count: number, make: (k: number) => Promise<void>): Promise<void>[] =>
      Array.from({ length: count }, (_, k) => make(k));
    await Promise.all([
      ...many(20, (k) =>
        caller(
          'contact',
          (n) =>
            call('POST', '/v1/contacts', {
              addresses: [`${unique('c-')}@example.com`, `shared.${(k + n) % 7}.${name}@example.com`].slice(
                0,
                1 + (n % 2),
              ),
              groups: [name],
              ...(n % 3 === 0 && { externalId: pick(externalIds, n + k) }),
            }),
          contacts,
        ),
      ),
      ...many(5, (k) => caller('delete', (n) => call('DELETE', `/v1/groups/${pick(ids.slice(-3), n + k)}`))),
      ...many(5, () => caller('group', () => call('POST', '/v1/groups', { name }), ids)),
      ...many(3, (k) =>
        caller('change', (n) =>
          call('PATCH', `/v1/contacts/${pick(contacts, n * 7 + k)}`, { groups: n % 2 === 0 ? [name] : [] }),
        ),
      ),
      ...many(3, (k) => caller('remove', (n) => call('DELETE', `/v1/contacts/${pick(contacts, n * 5 + k)}`))),
      ...many(3, (k) =>
        caller('members', (n) =>
          call('POST', `/v1/groups/${pick(ids.slice(-2), n)}/members`, {
            addresses: [`shared.${(k + n) % 7}.${name}@example.com`],
          }),
        ),
      ),
      ...many(2, () => caller('empty', (n) => call('POST', `/v1/groups/${pick(ids, n)}/empty`))),
      ...many(2, () =>
        caller('rename', (n) =>
          call('PATCH', `/v1/groups/${pick(ids.slice(-2), n)}`, { name: n % 2 === 0 ? name : unique('r-') }),
        ),
      ),
    ]);
    expect([...new Set(got)].filter((one) => !/ (200|201|204|404|422)$/.test(one))).toEqual([]);
  });

  it('gives an address to one contact only, in whatever order callers name them', async () => {
    const addresses = TEN.map((n) => `${unique('a-')}.${n}@example.com`);
    const ids = await Promise.all(TEN.map(() => contact()));
    const got = await statuses(
      ids.map((id, n) =>
        call('PATCH', `/v1/contacts/${id}`, { addresses: n % 2 === 0 ? addresses : addresses.toReversed() }),
      ),
    );
    expect(got).toEqual([200, ...TEN.slice(1).map(() => 422)]);
    const made = await statuses(
      ids.map((_one, n) =>
        call('POST', '/v1/contacts', {
          addresses: (n % 2 === 0 ? ['x', 'y'] : ['y', 'x']).map((w) => `${w}${addresses[1]}`),
        }),
      ),
    );
    expect(made).toEqual([201, ...TEN.slice(1).map(() => 422)]);
  });

  it('changes, and deletes, one contact', async () => {
    const id = await contact();
    expect(await statuses(TEN.map((n) => call('PATCH', `/v1/contacts/${id}`, { name: `Kim ${n}` })))).toEqual(
      TEN.map(() => 200),
    );
    const removals = await statuses(TEN.map(() => call('DELETE', `/v1/contacts/${id}`)));
    expect(removals).toEqual([204, ...TEN.slice(1).map(() => 404)]);
  });

  it('imports contacts while they are changed', async () => {
    const externalId = unique('x-');
    const address = `${externalId}@example.com`;
    const name = unique('g-');
    const file = `externalId,name,address,groups\n${externalId},Kim,${address},${name}\n`;
    const id = await contact({ externalId, addresses: [address] });
    const got = await statuses([
      ...TEN.map(() =>
        actors.gateway.call('POST', '/v1/contacts/import', { body: file, headers: { 'content-type': 'text/csv' } }),
      ),
      ...TEN.map((n) => call('PATCH', `/v1/contacts/${id}`, { addresses: [address, `${n}.${address}`] })),
    ]);
    expect(got).toEqual(got.map(() => 200));
  });

  it('takes lists of suppressed addresses that overlap', async () => {
    const addresses = Array.from({ length: 200 }, (_, n) => `${unique('s-')}.${n}@example.com`);
    const answers = await Promise.all(
      TEN.map((n) =>
        call<{ added: number }>('POST', '/v1/suppressions', {
          addresses: n % 2 === 0 ? addresses : addresses.toReversed(),
          scope: 'all',
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(TEN.map(() => 201));
    expect(answers.reduce((sum, { body }) => sum + body.added, 0)).toBe(200);
    const removals = await statuses(TEN.map(() => call('DELETE', `/v1/suppressions/${addresses[0] ?? ''}`)));
    expect(removals).toEqual([204, ...TEN.slice(1).map(() => 404)]);
  });

  it('deletes a file that templates and messages are taking up', async () => {
    const { id } = await actors.gateway.upload('a.txt', 'x', 'text/plain');
    const got = await statuses([
      ...TEN.map(() =>
        call('POST', '/v1/templates', { name: unique('t-'), subject: 's', html: 'x', attachments: [id] }),
      ),
      ...TEN.map(() => call('DELETE', `/v1/attachments/${id}`)),
    ]);
    expect(got.filter((status) => ![201, 204, 404, 422].includes(status))).toEqual([]);
    expect(got.filter((status) => status === 204)).toHaveLength(1);
  });
});
