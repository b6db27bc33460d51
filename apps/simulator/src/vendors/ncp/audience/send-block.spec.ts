import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, ncpMail, type Fixture } from '../../../testing/simulator.fixture.js';

describe('NCP send block list and config', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const refused = { status: 400, json: { error: { code: '77102' } } };
  const config = (more: Record<string, unknown> = {}) =>
    fixture.ncp('POST', '/config', { type: 'SEND_BLOCK_TIME', subType: null, value: '180', unit: 'HOUR', ...more });

  test('a hard bounce blocks for the configured time', async () => {
    const recipients = [{ address: 'bounce+unknown_user@x.kr' }, { address: 'kim@x.kr' }];
    await fixture.ncp('POST', '/mails', ncpMail({ recipients }));
    fixture.advance(1_000);
    const list = async (address: string) =>
      (await fixture.ncp('GET', `/send-block?targetAddress=${encodeURIComponent(address)}`)).json;
    expect(await list('bounce+unknown_user@x.kr')).toMatchObject({
      totalElements: 1,
      registerStatus: 'Blocked',
      expectedDeleteDate: { formattedDate: '2026-11-27' },
      content: [{ actionType: { code: 'C' }, sendResultCode: 'RECIPIENT_ADDRESS_ERROR' }],
    });
    expect(await list('kim@x.kr')).toMatchObject({ totalElements: 0, registerStatus: 'Not blocked', content: [] });
    await config({ value: '8', unit: 'DAY' });
    fixture.advance(7 * 86_400_000);
    expect(await list('bounce+unknown_user@x.kr')).toMatchObject({ registerStatus: 'Blocked' });
    fixture.advance(86_400_000);
    expect(await list('bounce+unknown_user@x.kr')).toMatchObject({
      registerStatus: 'Not blocked',
      expectedDeleteDate: null,
    });
    expect(await fixture.ncp('GET', '/send-block')).toMatchObject(refused);
  });

  test('the time is at least seven days', async () => {
    const read = () => fixture.ncp('GET', '/config?type=SEND_BLOCK_TIME');
    expect((await read()).json).toEqual({ type: 'SEND_BLOCK_TIME', subType: null, value: '168' });
    expect(await config()).toMatchObject({
      status: 200,
      json: { type: 'SEND_BLOCK_TIME', subType: null, value: '180' },
    });
    expect((await read()).json).toMatchObject({ value: '180' });
    expect((await config({ value: '168' })).status).toBe(200);
    expect((await config({ value: '7', unit: 'DAY' })).status).toBe(200);
    for (const more of [{ value: '167' }, { value: '6', unit: 'DAY' }, { value: 180 }, { value: '8.5' }]) {
      expect(await config(more)).toMatchObject(refused);
    }
    for (const more of [{ unit: 'WEEK' }, { type: 'OTHER' }, { subType: 'a' }]) {
      expect(await config(more)).toMatchObject(refused);
    }
    expect(await fixture.ncp('GET', '/config')).toMatchObject(refused);
  });
});
