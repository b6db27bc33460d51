import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailableError, type TrackedRequest } from '@gateway/core';
import { aBatch, pollOnce, thrownBy, tracking } from '@gateway/testing';
import { scriptedHttp } from '../../shared/scripted-http.fixture.js';
import { createSensProvider } from '../sens.provider.js';

const settings = {
  baseUrl: 'https://sens.test',
  serviceId: 'ncp:mail:kr:1:main',
  accessKey: 'AK',
  secretKey: 'SK',
  successMeans: 'delivered',
} as const;

interface Script {
  readonly request: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly mails?: readonly unknown[];
  readonly detail?: (mailId: string) => unknown;
}

function polled(script: Script, { count = 1, cursor }: { count?: number; cursor?: unknown } = {}) {
  const http = scriptedHttp((path) => {
    const [, mailId] = /\/mails\/([^?]+)$/.exec(path) ?? [];
    if (mailId !== undefined) return script.detail?.(mailId) ?? '';
    const page = Number(/pageNo=(\d+)/.exec(path)?.[1] ?? 0);
    return /\/mails\?/.test(path) ? { mails: page === 0 ? (script.mails ?? []) : [] } : script.request;
  });
  const request: typeof http.request = async (call) => ({
    ...(await http.request(call)),
    headers: script.headers ?? {},
  });
  const deps = { http: () => ({ ...http, request }), clock: { now: () => new Date() }, timeoutMs: 1 };
  const provider = createSensProvider(settings, deps);
  const tracked: TrackedRequest = {
    ...tracking(aBatch(), { requestId: 'r-1', operation: 'createMailRequest' }),
    recipientCount: count,
    cursor,
  };
  return { http, poll: pollOnce(provider, tracked) };
}

describe('poll', () => {
  it('follows the pause that SENS asks for, up to an hour', async () => {
    for (const [value, wanted] of [
      ['7', 7000],
      ['604800', 3_600_000],
    ] as const) {
      const { result } = await polled({ request: { status: 'SENDING' }, headers: { 'retry-after': value } }).poll;
      expect(result).toMatchObject({ begun: true, retryAfterMs: wanted });
    }
    const over = await polled({ request: { status: 'COMPLETED' }, headers: { 'retry-after': '7' } }).poll;
    expect(over.result).not.toHaveProperty('retryAfterMs');
  });

  it.each(['PREPARING', 'READY', 'RESERVED'])('%s: has not begun, and no mail is read', async (status) => {
    const { http, poll } = polled({ request: { status, finishCount: 0, requestCount: 1 } });
    expect((await poll).result).toMatchObject({ begun: false });
    expect(http.requests).toHaveLength(1);
  });

  it('reads the details of mails whose rows name no recipient, once', async () => {
    const script = {
      request: { requestId: 'r-1', status: 'COMPLETED' },
      mails: [{ mailId: 'm-1', status: 'COMPLETED' }],
      detail: () => ({ status: 'COMPLETED', recipients: [{ address: 'kim@example.com', status: 'COMPLETED' }] }),
    };
    const { reports, result } = await polled(script).poll;
    expect(reports).toEqual([{ address: 'kim@example.com', status: 'delivered', mailId: 'm-1' }]);
    const again = polled(script, { cursor: JSON.parse(JSON.stringify(result.cursor)) as unknown });
    expect(await again.poll).toMatchObject({ reports: [], result: { moved: false } });
    expect(again.http.requests).toHaveLength(1);
  });

  it('asks again while the list of mails is behind the counters', async () => {
    const request = { status: 'COMPLETED', finishCount: 1 };
    const first = await polled({ request, mails: [] }).poll;
    const mails = [{ mailId: 'm-1', status: 'COMPLETED', representativeRecipient: 'kim@example.com' }];
    const second = await polled({ request, mails }, { cursor: first.result.cursor }).poll;
    expect(second.reports).toMatchObject([{ address: 'kim@example.com', status: 'delivered' }]);
  });

  it('reads the mails of a large request when a tenth has ended, or all', async () => {
    const mails = [{ mailId: 'm-1', status: 'COMPLETED', representativeRecipient: 'kim@example.com' }];
    const standing = (status: string, finishCount: number) => ({
      request: { status, finishCount, countsByStatus: [{ status: 'COMPLETED', count: finishCount }] },
      mails,
    });
    expect((await polled(standing('SENDING', 100), { count: 2000 }).poll).reports).toEqual([]);
    expect((await polled(standing('SENDING', 200), { count: 2000 }).poll).reports).toHaveLength(1);
    expect((await polled(standing('COMPLETED', 100), { count: 2000 }).poll).reports).toHaveLength(1);
  });

  it('looks into the recipients of a mail that failed in part', async () => {
    const recipients = [
      { address: 'a@x.kr', status: 'COMPLETED', sendResultCode: 'MAIL_SENT' },
      { address: 'b@x.kr', status: 'FAILED', sendResultCode: 'X', sendResultMessage: '550 5.1.1 No such user' },
      { address: 'c@x.kr', status: 'LEVITATING' },
    ];
    const { reports } = await polled({
      request: { status: 'PARTIAL_FAILED' },
      mails: [{ mailId: 'm-1', status: 'PARTIAL_FAILED', representativeRecipient: 'a@x.kr(2)' }],
      detail: () => ({ status: 'PARTIAL_FAILED', recipients }),
    }).poll;
    expect(reports).toMatchObject([
      { address: 'a@x.kr', status: 'delivered' },
      { address: 'b@x.kr', status: 'bounced', reason: 'unknown_user' },
      { address: 'c@x.kr', unknownStatus: 'LEVITATING' },
    ]);
  });

  it("understands v1's shapes on v2's paths", async () => {
    const coded = (code: string) => ({ label: 'x', code });
    const { reports, result } = await polled({
      request: {
        readyCompleted: true,
        requestCount: 1,
        finishCount: 1,
        countsByStatus: [{ status: coded('S'), count: 1 }],
      },
      mails: [{ mailId: 'm-1', emailStatus: coded('S'), representativeRecipient: 'kim@example.com' }],
    }).poll;
    expect(reports).toMatchObject([{ address: 'kim@example.com', status: 'delivered' }]);
    expect(result).toMatchObject({ begun: true });
  });

  it('reports all others when some detail cannot be read, and then says so', async () => {
    const script = {
      request: { status: 'FAILED' },
      mails: [
        { mailId: 'm-1', status: 'FAILED' },
        { mailId: 'm-2', status: 'FAILED' },
      ],
      detail: (mailId: string) =>
        mailId === 'm-1' ? '' : { recipients: [{ address: 'kim@example.com', status: 'FAILED' }] },
    };
    expect(await thrownBy(() => polled(script).poll)).toBeInstanceOf(ProviderUnavailableError);
  });

  it.each(['', '<html>', 'null', '[]', '{}', '{"status":{}}'])('cannot use %j', async (request) => {
    expect(await thrownBy(() => polled({ request }).poll)).toBeInstanceOf(ProviderUnavailableError);
  });
});
