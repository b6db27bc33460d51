import { describe, expect, it } from '@jest/globals';
import { anySignal } from '@gateway/testing';
import { scriptedHttp } from '../shared/scripted-http.fixture.js';
import { createNhnProvider } from './nhn.provider.js';

const DAY = 86_400_000;

describe('the list of receivers who block advertisements', () => {
  /** The range in which a worker whose clock is off by `offMs` asks for opt-outs since a time. */
  async function askedSince(since: Date, offMs: number): Promise<{ readonly from: string; readonly to: string }> {
    const header = { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' };
    const http = scriptedHttp(() => ({ header, body: { totalCount: 0, data: [] } }));
    const clock = { now: () => new Date(since.getTime() + offMs) };
    const settings = { baseUrl: 'https://nhn.test', appKey: 'APPKEY', version: 'v1.5' } as const;
    const provider = createNhnProvider(settings, { http: () => http, clock, timeoutMs: 1 });
    await provider.suppressions?.list({ since }, anySignal());
    const query = new URL(http.requests[0]?.path ?? '', 'https://nhn.test').searchParams;
    return { from: query.get('startBlockDate') ?? '', to: query.get('endBlockDate') ?? '' };
  }

  it.each([0, DAY, -4 * DAY])('is asked for with a day on either side, when our clock is %d ms off', async (offMs) => {
    const { from, to } = await askedSince(new Date('2026-11-20T03:00:00Z'), offMs);
    expect(from).toBe('2026-11-19 12:00:00');
    expect(to >= '2026-11-21 12:00:00').toBe(true);
  });
});
