import { describe, expect, it } from '@jest/globals';
import type { EmailProvider, RecipientReport } from '@gateway/core';
import { aBatch, askingFor, pollOf, pollOnce, tracking } from '@gateway/testing';
import { createNcpProvider } from './ncp/ncp.provider.js';
import { createNhnProvider } from './nhn/nhn.provider.js';
import { createSensProvider } from './sens/sens.provider.js';
import { scriptedHttp } from './shared/scripted-http.fixture.js';

/** Entries of a list that no vendor documents. */
const NONSENSE: readonly unknown[] = [
  null,
  17,
  'text',
  [],
  {},
  { mailId: null, requestId: {}, receiveMailAddr: 5, emailStatus: 'S', recipients: 3 },
  { mailId: 'x'.repeat(5000), requestId: 'x'.repeat(5000), receiveMailAddr: 'y'.repeat(5000) },
];
const LONG = 'long '.repeat(100_000);
const DATES = [-1e300, 1e300, 8.64e15, -8.64e15, 253_402_300_800_000, 'yesterday', null];

const clock = { now: () => new Date('2026-11-20T12:00:00Z') };

const ncp = (answer: (path: string) => unknown): EmailProvider =>
  createNcpProvider(
    { baseUrl: 'https://ncp.test/api/v1', accessKey: 'AK', secretKey: 'SK', successMeans: 'delivered' },
    { http: () => scriptedHttp(answer), clock, timeoutMs: 1 },
  );

const sens = (answer: (path: string) => unknown): EmailProvider =>
  createSensProvider(
    {
      baseUrl: 'https://sens.test',
      serviceId: 'ncp:mail:kr:1:a',
      accessKey: 'AK',
      secretKey: 'SK',
      successMeans: 'delivered',
    },
    { http: () => scriptedHttp(answer), clock, timeoutMs: 1 },
  );

const nhn = (rows: readonly unknown[]): EmailProvider =>
  createNhnProvider(
    { baseUrl: 'https://nhn.test', appKey: 'APPKEY', version: 'v1.7' },
    {
      http: () =>
        scriptedHttp(() => ({
          header: { isSuccessful: true, resultCode: 0, resultMessage: 'ok' },
          body: { totalCount: rows.length, data: rows },
        })),
      clock,
      timeoutMs: 1,
    },
  );

const request = (recipientCount: number) => ({
  ...tracking(aBatch(), { requestId: 'q1', operation: 'mail' }),
  recipientCount,
  acceptedAt: new Date('2026-11-20T11:59:00Z'),
});

const reportsOf = async (provider: EmailProvider, count: number): Promise<readonly RecipientReport[]> =>
  (await pollOnce(provider, request(count))).reports;

const delivered = (reports: readonly RecipientReport[]): readonly string[] =>
  reports.filter(({ status }) => status === 'delivered').map(({ address }) => address);

/** Everything in it can be written to the database. */
function expectStorable(reports: readonly RecipientReport[]): void {
  for (const report of reports) {
    for (const value of Object.values(report)) {
      if (value instanceof Date) expect(value.getUTCFullYear()).toBeLessThan(10_000);
      else if (typeof value === 'string')
        expect([value.isWellFormed(), value.includes('\0'), value.length < 1100]).toEqual([true, false, true]);
    }
  }
}

describe('nonsense among the recipients of an NCP request', () => {
  const status = {
    readyCompleted: true,
    requestCount: 20,
    finishCount: 20,
    countsByStatus: [...NONSENSE, { status: { code: 'S' }, count: 10 }, { status: { code: 'F' }, count: 10 }],
  };
  const good = (n: number) => ({
    mailId: `m${n}`,
    emailStatus: { code: 'S' },
    sendDate: { utc: DATES[n] },
    representativeRecipient: `r${n}@example.com`,
  });
  const failing = [{ mailId: 'f1', emailStatus: { code: 'F' }, representativeRecipient: 'f1@example.com' }];

  it.each([
    ['an object', { a: 1 }],
    ['no JSON', '<html>'],
    ['nonsense in its list', { emailStatus: { code: 'F' }, recipients: NONSENSE }],
    [
      'texts that cannot be stored',
      {
        recipients: [
          {
            address: 'f1@example.com',
            status: { code: 'F' },
            sendResultCode: `a\0${LONG}`,
            sendResultMessage: `550 \uD800${LONG}`,
          },
        ],
      },
    ],
  ])('does not cost the others their states, with a detail that is %s', async (_, detail) => {
    const content = [...NONSENSE, ...DATES.map((_date, n) => good(n)), ...failing];
    const provider = ncp((path) => {
      if (path.endsWith('/status')) return status;
      return path.includes('/mails/requests/') ? { content, last: true } : detail;
    });
    const pages: RecipientReport[] = [];
    const poll = pollOf(provider)(request(20), AbortSignal.timeout(5000));
    const error = await (async () => {
      for await (const page of poll) pages.push(...page);
    })().catch((reason: unknown) => reason);
    expect(delivered(pages)).toEqual(DATES.map((_date, n) => `r${n}@example.com`));
    expect(pages.some(({ unknownStatus }) => unknownStatus === 'unreadable')).toBe(true);
    expectStorable(pages);
    if (detail === '<html>') expect(error).toMatchObject({ name: 'ProviderUnavailableError' });
    else expect(error).toBeUndefined();
  });
});

describe('nonsense among the recipients of a SENS request', () => {
  const detail = {
    recipients: [
      ...NONSENSE,
      {
        address: 'f1@example.com',
        status: 'FAILED',
        sendResultCode: `a\0${LONG}`,
        sendResultMessage: `550 \uD800${LONG}`,
      },
    ],
  };
  const good = (n: number) => ({
    mailId: `m${n}`,
    status: 'COMPLETED',
    sendDateTime: { utc: DATES[n] },
    representativeRecipient: `r${n}@example.com`,
  });
  const mails = [...NONSENSE, ...DATES.map((_date, n) => good(n)), { mailId: 'f1', status: 'FAILED' }];

  it.each([
    ['a list', [...NONSENSE, { status: 'COMPLETED', count: 10 }]],
    ['an object', { COMPLETED: 10, FAILED: 'many' }],
    ['nothing that counts', 'x'],
  ])('does not cost the others their states, with counts that are %s', async (_, countsByStatus) => {
    const provider = sens((path) => {
      if (path.endsWith('/requests/q1')) return { status: 'PARTIAL_FAILED', finishCount: LONG, countsByStatus };
      return path.includes('/mails?') ? { mails, totalElements: 'many' } : detail;
    });
    const reports = await reportsOf(provider, 20);
    expect(delivered(reports)).toEqual(DATES.map((_date, n) => `r${n}@example.com`));
    expect(reports.find(({ address }) => address === 'f1@example.com')).toMatchObject({ status: 'bounced' });
    expect(reports.some(({ unknownStatus }) => unknownStatus === 'unreadable')).toBe(true);
    expectStorable(reports);
  });

  it.each([new Array<number>(200_000).fill(0), [{ requestId: null }], 7])(
    'never takes a list of requests that cannot be read for an absent request',
    async (requests) => {
      const query = { ...aBatch(), ...askingFor(aBatch()) };
      const found = sens(() => ({ requests })).find?.(query, AbortSignal.timeout(1000));
      await expect(found).rejects.toMatchObject({ name: 'ProviderUnavailableError' });
    },
  );
});

describe('nonsense among the recipients of an NHN request', () => {
  const row = (n: number, more: object) => ({
    requestId: 'q1',
    mailSeq: n,
    mailStatusCode: 'SST2',
    isReceived: true,
    receiveMailAddr: `r${n}@example.com`,
    ...more,
  });

  it('does not cost the others their states', async () => {
    const rows = [
      ...NONSENSE,
      row(1, { resultDate: '9999-99-99 99:99:99' }),
      row(2, { resultDate: '0000-00-00 00:00:00', requestDate: 7 }),
      row(3, { dsnCode: LONG, dsnMessage: `\uDC00\0${LONG}`, mailSeq: LONG }),
    ];
    const reports = await reportsOf(nhn(rows), rows.length);
    expect(delivered(reports)).toEqual(['r1@example.com', 'r2@example.com', 'r3@example.com']);
    expect(reports.some(({ unknownStatus }) => unknownStatus === 'none')).toBe(true);
    expectStorable(reports);
  });

  it('refuses a list of millions without reading it', async () => {
    await expect(reportsOf(nhn(new Array<number>(200_000).fill(0)), 3)).rejects.toMatchObject({
      name: 'ProviderUnavailableError',
    });
  });

  it('never takes a mail that cannot be read for one that is absent', async () => {
    const query = {
      ...aBatch(),
      batchId: 'b1',
      markers: ['b1@x'],
      sender: 'a@example.com',
      window: { from: clock.now(), to: clock.now() },
    };
    const found = nhn([{ requestId: null, senderGroupingKey: 'b1' }]).find?.(query as never, AbortSignal.timeout(1000));
    await expect(found).rejects.toMatchObject({ name: 'ProviderUnavailableError' });
  });
});
