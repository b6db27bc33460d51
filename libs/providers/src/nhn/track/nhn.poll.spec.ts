import { describe, expect, it } from '@jest/globals';
import { aBatch, pollOnce, tracking } from '@gateway/testing';
import { scriptedHttp } from '../../shared/scripted-http.fixture.js';
import { createNhnProvider } from '../nhn.provider.js';

const header = { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' };
const received = { mailStatusCode: 'SST2', isReceived: true, resultDate: '2026-11-20 21:00:01' };

/** Polls rows that NHN lists at most two a page. */
async function poll(rows: readonly object[], cursor?: unknown) {
  const acceptedAt = new Date('2026-11-20T12:00:00Z');
  const http = scriptedHttp((path) => {
    const from = (Number(/pageNum=(\d+)/.exec(path)?.[1]) - 1) * 2;
    const data = rows.slice(from, from + 2).map((row, n) => {
      return {
        requestId: 'q',
        requestDate: '2026-11-20 21:00:00',
        receiveMailAddr: `r${from + n}@example.com`,
        ...row,
      };
    });
    return { header, body: { pageNum: 1, totalCount: rows.length, data } };
  });
  const clock = { now: () => acceptedAt };
  const settings = { baseUrl: 'https://nhn.test', appKey: 'APPKEY', version: 'v1.5' } as const;
  const provider = createNhnProvider(settings, { http: () => http, clock, timeoutMs: 1 });
  const request = tracking(aBatch(), { requestId: 'q', operation: 'eachMail' });
  return pollOnce(provider, { ...request, acceptedAt, recipientCount: rows.length, cursor });
}

describe('poll', () => {
  it('reads all pages, and keeps quiet about those who only follow the request', async () => {
    const { reports, result } = await poll([{ mailStatusCode: 'SST0' }, { mailStatusCode: 'SST1' }, received]);
    expect(reports).toEqual([
      { address: 'r2@example.com', status: 'delivered', code: 'SST2', deliveredAt: new Date('2026-11-20T12:00:01Z') },
    ]);
    expect(result).toMatchObject({ begun: true, moved: true });
  });

  it('has not begun while everything waits', async () => {
    const { result } = await poll([{ mailStatusCode: 'SST0' }, { mailStatusCode: 'SST4' }]);
    expect(result).toMatchObject({ begun: false });
  });

  it('tells nothing when nothing moved', async () => {
    const first = await poll([received]);
    const second = await poll([received], first.result.cursor);
    expect(second).toMatchObject({ reports: [], result: { moved: false } });
    const opened = await poll(
      [{ ...received, isOpened: true, openedDate: '2026-11-20 22:00:00' }],
      first.result.cursor,
    );
    expect(opened.reports).toEqual([expect.objectContaining({ openedAt: new Date('2026-11-20T13:00:00Z') })]);
  });
});
