import { describe, expect, it } from '@jest/globals';
import { scriptedHttp } from '../../shared/scripted-http.fixture.js';
import { createNhnApi } from '../nhn.api.js';
import { createNhnStatistics } from './nhn.statistics.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const header = { isSuccessful: true, resultCode: 0, resultMessage: 'success' };

async function count(
  answer: object,
  {
    groupBy = 'date',
    from = '2026-11-18T15:00:00Z',
    version = 'v2.1',
  }: { groupBy?: string; from?: string; version?: string } = {},
) {
  const paths: string[] = [];
  const http = scriptedHttp((path) => {
    paths.push(path);
    return { header, ...answer };
  });
  const settings = { baseUrl: 'https://nhn.test', appKey: 'K', secretKey: 'S', version: version as 'v2.1' };
  const api = createNhnApi(settings, http, { clock: { now: () => NOW } });
  const query = { from: new Date(from), to: NOW, groupBy: groupBy as 'date' };
  const rows = await createNhnStatistics(api, settings.version).count(query, new AbortController().signal);
  return { rows, paths };
}

const at = (eventDateTime: string, events: object) => ({ eventDateTime, events });

describe('stats of API v2.1', () => {
  it('asks for a series of the span and counts events by day', async () => {
    const { rows, paths } = await count({
      stats: [at('2026-11-19T00:00:00.000+09:00', { SENT: 39, RECEIVED: 36, SENT_FAILED: 1, OPENED: 9 })],
    });
    expect(paths).toEqual([
      '/email/v2.1/appKeys/K/stats?eventCategory=MESSAGE&timeUnit=DAYS&from=2026-11-19T00%3A00%3A00.000%2B09%3A00&to=2026-11-20T21%3A00%3A00.000%2B09%3A00',
    ]);
    expect(rows).toEqual([{ key: '2026-11-19', requested: 40, sent: 39, delivered: 36, opened: 9 }]);
  });

  it.each([
    ['hour', ['05', '06']],
    ['weekday', ['4']],
  ])('adds up by %s, whatever stands before the name of an event', async (groupBy, keys) => {
    const { rows } = await count(
      {
        stats: [
          at('2026-11-19T05:00:00.000+09:00', { 'NORMAL.REQUESTED': 3, 'a.b.SENT': 2, SURPRISE: 7 }),
          at('2026-11-18T21:00:00.000Z', { REQUESTED: 1, SENT: -1, RECEIVED: 'x' }),
        ],
      },
      { groupBy },
    );
    expect(rows.map(({ key }) => key)).toEqual(keys);
    expect(rows.reduce((sum, { requested }) => sum + requested, 0)).toBe(4);
  });

  it.each([{ stats: null }, {}, { stats: [null, {}, at('yesterday', {}), at('', { SENT: 1 })] }])(
    'reads %j as nothing',
    async (answer) => {
      expect((await count(answer)).rows).toEqual([]);
    },
  );

  it('asks the old statistics for what is further back than 30 days, and for all by older versions', async () => {
    const old = { body: { data: [] } };
    expect((await count(old, { from: '2026-10-01T00:00:00Z' })).paths[0]).toContain('/statistics/view?');
    expect((await count(old, { version: 'v2.0' })).paths[0]).toContain('/statistics/view?');
  });
});
