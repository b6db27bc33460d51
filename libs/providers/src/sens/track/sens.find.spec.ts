import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailableError, type FindQuery } from '@gateway/core';
import { aBatch, anySignal, askingFor, findOf, thrownBy } from '@gateway/testing';
import { scriptedHttp } from '../../shared/scripted-http.fixture.js';
import { createSensProvider } from '../sens.provider.js';

interface Listed {
  readonly id: string;
  readonly status?: string;
  readonly count?: number;
  /** Of its only mail. */
  readonly body?: string | null;
  readonly title?: string;
  readonly sender?: string;
  readonly address?: string;
  readonly empty?: boolean;
  /** The filter by recipient does not find it. */
  readonly hidden?: boolean;
}

const ADDRESS = 'kim@example.com';

/** The list of requests, two a page whatever is asked for. */
function requestsAt(path: string, listed: readonly Listed[], counters: boolean): object {
  const page = Number(/[?&]pageNo=(\d+)/.exec(path)?.[1]);
  const seen = path.includes('recipientAddress=') ? listed.filter(({ hidden }) => hidden !== true) : listed;
  const requests = seen.slice(page * 2, page * 2 + 2).map(({ id, status = 'COMPLETED', count = 1 }) => {
    return { requestId: `q-${id}-`, status, requestCount: count };
  });
  return { requests, ...(counters && { totalElements: seen.length }) };
}

/** The only mail of a request, if the filter by recipient does not hide it. */
function mailsAt(path: string, { id, address = ADDRESS, empty }: Listed): object {
  const filter = decodeURIComponent(/recipientAddress=([^&]+)/.exec(path)?.[1] ?? address);
  const mails = empty === true || filter !== address ? [] : [{ mailId: `m-${id}`, status: 'COMPLETED' }];
  return { mails };
}

function detailOf({ title = 'Hello', body = null, sender: senderAddress, address = ADDRESS }: Listed): object {
  return { title, body, recipients: [{ address }], senderAddress };
}

/** SENS with these requests. */
function withRequests(listed: readonly Listed[], { counters = true, emptyList = 200 } = {}) {
  const statuses = new Map<string, number>();
  const http = scriptedHttp((path) => {
    if (/\/requests\?/.test(path)) return requestsAt(path, listed, counters);
    const request = listed.find(({ id }) => path.includes(`/q-${id}-`)) ?? { id: 'none' };
    if (!/\/mails\?/.test(path)) return detailOf(request);
    if (request.empty !== true || emptyList === 200) return mailsAt(path, request);
    statuses.set(path, emptyList);
    return '';
  });
  const request: typeof http.request = async (call) => {
    const answer = await http.request(call);
    return { ...answer, status: statuses.get(call.path) ?? answer.status };
  };
  const settings = {
    baseUrl: 'https://sens.test',
    serviceId: 'ncp:mail:kr:1:main',
    accessKey: 'AK',
    secretKey: 'SK',
    successMeans: 'sent',
  } as const;
  const deps = { http: () => ({ ...http, request }), clock: { now: () => new Date() }, timeoutMs: 1 };
  return { http, provider: createSensProvider(settings, deps) };
}

describe('find', () => {
  const batch = aBatch();
  const ours = `<p>Hello</p><!-- ${batch.batchId}.1 -->`;
  const others = '<p>Hello</p><!-- bat_00000000000000000000000999.1 -->';
  const find = (
    listed: readonly Listed[],
    more: Partial<FindQuery> = {},
    options?: Parameters<typeof withRequests>[1],
  ) => {
    const { provider, http } = withRequests(listed, options);
    return { http, found: findOf(provider)({ ...askingFor(batch), ...more }, anySignal()) };
  };
  const unclear = async (...args: Parameters<typeof find>) => {
    const error = await thrownBy(() => find(...args).found);
    expect(error).toBeInstanceOf(ProviderUnavailableError);
    return String(error);
  };

  it.each([true, false])(
    'goes through all pages, and looks only into what may be it; counters: %p',
    async (counters) => {
      const listed = [
        { id: '1', body: others },
        { id: '2', body: ours, count: 2 },
        { id: '3', body: others },
        { id: '4', body: others },
        { id: '5', body: ours },
      ];
      const adopted = { isAdopted: async (id: string) => id === 'q-1-' };
      const { found, http } = find(listed, adopted, { counters });
      expect(await found).toEqual({ requestId: 'q-5-', operation: 'createMailRequest' });
      const details = http.requests.map(({ path }) => /\/mails\/m-(\d)$/.exec(path)?.[1]).filter(Boolean);
      expect(details.sort()).toEqual(['3', '4', '5']);
    },
  );

  it('asks by window, sender and first recipient, in ISO 8601 with an offset', async () => {
    const { found, http } = find([]);
    expect(await found).toBeUndefined();
    expect(http.requests[0]?.path).toMatch(
      /^\/mail\/v2\/services\/ncp%3Amail%3Akr%3A1%3Amain\/requests\?fromDateTime=\d{4}-\d\d-\d\dT[\d%A.]+Z&toDateTime=[^&]+Z&senderAddress=no-reply%40shop.example.com&recipientAddress=kim%40example.com&sort=createDateTime%2Casc&pageNo=0&pageSize=1000$/,
    );
  });

  it('asks without the recipient before it says that a request is absent', async () => {
    expect(await find([{ id: '1', body: ours, hidden: true }]).found).toMatchObject({ requestId: 'q-1-' });
  });

  it('finds any attempt', async () => {
    const second = batch.marker.replace('.1@', '.2@');
    const listed = [{ id: '1', body: ours.replace('.1 -->', '.2 -->') }];
    expect(await find(listed).found).toBeUndefined();
    expect(await find(listed, { markers: [batch.marker, second] }).found).toMatchObject({ requestId: 'q-1-' });
  });

  it('does not take a mail that quotes ours', async () => {
    expect(
      await find([{ id: '1', body: `<blockquote>${ours}</blockquote>Thanks`, title: 'Re' }]).found,
    ).toBeUndefined();
    expect(await find([{ id: '1', body: `<blockquote>${ours}</blockquote>${others}` }]).found).toBeUndefined();
  });

  it.each([null, '<p>Hello</p>'])(
    'neither adopts nor denies an equal mail whose marker cannot be read: %p',
    async (body) => {
      expect(await unclear([{ id: '1', body }])).toContain('its marker cannot be read back, so it is not adopted');
      expect(await unclear([{ id: '1', body, title: '(광고)  Hello' }])).toContain('q-1-');
    },
  );

  it('adopts by the marker although an equal mail without one was there first', async () => {
    const listed = [
      { id: '1', body: null },
      { id: '2', body: ours },
    ];
    expect(await find(listed).found).toMatchObject({ requestId: 'q-2-' });
  });

  it.each<[string, Partial<Listed>]>([
    ['another title', { title: 'Your code is 1234' }],
    ['another sender', { sender: 'other@example.com' }],
    ['another recipient', { address: 'lee@example.com' }],
    ['another recipient and title, among several', { address: 'lee@example.com', title: 'News', count: 5 }],
  ])('denies a mail without marker that has %s', async (_, more) => {
    expect(await find([{ id: '1', body: null, ...more }], { recipientCount: 5 }).found).toBeUndefined();
  });

  it('does not deny a request because a filter does not find its recipient, when the title is ours', async () => {
    const listed = [{ id: '1', body: null, address: 'lee@example.com', count: 5 }];
    await unclear(listed, { recipientCount: 5 });
  });

  it('cannot deny a mail with a template of the console: its title is not known', async () => {
    await unclear([{ id: '1', body: null, title: 'Theirs' }], { first: { address: ADDRESS, subject: '' } });
  });

  it.each([200, 404])('waits for a request that has no mails yet; HTTP %i', async (emptyList) => {
    const listed = [{ id: '1', status: 'PREPARING', count: 0, empty: true }];
    expect(await unclear(listed, {}, { emptyList })).toContain('has no mails yet');
  });

  it('does not believe an empty answer without a body', async () => {
    const { provider } = withRequests([]);
    const nothing = { ...askingFor(batch) };
    expect(await findOf(provider)(nothing, anySignal())).toBeUndefined();
    const http = scriptedHttp(() => '');
    const deps = {
      http: () => ({
        ...http,
        request: async (call: Parameters<typeof http.request>[0]) => ({ ...(await http.request(call)), status: 404 }),
      }),
      clock: { now: () => new Date() },
      timeoutMs: 1,
    };
    const settings = {
      baseUrl: 'https://s.test',
      serviceId: 's',
      accessKey: 'A',
      secretKey: 'S',
      successMeans: 'sent',
    } as const;
    const error = await thrownBy(() => findOf(createSensProvider(settings, deps))(nothing, anySignal()));
    expect(error).toBeInstanceOf(ProviderUnavailableError);
  });
});
