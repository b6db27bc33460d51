import { ProviderUnavailableError, type RecipientUpdate } from '@gateway/core';
import { describe, expect, it } from '@jest/globals';
import { scriptedHttp } from '../../shared/scripted-http.fixture.js';
import { createNhnApi } from '../nhn.api.js';
import { createNhnUpdates } from './nhn.updates.js';

const NOW = new Date('2026-11-20T05:10:00Z');
const SETTINGS = { baseUrl: 'https://nhn.test', appKey: 'K', secretKey: 'S', version: 'v2.1' } as const;

/** What a reading says, and the windows that it asked for, in the vendor's words. */
async function reading(rows: readonly unknown[] | ((page: number) => unknown), cursor?: unknown) {
  const windows: string[] = [];
  const http = scriptedHttp((path) => {
    const query = new URL(path, 'https://x').searchParams;
    windows.push(`${query.get('startMailStatusUpdateDate')} ${query.get('endMailStatusUpdateDate')}`);
    if (typeof rows === 'function') return rows(Number(query.get('pageNum')));
    return answer(rows.length, rows);
  });
  const pages = createNhnUpdates(createNhnApi(SETTINGS, http, { clock: { now: () => NOW } })).read(
    cursor,
    new AbortController().signal,
  );
  const updates: RecipientUpdate[] = [];
  for (;;) {
    const page = await pages.next();
    if (page.done === true) return { updates, windows, cursor: page.value };
    updates.push(...page.value);
  }
}

const answer = (totalCount: number, data: unknown) => ({
  header: { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' },
  body: { pageNum: 1, pageSize: 1000, totalCount, data },
});

const row = {
  requestId: 'q1',
  mailSeq: 0,
  mailStatusCode: 'SST2',
  requestDate: '2026-11-20 14:05:12',
  mailStatusUpdatedDate: '',
  resultDate: '2026-11-20 14:05:15',
  openedDate: null,
  dsnCode: '2.5.0',
  dsnMessage: 'SUCCESS',
  senderGroupingKey: 'bat_1',
};

describe('update-mails', () => {
  it('reads a window up to now that overlaps with the one before, and now and then further back', async () => {
    const first = await reading([]);
    expect(first.windows).toEqual(['2026-11-20 14:05:00 2026-11-20 14:11:00']);
    const lookedBack = NOW.toISOString();
    const next = await reading([], JSON.parse(JSON.stringify({ until: '2026-11-20T05:09:55.000Z', lookedBack })));
    expect(next.windows).toEqual(['2026-11-20 14:09:35 2026-11-20 14:11:00']);
    const long = await reading([], { until: '2026-11-20T05:09:55.000Z', lookedBack: '2026-11-20T05:04:00.000Z' });
    expect(long.windows).toEqual(['2026-11-20 14:04:55 2026-11-20 14:11:00']);
    const after = await reading([], { until: '2026-11-01T00:00:00.000Z', lookedBack });
    expect(after.windows).toEqual(['2026-11-20 13:10:00 2026-11-20 14:11:00']);
  });

  it.each([
    ['received', {}, { status: 'delivered', deliveredAt: new Date('2026-11-20T05:05:15Z') }],
    ['without a result', { resultDate: null, dsnCode: null }, { status: 'sent' }],
    ['that came back', { dsnCode: '5.1.1', dsnMessage: '550 5.1.1 No such user' }, { status: 'delivered' }],
    [
      'failed',
      { mailStatusCode: 'SST3', dsnCode: '5.1.1', dsnMessage: '550 5.1.1 x' },
      { status: 'bounced', reason: 'unknown_user' },
    ],
    ['refused by the recipient', { mailStatusCode: 'SST5' }, { status: 'unsubscribed' }],
    [
      'of a sender without verification',
      { mailStatusCode: 'SST7' },
      { status: 'rejected', reason: 'sender_not_verified' },
    ],
    ['of a status that no document lists', { mailStatusCode: 'SST9' }, { unknownStatus: 'SST9' }],
  ])('reports a mail %s', async (_, members, report) => {
    const { updates } = await reading([{ ...row, ...members }]);
    expect(updates).toEqual([{ requestId: 'q1', batchId: 'bat_1', report: expect.objectContaining(report) }]);
  });

  it('reads page after page', async () => {
    const { updates } = await reading((page) => answer(3, page < 3 ? [{ ...row, requestId: `q${page}` }] : [row]));
    expect(updates.map(({ requestId }) => requestId)).toEqual(['q1', 'q2', 'q1']);
  });

  it('reads over rows that cannot be read', async () => {
    const { updates } = await reading([null, 7, {}, { requestId: { a: 1 } }, row]);
    expect(updates.map(({ requestId }) => requestId)).toEqual(['q1']);
  });

  it.each([
    ['nonsense', () => '<html>'],
    ['a refusal', () => ({ header: { isSuccessful: false, resultCode: -2062, resultMessage: 'no' } })],
    ['a list without end', (page: number) => answer(1e9, [{ ...row, requestId: `q${page}` }])],
  ])('cannot be read when it is %s', async (_, rows) => {
    await expect(reading(rows)).rejects.toBeInstanceOf(ProviderUnavailableError);
  });

  it('begins anew when the cursor cannot be read', async () => {
    expect((await reading([], { until: 'yesterday' })).windows).toEqual(['2026-11-20 14:05:00 2026-11-20 14:11:00']);
  });
});
