import { describe, expect, it } from '@jest/globals';
import { aBatch, pollOnce, tracking } from '@gateway/testing';
import { scriptedHttp } from '../../shared/scripted-http.fixture.js';
import { createNcpProvider } from '../ncp.provider.js';

const start = Date.parse('2026-11-20T12:00:00Z');
const MINUTE = 60_000;

const settings = {
  baseUrl: 'https://ncp.test/api/v1',
  accessKey: 'AK',
  secretKey: 'SK',
  successMeans: 'delivered',
} as const;

interface State {
  now: number;
  counts: Record<string, number>;
  listed: Record<string, number> | undefined;
}

/** A request of 5,000 mails at NCP; `counts` is what its counters say, `listed` what its list says. */
function aCampaign() {
  const counts: Record<string, number> = { R: 5000 };
  const state: State = { now: start, counts, listed: undefined };
  const http = scriptedHttp((path) => {
    if (path.endsWith('/status')) return statusOf(state.counts);
    if (path.includes('/mails/requests/'))
      return pageOf(state.listed ?? state.counts, Number(/page=(\d+)/.exec(path)?.[1]));
    return detailOf(/mails\/m(\d+)/.exec(path)?.[1] ?? '');
  });
  const provider = createNcpProvider(settings, {
    http: () => http,
    clock: { now: () => new Date(state.now) },
    timeoutMs: 1,
  });
  let request = {
    ...tracking(aBatch(), { requestId: 'q1', operation: 'x' }),
    recipientCount: 5000,
    acceptedAt: new Date(start),
  };
  const poll = async () => {
    const before = http.requests.length;
    const { reports, result } = await pollOnce(provider, request);
    request = { ...request, cursor: JSON.parse(JSON.stringify(result.cursor)) as unknown };
    const paths = http.requests.slice(before).map(({ path }) => path);
    const pages = paths.filter((path) => path.includes('/mails?')).length;
    return { reports, result, pages, details: paths.filter((path) => /\/mails\/m/.test(path)).length };
  };
  return { state, poll };
}

const statusOf = (counts: Record<string, number>) => {
  const ended = (counts['S'] ?? 0) + (counts['F'] ?? 0) + (counts['U'] ?? 0);
  return {
    requestId: 'q1',
    readyCompleted: true,
    requestCount: 5000,
    finishCount: ended,
    countsByStatus: Object.entries(counts).map(([code, count]) => ({ status: { label: '', code }, count })),
  };
};

const pageOf = (counts: Record<string, number>, page: number) => {
  const codes = Object.entries(counts).flatMap(([code, count]) => new Array<string>(count).fill(code));
  const content = codes.slice(page * 1000, page * 1000 + 1000).map((code, n) => {
    const id = page * 1000 + n;
    return {
      mailId: `m${id}`,
      emailStatus: { code },
      sendDate: { utc: start },
      representativeRecipient: `r${id}@example.com`,
    };
  });
  return { content, last: page === 4 };
};

const detailOf = (id: string) => ({
  emailStatus: { code: 'F' },
  recipients: [
    {
      address: `r${id}@example.com`,
      status: { code: 'F' },
      sendResultCode: 'MAILBOX_ERROR',
      sendResultMessage: '552 full',
    },
  ],
});

describe('poll of a large request', () => {
  it('asks for the counters only while nothing has ended', async () => {
    const { poll } = aCampaign();
    expect(await poll()).toMatchObject({ pages: 0, reports: [], result: { begun: false, moved: true } });
    expect(await poll()).toMatchObject({ pages: 0, result: { moved: false } });
  });

  it('looks through the mails after a tenth of them ended, or after ten minutes', async () => {
    const { state, poll } = aCampaign();
    state.counts = { I: 4600, S: 400 };
    expect(await poll()).toMatchObject({ pages: 0, result: { begun: true, moved: true } });
    state.counts = { I: 4500, S: 500 };
    const tenth = await poll();
    expect([tenth.pages, tenth.reports.length]).toEqual([5, 500]);
    expect(await poll()).toMatchObject({ pages: 0, reports: [], result: { moved: false } });
    state.counts = { I: 4499, S: 501 };
    expect((await poll()).pages).toBe(0);
    state.now += 10 * MINUTE;
    expect((await poll()).reports.length).toBe(501);
  });

  it('explains failures when they have doubled, hourly and at the end', async () => {
    const { state, poll } = aCampaign();
    state.counts = { I: 4000, S: 600, F: 400 };
    expect(await poll()).toMatchObject({ pages: 5, details: 400 });
    state.counts = { I: 3000, S: 1500, F: 500 };
    const left = await poll();
    expect([left.details, left.reports.length]).toEqual([0, 1500]);
    state.now += 60 * MINUTE;
    expect((await poll()).details).toBe(500);
    state.counts = { S: 4400, F: 600 };
    const last = await poll();
    expect([last.details, last.reports.length]).toEqual([600, 5000]);
    expect(await poll()).toMatchObject({ pages: 0, reports: [], result: { moved: false } });
  });

  it('reads the list again until it has everybody whom the counters have', async () => {
    const { state, poll } = aCampaign();
    state.counts = { S: 5000 };
    state.listed = { I: 5, S: 4995 };
    expect((await poll()).reports.length).toBe(4995);
    state.listed = undefined;
    const last = await poll();
    expect(last.reports.length).toBe(5000);
    expect((await poll()).pages).toBe(0);
  });
});

describe('poll of a mail to an address that NCP blocks', () => {
  const failed = { status: { code: 'F' }, sendResultCode: 'SEND_BLOCK_ADDRESS', sendResultMessage: '' };
  const pollBlocked = async (list: unknown) => {
    const http = scriptedHttp((path) => {
      if (path.includes('/send-block?')) return list;
      if (path.endsWith('/status'))
        return {
          ...statusOf({ F: 1 }),
          requestCount: 1,
          countsByStatus: [{ status: { label: '', code: 'F' }, count: 1 }],
        };
      if (path.includes('/mails/requests/')) return { ...pageOf({ F: 1 }, 0), last: true };
      return { emailStatus: { code: 'F' }, recipients: [{ address: 'kim@example.com', ...failed }] };
    });
    const clock = { now: () => new Date(start) };
    const provider = createNcpProvider(settings, { http: () => http, clock, timeoutMs: 1 });
    const { reports } = await pollOnce(provider, tracking(aBatch(), { requestId: 'q1', operation: 'x' }));
    const asked = http.requests.map(({ path }) => path).find((path) => path.includes('/send-block?'));
    expect(asked).toContain('targetAddress=kim%40example.com&');
    return reports;
  };
  const entry = (code: string, sendResultCode: string) => ({
    actionType: { label: '', code },
    requestDate: { utc: start - 24 * 60 * MINUTE },
    sendResultCode,
    sendResultMessage: '550 5.1.1 No such user\n',
  });

  it('reports since when and until when an address is blocked', async () => {
    const content = [entry('C', 'SEND_BLOCK_ADDRESS'), entry('D', 'SMTP_ERROR'), entry('C', 'RECIPIENT_ADDRESS_ERROR')];
    expect(await pollBlocked({ content, expectedDeleteDate: { utc: start } })).toEqual([
      expect.objectContaining({
        reason: 'provider_suppressed',
        code: 'SEND_BLOCK_ADDRESS',
        message:
          'blocked since 2026-11-19T12:00:00.000Z: RECIPIENT_ADDRESS_ERROR 550 5.1.1 No such user; ' +
          'until 2026-11-20T12:00:00.000Z',
      }),
    ]);
  });

  it.each(['no JSON', { content: [], expectedDeleteDate: 'soon' }])('reports it without, too: %j', async (list) => {
    const [report] = await pollBlocked(list);
    expect(report).toMatchObject({ reason: 'provider_suppressed', code: 'SEND_BLOCK_ADDRESS' });
    expect(report?.message).toBeUndefined();
  });
});
