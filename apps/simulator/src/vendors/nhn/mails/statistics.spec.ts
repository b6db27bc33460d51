import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, nhnEachMail, type Fixture } from '../../../testing/simulator.fixture.js';

describe('NHN statistics', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const SPAN = 'from=2026-11-20+00%3A00&to=2026-11-22+00%3A00';
  const view = async (query: string) => {
    const { json } = await fixture.nhn('GET', `/statistics/view?${query}`);
    return json['header']?.['resultCode'] ? json['header']['resultCode'] : json['body']?.['data'];
  };
  const send = (addresses: readonly string[], more: Record<string, unknown> = {}, kind = 'eachMail') =>
    fixture.nhn('POST', `/sender/${kind}`, nhnEachMail(addresses, more));

  test('counts what was requested, sent, received and opened, with rates of the step before', async () => {
    await send(['open@x.kr', 'b@x.kr', 'sent@x.kr', 'bounce@x.kr']);
    fixture.advance(1_000);
    expect(await view(`${SPAN}&searchType=DATE`)).toEqual([
      {
        divisionName: '2026-11-20',
        requestedCount: 4,
        sentCount: 3,
        receivedCount: 2,
        openedCount: 1,
        sentRate: '75.00',
        receivedRate: '66.67',
        openedRate: '50.00',
      },
    ]);
  });

  test('divides by date, hour and weekday of the sending time', async () => {
    await send(['a@x.kr']);
    await send(['a@x.kr', 'b@x.kr'], { requestDate: '2026-11-21 09:30:00' });
    await send(['c@x.kr'], { requestDate: '2026-11-22 00:00:00' });
    const names = async (searchType: string) =>
      (
        (await view(`${SPAN}&searchType=${searchType}`)) as unknown as {
          divisionName: string;
          requestedCount: number;
        }[]
      ).map(({ divisionName, requestedCount }) => `${divisionName} ${requestedCount}`);
    expect(await names('DATE')).toEqual(['2026-11-20 1', '2026-11-21 2']);
    expect(await names('TIME')).toEqual(['09 2', '12 1']);
    expect(await names('DAY')).toEqual(['Fri 1', 'Sat 2']);
  });

  test('chooses by kind, advertising and template', async () => {
    await send(['a@x.kr']);
    await send(['a@x.kr', 'b@x.kr'], { title: '(AD) Sale' }, 'ad-eachMail');
    const requested = async (query: string) =>
      ((await view(`${SPAN}&searchType=DATE&${query}`)) as unknown as { requestedCount: number }[])[0]?.requestedCount;
    expect(await requested('adYn=Y')).toBe(2);
    expect(await requested('adYn=N')).toBe(1);
    expect(await requested('mailTypes=NORMAL&mailTypes=MASS&adYn=')).toBe(3);
    expect(await requested('mailTypes=MASS')).toBeUndefined();
    expect(await requested('templateId=T')).toBeUndefined();
  });

  test.each<[number, string]>([
    [-2203, 'from=2026-11-20+00%3A00&searchType=DATE'],
    [-2201, 'from=2026-11-20+00%3A00&to=2026-11-20+00%3A00&searchType=DATE'],
    [-2000, 'from=2026-11-20&to=2026-11-21&searchType=DATE'],
    [-2204, SPAN],
    [-2205, `${SPAN}&searchType=MONTH`],
    [-2200, `${SPAN}&searchType=DATE&mailTypes=AUTH`],
    [-2046, `${SPAN}&searchType=DATE&adYn=X`],
    [-9995, `${SPAN}&searchType=DATE&size=1`],
  ])('refuses with %d: %s', async (code, query) => {
    expect(await view(query)).toBe(code);
  });

  test('a longest duration can be set', async () => {
    fixture.simulator.change({ nhn: { statisticsMaxDays: 2 } });
    expect(await view(`${SPAN}&searchType=DATE`)).toEqual([]);
    expect(await view('from=2026-11-20+00%3A00&to=2026-11-22+00%3A01&searchType=DATE')).toBe(-2202);
  });
});
