import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, ncpMail, text, type Fixture } from '../../../testing/simulator.fixture.js';

describe('NCP address book', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const refused = (code = '77102') => ({ status: 400, json: { error: { code } } });
  const post = (...groups: unknown[]) => fixture.ncp('POST', '/address-book', { groups });
  const fill = async (...groups: unknown[]) => {
    await post(...groups);
    fixture.advance(100);
  };
  const vip = { groupName: 'vip', emailAddresses: ['a@x.kr', 'b@x.kr'] };
  const seoul = { groupName: '서울_고객', emailAddresses: ['B@x.kr', 'c@x.kr'] };
  const book = async () => (await fixture.ncp('GET', '/address-book')).json;
  const counts = async () => {
    const { totalAddressCount, groups } = (await book()) as unknown as {
      totalAddressCount: number;
      groups: { groupName: string; addressCount: number }[];
    };
    return [totalAddressCount, ...groups.map(({ groupName, addressCount }) => `${groupName} ${addressCount}`)];
  };

  test('registration answers the state before and is done a little later', async () => {
    expect(await post(vip)).toMatchObject({ status: 201, json: { totalAddressCount: 0, groups: [] } });
    fixture.advance(99);
    expect(await counts()).toEqual([0]);
    fixture.advance(1);
    expect(await book()).toEqual({
      totalAddressCount: 2,
      groups: [{ sid: expect.any(Number), groupName: 'vip', addressCount: 2 }],
    });
    const more = await post({ groupName: 'vip', emailAddresses: ['A@x.kr', 'c@x.kr'] }, { groupName: 'empty' });
    expect(more.json).toMatchObject({ totalAddressCount: 2 });
    fixture.advance(100);
    expect(await counts()).toEqual([3, 'vip 3', 'empty 0']);
  });

  test.each<[string, unknown[]]>([
    ['no groups', []],
    ['a group without a name', [{ emailAddresses: ['a@x.kr'] }]],
    ['a name with a space', [{ groupName: 'a b' }]],
    ['a name of 101', [{ groupName: '가'.repeat(101) }]],
    ['the same name twice', [vip, vip]],
    ['a malformed address', [{ groupName: 'a', emailAddresses: ['a@x.kr', 'a@'] }]],
    ['an unknown field', [{ groupName: 'a', addresses: [] }]],
    ['a group that is a string', ['vip']],
  ])('refuses %s and takes nothing', async (_, groups) => {
    expect(await post(...groups)).toMatchObject(refused());
    fixture.advance(100);
    expect(await counts()).toEqual([0]);
  });

  test('takes a name of 100; without a name where the setting says so', async () => {
    await fill({ groupName: '가'.repeat(100) });
    fixture.simulator.change({ ncp: { groupNameRequired: false } });
    await fill({ emailAddresses: ['a@x.kr'] });
    expect(await counts()).toEqual([1, `${'가'.repeat(100)} 0`]);
  });

  test('the deletions, by JSON body and by Korean query', async () => {
    await fill(vip, seoul);
    const remove = (path: string, body?: unknown) => fixture.ncp('DELETE', `/address-book${path}`, body);
    const name = encodeURIComponent('서울_고객');
    const left = await remove('/recipient-groups/address', { groupName: 'vip', emailAddresses: ['B@x.kr', 'z@x.kr'] });
    expect(left).toMatchObject({ status: 200, json: { totalAddressCount: 3 } });
    expect(await counts()).toEqual([3, 'vip 1', '서울_고객 2']);
    await remove('/address', { emailAddresses: ['a@x.kr'] });
    expect(await counts()).toEqual([2, 'vip 0', '서울_고객 2']);
    await remove(`/recipient-groups/address/empty?groupName=${name}`);
    expect(await counts()).toEqual([2, 'vip 0', '서울_고객 0']);
    await remove(`/recipient-groups?groupName=${name}`);
    expect(await counts()).toEqual([2, 'vip 0']);
    expect(await remove(`/recipient-groups?groupName=${name}`)).toMatchObject(refused('77103'));
    expect(await remove('')).toMatchObject({ status: 200, json: { deletedAddressCount: 2 } });
    expect(await counts()).toEqual([0]);
  });

  test.each<[string, string, unknown]>([
    ['/address', '77102', undefined],
    ['/address', '77102', { emailAddresses: [] }],
    ['/address', '77102', { emailAddresses: ['x'] }],
    ['/recipient-groups', '77102', undefined],
    ['/recipient-groups?name=a', '77102', undefined],
    ['/recipient-groups/address', '77102', { emailAddresses: ['a@x.kr'] }],
    ['/recipient-groups/address', '77103', { groupName: 'a', emailAddresses: ['a@x.kr'] }],
    ['/recipient-groups/address/empty?groupName=a', '77103', undefined],
  ])('refuses DELETE %s with %s', async (path, code, body) => {
    expect(await fixture.ncp('DELETE', `/address-book${path}`, body)).toMatchObject(refused(code));
  });

  test('a mail goes to the members of all or of any group, each once', async () => {
    await fill(vip, seoul);
    const send = (andFilter: boolean, more: Record<string, unknown> = {}) => {
      const recipientGroupFilter = { andFilter, groups: ['vip', '서울_고객'] };
      return fixture.ncp('POST', '/mails', ncpMail({ recipients: undefined, recipientGroupFilter, ...more }));
    };
    const addressesOf = async (requestId: string) => {
      const { json } = await fixture.call('GET', `/control/mails?requestId=${requestId}`);
      return (json['data'] as unknown as { address: string }[]).map(({ address }) => address);
    };
    const [all, any] = [await send(true), await send(false)];
    expect([all.json['count'], any.json['count']]).toEqual([1, 3]);
    expect(await addressesOf(text(all.json['requestId']))).toEqual(['b@x.kr']);
    const both = await send(false, { recipients: [{ address: 'C@x.kr' }, { address: 'd@x.kr' }] });
    expect(await addressesOf(text(both.json['requestId']))).toEqual(['C@x.kr', 'd@x.kr', 'a@x.kr', 'b@x.kr']);
    // Later changes of the book have no effect.
    await fixture.ncp('DELETE', '/address-book');
    expect(await addressesOf(text(any.json['requestId']))).toHaveLength(3);
  });

  test('groups may hold more than 100,000', async () => {
    await fill({ groupName: 'all', emailAddresses: Array.from({ length: 100_001 }, (_, i) => `user${i}@x.kr`) });
    const recipientGroupFilter = { andFilter: true, groups: ['all'] };
    const answer = await fixture.ncp('POST', '/mails', ncpMail({ recipients: [], recipientGroupFilter }));
    expect(answer).toMatchObject({ status: 201, json: { count: 100_001 } });
  });

  test('empty groups are refused, or make a request without mails', async () => {
    await fill({ groupName: 'none' });
    const filter = { andFilter: false, groups: ['none'] };
    const send = (recipientGroupFilter: unknown) =>
      fixture.ncp('POST', '/mails', ncpMail({ recipients: undefined, recipientGroupFilter }));
    expect(await send(filter)).toMatchObject(refused());
    expect(await send({ groups: ['none'] })).toMatchObject(refused());
    expect(await send({ andFilter: true, groups: [] })).toMatchObject(refused());
    fixture.simulator.change({ ncp: { emptyGroups: 'accept' } });
    expect(await send(filter)).toMatchObject({ status: 201, json: { count: 0 } });
    const after = await fixture.ncp('POST', '/mails', ncpMail());
    const list = await fixture.ncp('GET', `/mails/requests/${text(after.json['requestId'])}/mails`);
    expect((await fixture.ncp('GET', `/mails/${text(list.json['content']?.[0]?.['mailId'])}`)).status).toBe(200);
  });

  test('control shows the book', async () => {
    await fill(vip, seoul);
    const { json } = await fixture.call('GET', `/control/address-book?groupName=${encodeURIComponent('서울_고객')}`);
    expect(json['data']).toMatchObject([{ scope: '/api/v1', totalAddressCount: 3, addresses: ['b@x.kr', 'c@x.kr'] }]);
  });
});
