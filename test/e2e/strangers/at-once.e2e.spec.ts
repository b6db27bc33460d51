import { describe, expect, it } from '@jest/globals';
import { aSender, unique, useSharedGateway } from '@gateway/testing';
import { outcomeOf } from './outcome.js';

const EIGHT = Array.from({ length: 8 }, (_, n) => n);

describe('several callers who change the same thing at once', () => {
  const actors = useSharedGateway('postgres');
  const made = async (path: string, body: object): Promise<string> =>
    (await actors.gateway.post<{ id: string }>(path, body)).body.id;
  const change = (path: string, body: object) => actors.gateway.call<{ version?: number }>('PATCH', path, { body });

  it('all change a template, each with a version of its own', async () => {
    const path = `/v1/templates/${await made('/v1/templates', { name: unique('b20-'), from: aSender(), subject: 's', html: '0' })}`;
    const answers = await Promise.all(EIGHT.map((n) => change(path, { html: `<p>${n}</p>` })));
    expect(answers.map(outcomeOf)).toEqual(EIGHT.map(() => '200'));
    expect(new Set(answers.map(({ body }) => body.version)).size).toBe(8);
  });

  it('a template that is deleted while others change it is gone', async () => {
    for (let round = 0; round < 10; round += 1) {
      const path = `/v1/templates/${await made('/v1/templates', { name: unique('b20-'), from: aSender(), subject: 's', html: '0' })}`;
      const changes = EIGHT.slice(4).map((n) => change(path, { html: `<p>${n}</p>` }));
      const [deleted, ...changed] = await Promise.all([actors.gateway.call('DELETE', path), ...changes]);
      expect([deleted.status, (await actors.gateway.call('GET', path)).status]).toEqual([204, 404]);
      for (const answer of changed) expect([200, 404]).toContain(answer.status);
    }
  });

  it.each([
    ['/v1/template-categories', () => ({ name: unique('c-') }), (n: number) => ({ description: `d${n}` })],
    ['/v1/groups', () => ({ name: unique('g-') }), (n: number) => ({ description: `d${n}` })],
    ['/v1/contacts', () => ({ addresses: [`${unique('c')}@b20.example.com`] }), (n: number) => ({ name: `n${n}` })],
    [
      '/v1/contacts',
      () => ({ addresses: [`${unique('c')}@b20.example.com`] }),
      (n: number) => ({ addresses: [`${unique(`c${n}`)}@b20.example.com`] }),
    ],
  ])('all change an entry of %s', async (path, body, changes) => {
    const entry = `${path}/${await made(path, body())}`;
    const answers = await Promise.all(EIGHT.map((n) => change(entry, changes(n))));
    expect(answers.map(outcomeOf)).toEqual(EIGHT.map(() => '200'));
  });
});
