import { describe, expect, it } from '@jest/globals';
import { aBatch, anySignal, askingFor, findOf } from '@gateway/testing';
import { scriptedHttp } from '../../shared/scripted-http.fixture.js';
import type { NhnVersion } from '../nhn.config.js';
import { titleMatches } from './nhn.find.js';
import { createNhnProvider } from '../nhn.provider.js';
import { writeTime } from '../nhn.time.js';

const header = { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' };
const ago = (ms: number): string => writeTime(new Date(Date.now() - ms));
const HOUR = 3_600_000;

/** @param headers those that the detail of a request shows, by its id. */
function withRows(
  rows: readonly object[],
  version: NhnVersion = 'v1.5',
  headers: Readonly<Record<string, Readonly<Record<string, string>> | null>> = {},
) {
  const http = scriptedHttp((path) => {
    const [, requestId] = /\/(?:mail|tagMails)\/(\w+)\/0$/.exec(path) ?? [];
    if (requestId !== undefined) return { header, body: { data: { customHeaders: headers[requestId] ?? null } } };
    return { header, body: { totalCount: rows.length, data: rows } };
  });
  const settings = { baseUrl: 'https://nhn.test', appKey: 'APPKEY', version };
  const provider = createNhnProvider(settings, { http: () => http, clock: { now: () => new Date() }, timeoutMs: 1 });
  return { http, provider };
}

describe('find of an authentication mail, which has no key', () => {
  const batch = aBatch({ category: 'authentication' });
  const like = {
    requestId: 'q1',
    requestDate: ago(1000),
    senderAddress: 'no-reply@shop.example.com',
    receiveMailAddr: 'Kim@example.com',
    title: 'Hello',
    senderGroupingKey: null,
  };
  const find = (rows: readonly object[], adopted: readonly string[] = []) =>
    findOf(withRows(rows).provider)(askingFor(batch, adopted), anySignal());

  it('takes the one with the same sender, receiver and title', async () => {
    expect(await find([like])).toEqual({ requestId: 'q1', operation: 'auth-mail' });
  });

  it.each([
    ['another sender', { senderAddress: 'x@shop.example.com' }],
    ['another receiver', { receiveMailAddr: 'kim@example.org' }],
    ['another title', { title: 'Hello!' }],
    ['a mail with a key', { senderGroupingKey: 'bat_1' }],
    ['a mail of an hour ago', { requestDate: ago(HOUR) }],
  ])('not %s', async (_what, change) => {
    expect(await find([{ ...like, ...change }])).toBeUndefined();
  });

  it('takes the nearest mail that is not adopted yet', async () => {
    const rows = [
      { ...like, requestId: 'q0', requestDate: ago(10 * 60_000) },
      { ...like, requestId: 'q1' },
      { ...like, requestId: 'q2', requestDate: ago(3 * 60_000) },
    ];
    expect(await find(rows)).toMatchObject({ requestId: 'q1' });
    expect(await find(rows, ['q1'])).toMatchObject({ requestId: 'q2' });
  });

  it('takes the mail whose header matches, however near another one is', async () => {
    const rows = [like, { ...like, requestId: 'q2', mailSeq: 0, requestDate: ago(3 * 60_000) }];
    const { provider } = withRows(rows, 'v1.5', { q1: null, q2: { 'x-batch-id': batch.batchId } });
    expect(await findOf(provider)(askingFor(batch), anySignal())).toMatchObject({ requestId: 'q2' });
  });

  it('takes none whose header says that it is another', async () => {
    const other = { q1: { 'X-Batch-Id': 'bat_other' } };
    const { provider } = withRows([like], 'v1.5', other);
    expect(await findOf(provider)(askingFor(batch), anySignal())).toBeUndefined();
  });

  it('goes out with the header that is looked for', () => {
    const { body } = withRows([]).provider.render(batch);
    expect(body).toMatchObject({ customHeaders: { 'X-Batch-Id': batch.batchId } });
  });

  it('takes times for UTC as well', async () => {
    expect(await find([{ ...like, requestDate: ago(9 * HOUR + 1000) }])).toMatchObject({ requestId: 'q1' });
  });
});

describe('find of a tag mail whose user is not shown', () => {
  const batch = aBatch({ recipients: [], list: { lists: ['t1'], match: 'any' } });
  const rows = ['q1', 'q2'].map((requestId) => ({ requestId, requestDate: ago(0), tagSendStatus: 'COMPLETE' }));
  const asking = { ...askingFor(batch), list: { lists: ['t1'], match: 'any' as const }, recipientCount: undefined };

  it('takes the one whose header says so', async () => {
    const shown = { q1: { 'X-Batch-Id': 'bat_other' }, q2: { 'X-Batch-Id': batch.batchId } };
    const { provider } = withRows(rows, 'v1.5', shown);
    expect(await findOf(provider)(asking, anySignal())).toEqual({ requestId: 'q2', operation: 'tagMail' });
  });
});

describe('find by grouping key', () => {
  const batch = aBatch();
  const row = {
    requestId: 'q1',
    requestDate: ago(0),
    receiveMailAddr: 'kim@example.com',
    senderGroupingKey: batch.batchId,
  };

  it('asks for a day on either side and compares the key exactly', async () => {
    const { provider, http } = withRows([{ ...row, requestId: 'q0', senderGroupingKey: `${batch.batchId}x` }, row]);
    expect(await findOf(provider)(askingFor(batch), anySignal())).toEqual({ requestId: 'q1', operation: 'eachMail' });
    const query = new URLSearchParams(http.requests[0]?.path.split('?')[1]);
    const span = Date.parse(`${query.get('endSendDate')}Z`) - Date.parse(`${query.get('startSendDate')}Z`);
    expect([query.get('senderGroupingKey'), query.get('pageSize')]).toEqual([batch.batchId, '1000']);
    expect(span).toBe(48 * HOUR + 60_000);
  });

  it('cuts a long window into weeks', async () => {
    const { provider, http } = withRows([]);
    const window = { from: new Date(Date.now() - 8 * 24 * HOUR), to: new Date() };
    expect(await findOf(provider)({ ...askingFor(batch), window }, anySignal())).toBeUndefined();
    expect(http.requests.length).toBe(2);
  });

  it('has the key for authentication mail from v2.1 on', async () => {
    const login = aBatch({ category: 'authentication' });
    const { provider } = withRows([{ ...row, senderGroupingKey: login.batchId }], 'v2.1');
    expect(await findOf(provider)(askingFor(login), anySignal())).toMatchObject({ requestId: 'q1' });
    expect(provider.capabilities.features.findByMarker).toBe(true);
  });
});

describe(titleMatches.name, () => {
  it.each([
    ['Your code', 'Your code', true],
    ['Your ##what##', 'Your code', true],
    ['##a## and ##b##', 'this and that', true],
    ['##a## or ##b##', 'this and that', false],
    ['Your ##what##', 'My code', false],
    ['##a##x', 'x', true],
    ['x##a##x', 'x', false],
    ['Your code', 'Your code 2', false],
  ])('%j, %j', (listed, subject, wanted) => {
    expect(titleMatches(listed, subject)).toBe(wanted);
  });
});
