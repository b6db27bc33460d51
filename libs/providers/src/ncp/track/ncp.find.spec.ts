import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailableError } from '@gateway/core';
import { aBatch, anySignal, askingFor, findOf, thrownBy } from '@gateway/testing';
import { scriptedHttp } from '../../shared/scripted-http.fixture.js';
import { createNcpProvider } from '../ncp.provider.js';

interface Listed {
  readonly requestId: string;
  readonly code?: string;
  readonly count?: number;
  readonly marker?: string | null;
  readonly empty?: boolean;
}

/** NCP with these requests, listed two a page for any requested size. */
function withRequests(listed: readonly Listed[]) {
  const byId = (path: string) => listed.find(({ requestId }) => path.includes(`q-${requestId}-`));
  const http = scriptedHttp((path) => {
    const page = Number(/[?&]page=(\d+)/.exec(path)?.[1]);
    if (path.includes('/mails/requests?')) {
      const content = listed.slice(page * 2, page * 2 + 2).map(({ requestId, code = 'S', count = 1 }) => {
        return { requestId: `q-${requestId}-`, emailStatus: { code }, recipientCount: count, requestCount: count };
      });
      return { content, totalPages: Math.ceil(listed.length / 2) };
    }
    if (path.includes('/requests/'))
      return { content: byId(path)?.empty ? [] : [{ mailId: `m-${path.split('/')[5]}` }] };
    return { referencesHeader: byId(path)?.marker ?? null };
  });
  const settings = {
    baseUrl: 'https://ncp.test/api/v1-sgn',
    accessKey: 'AK',
    secretKey: 'SK',
    successMeans: 'sent',
  } as const;
  const clock = { now: () => new Date() };
  return { http, provider: createNcpProvider(settings, { http: () => http, clock, timeoutMs: 1 }) };
}

describe('find', () => {
  const batch = aBatch();
  const ours = `<${batch.marker}>`;
  const find = (listed: readonly Listed[], adopted: readonly string[] = []) => {
    const { provider, http } = withRequests(listed);
    return { http, found: findOf(provider)(askingFor(batch, adopted), anySignal()) };
  };

  it('goes through all pages, and looks only into what may be it', async () => {
    const listed = [
      { requestId: '1', marker: '<other@example.com>' },
      { requestId: '2', count: 2, marker: ours },
      { requestId: '3', marker: null },
      { requestId: '4', marker: ours },
    ];
    const { found, http } = find(listed, ['q-1-']);
    expect(await found).toEqual({ requestId: 'q-4-', operation: 'createMailRequest' });
    const looked = http.requests.map(({ path }) => path).filter((path) => /\/mails\/m-/.test(path));
    expect(looked.map((path) => path.split('m-q-')[1])).toEqual(['3-', '4-']);
  });

  it('asks by sender, window and dispatch type, with the prefix signed', async () => {
    const { found, http } = find([]);
    expect(await found).toBeUndefined();
    expect(http.requests[0]?.path).toMatch(
      /^\/api\/v1-sgn\/mails\/requests\?startUtc=\d{13}&endUtc=\d{13}&dispatchType=API&senderAddress=no-reply%40shop.example.com&sort=createUtc&size=1000&page=0$/,
    );
  });

  it('takes the marker with and without angle brackets', async () => {
    expect(await find([{ requestId: '1', marker: batch.marker }]).found).toMatchObject({ requestId: 'q-1-' });
  });

  it('does not take a marker that only begins alike', async () => {
    expect(await find([{ requestId: '1', marker: `<${batch.marker}.kr>` }]).found).toBeUndefined();
  });

  it('waits for a request that has no mails yet', async () => {
    const listed = [{ requestId: '1', code: 'P', count: 0, empty: true }];
    expect(await thrownBy(() => find(listed).found)).toBeInstanceOf(ProviderUnavailableError);
  });

  it('prefers the request that tells over one that does not yet', async () => {
    const listed = [
      { requestId: '1', code: 'P', empty: true },
      { requestId: '2', marker: ours },
    ];
    expect(await find(listed).found).toMatchObject({ requestId: 'q-2-' });
  });

  it('passes over an ended request without mails', async () => {
    expect(await find([{ requestId: '1', code: 'C', empty: true }]).found).toBeUndefined();
  });
});
