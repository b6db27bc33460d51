import { beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, unique, useSharedGateway, type GatewayClient } from '@gateway/testing';

interface Row {
  readonly address: string;
  readonly sealed?: string;
}
interface Rows {
  readonly data: readonly Row[];
}
interface Act {
  readonly action: string;
  readonly target: string;
  readonly after: { readonly count: number; readonly addresses: readonly string[]; readonly places: readonly string[] };
}

/** Calls as the console's page makes them, with the session's cookie instead of a key. */
interface Session {
  readonly get: <T>(path: string) => Promise<T>;
  readonly call: (method: string, path: string, body?: unknown) => Promise<{ status: number; text: string }>;
  readonly headers: Record<string, string>;
}

describe('addresses in the console', () => {
  const actors = useSharedGateway('postgres');
  const address = `${unique('kim.')}@people.example.com`;
  const masked = 'k***@people.example.com';
  const url = (path: string): string => `${actors.gateway.url}${path}`;
  let gateway: GatewayClient;
  let message: string;
  let session: Session;

  async function signIn(key: string): Promise<Session> {
    const begun = await gateway.as(undefined).post('/dashboard/session', { key });
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    const headers = { cookie, origin: new URL(gateway.url).origin };
    const call: Session['call'] = async (method, path, body) => {
      const json = { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const answer = await fetch(url(path), { method, headers, ...(body !== undefined && json) });
      return { status: answer.status, text: await answer.text() };
    };
    return { headers, call, get: async (path) => JSON.parse((await call('GET', path)).text) };
  }
  const keyWith = async (...scopes: string[]): Promise<string> =>
    (await gateway.post<{ key: string }>('/v1/api-keys', { name: unique('key-'), scopes })).body.key;
  const reveals = async (): Promise<readonly Act[]> =>
    (await gateway.get<{ data: Act[] }>('/v1/audit?action=recipient.reveal')).data;

  beforeAll(async () => {
    ({ gateway } = actors);
    const sent = await gateway.deliver(
      aMessage()
        .saying(`For ${address}`, `<p>Write to ${address}</p>`)
        .with({ to: address, metadata: { [address]: address } }),
    );
    message = sent.id;
    await gateway.post('/v1/contacts', { externalId: unique('c-'), addresses: [address] });
    await gateway.post('/v1/suppressions', { addresses: [address], scope: 'marketing' });
    session = await signIn(actors.address.apiKey);
  });

  const lists = (): readonly string[] => [
    `/v1/messages?to=${address}`,
    `/v1/messages/${message}/recipients`,
    `/v1/messages/${message}/events`,
    `/v1/recipients?address=${address}`,
    `/v1/contacts?address=${address}`,
    `/v1/suppressions?address=${address}`,
    `/v1/events?messageId=${message}`,
  ];

  it('are masked in every answer to a session, and in none to a key', async () => {
    for (const path of lists()) {
      const { status, text } = await session.call('GET', path);
      expect([path, status]).toEqual([path, 200]);
      // The subject is shown as it was sent, as in the preview of the mail.
      expect([path, text.replaceAll(`For ${address}`, '').includes(address)]).toEqual([path, false]);
      expect(text).toContain(masked);
      expect(text).toContain('"sealed"');
      const inClear = JSON.stringify(await gateway.get(path));
      expect(inClear).toContain(address);
      expect(inClear).not.toContain('"sealed"');
    }
  });

  it('are masked in streams and exports, too', async () => {
    const export_ = await fetch(url(`/v1/recipients?address=${address}`), {
      headers: { ...session.headers, accept: 'application/x-ndjson' },
    });
    const exported = (await export_.text()).replaceAll(`For ${address}`, '').replaceAll(`Write to ${address}`, '');
    expect(exported).toContain(masked);
    expect(exported).not.toContain(address);
    const stream = await fetch(url('/v1/events/stream?timeout=3'), { headers: session.headers });
    const sending = gateway.deliver(aMessage().with({ to: address }));
    const text = await stream.text();
    await sending;
    expect(text).toContain(masked);
    expect(text).not.toContain(address);
  });

  it('leave settings and senders alone, so that a form saves what it has read', async () => {
    const html = `<p>Ask ${address}</p>`;
    const { body } = await gateway.post<{ id: string }>('/v1/templates', {
      name: unique('t-'),
      subject: 'Hi',
      html,
      from: { address },
      description: address,
    });
    const template = await session.get<Record<string, unknown>>(`/v1/templates/${body.id}`);
    expect(template).toMatchObject({ html, description: address, from: { address } });
    const detail = await session.get<Record<string, unknown>>(`/v1/messages/${message}`);
    expect(detail).toMatchObject({ to: masked, metadata: { [masked]: masked } });
    expect((detail['from'] as Row).address).not.toContain('***');
  });

  it('are revealed to the scope audience, with an entry in the audit log that has them masked', async () => {
    const { data } = await session.get<Rows>(`/v1/messages/${message}/recipients`);
    const sealed = [data[0]?.sealed];
    const before = (await reveals()).length;
    const { status, text } = await session.call('POST', '/dashboard/reveal', { sealed });
    expect([status, JSON.parse(text)]).toEqual([200, { addresses: [address] }]);
    const [entry] = await reveals();
    expect(await reveals()).toHaveLength(before + 1);
    expect(entry).toMatchObject({
      target: message,
      after: { count: 1, addresses: [masked], places: [`/v1/messages/${message}/recipients`] },
    });
    expect(JSON.stringify(entry)).not.toContain(address);
    // The same address again is the same text, so a page that asks again keeps what it shows.
    expect((await session.get<Rows>(`/v1/messages/${message}/recipients`)).data[0]?.sealed).toBe(sealed[0]);
  });

  it('are not revealed without the scope, to another session, or to a key', async () => {
    const reader = await signIn(await keyWith('messages:read'));
    const { data } = await reader.get<Rows>(`/v1/messages/${message}/recipients`);
    const own = { sealed: [data[0]?.sealed] };
    const before = (await reveals()).length;
    expect((await reader.call('POST', '/dashboard/reveal', own)).status).toBe(403);
    const other = await session.call('POST', '/dashboard/reveal', own);
    expect([other.status, JSON.parse(other.text)]).toMatchObject([422, { errors: [{ pointer: '/sealed/0' }] }]);
    for (const sealed of [[], ['sealed.'], ['sealed.AAAA'], [`${data[0]?.sealed}A`], [address], [null]]) {
      expect((await session.call('POST', '/dashboard/reveal', { sealed })).status).toBe(422);
    }
    expect((await gateway.post('/dashboard/reveal', own)).status).toBe(403);
    expect((await gateway.as(undefined).post('/dashboard/reveal', own)).status).toBe(401);
    expect(await reveals()).toHaveLength(before);
    const allowed = await signIn(await keyWith('messages:read', 'audience'));
    const theirs = await allowed.get<Rows>(`/v1/messages/${message}/recipients`);
    expect((await allowed.call('POST', '/dashboard/reveal', { sealed: [theirs.data[0]?.sealed] })).status).toBe(200);
  });

  it('are taken off the list by what the list shows', async () => {
    const path = `/v1/suppressions?address=${address}`;
    const [row] = (await session.get<Rows>(path)).data;
    expect((await session.call('DELETE', `/v1/suppressions/${row?.sealed}`)).status).toBe(204);
    expect((await gateway.get<Rows>(path)).data).toEqual([]);
    const removed = await gateway.get<{ data: Act[] }>(`/v1/audit?action=suppression.remove&target=${masked}`);
    expect(removed.data).toHaveLength(1);
  });
});
