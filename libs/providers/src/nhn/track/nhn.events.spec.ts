import { UnreadablePushError } from '@gateway/core';
import { describe, expect, it } from '@jest/globals';
import { nhnEvents } from './nhn.events.js';

const read = (body: unknown) =>
  nhnEvents.read({ headers: {}, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) });

const hook = { requestId: 'q1', mailSeq: '0', senderGroupingKey: 'bat_1', mailStatusCode: 'SST2' };

describe('a hook of NHN', () => {
  it('names its request and batch once, and nothing of its states is believed', () => {
    const hooks = [hook, { ...hook, mailSeq: 1, mailStatusCode: 'SST3' }, { ...hook, requestId: 'q2' }];
    expect(read({ event: 'MESSAGE_RESULT_UPDATE', hooks })).toEqual({
      authentic: false,
      hints: [
        { requestId: 'q1', batchId: 'bat_1' },
        { requestId: 'q2', batchId: 'bat_1' },
      ],
    });
  });

  it.each([
    ['the key of the sample', { senderGroupKey: 'bat_1' }, [{ batchId: 'bat_1' }]],
    ['no key', { requestId: 'q1', senderGroupingKey: null }, [{ requestId: 'q1' }]],
    ['an opt-out', { receiveMailAddr: 'kim@example.com', createdDateTime: '2026-11-20T14:05:12.000+09:00' }, []],
    ['members of other types', { requestId: { a: 1 }, senderGroupingKey: ['bat_1'] }, []],
    ['an id that is far too long', { requestId: 'x'.repeat(100_000) }, []],
    ['nothing that is an object', 'text', []],
  ])('with %s', (_, one, hints) => {
    expect(read({ hooks: [one] })).toEqual({ authentic: false, hints });
  });

  it.each([
    ['', ''],
    ['no JSON', 'text'],
    ['a list', []],
    ['no hooks', {}],
    ['hooks of another type', { hooks: { a: 1 } }],
    ['more hooks than are ever sent', { hooks: Array(10_001).fill(hook) }],
    ['lists in lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('is refused with %s', (_, body) => {
    expect(() => read(body)).toThrow(UnreadablePushError);
  });
});
