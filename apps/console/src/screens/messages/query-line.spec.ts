import { describe, expect, it } from '@jest/globals';
import { completionsOf, readLine, withFilter } from './query-line';

const read = (line: string) => readLine(line, 'Asia/Seoul');

describe('a query line', () => {
  it('names filters, and takes a bare word for an address or a part of the subject', () => {
    const { filter, faults } = read('status:failed account:ncp kim@example.com subject:"두 낱말" tag:a:b');
    expect(faults).toEqual([]);
    expect(filter).toEqual({
      status: 'failed',
      provider: 'ncp',
      to: 'kim@example.com',
      subject: '두 낱말',
      tag: 'a:b',
    });
    expect(read('hello').filter).toEqual({ subject: 'hello' });
  });

  it('reads times in the zone of the operator', () => {
    expect(read('after:2026-11-30').filter).toEqual({ createdAfter: '2026-11-29T15:00:00.000Z' });
    expect(readLine('before:2026-11-30T09:00', 'UTC').filter).toEqual({ createdBefore: '2026-11-30T09:00:00.000Z' });
    expect(read('after:2026-11-30T09:00:00Z').filter).toEqual({ createdAfter: '2026-11-30T09:00:00.000Z' });
    const { createdAfter = '' } = read('after:24h').filter as { createdAfter?: string };
    expect(Date.now() - Date.parse(createdAfter)).toBeGreaterThanOrEqual(86_400_000);
  });

  it.each([
    ['foo:1', 'unknownName'],
    ['constructor:1', 'unknownName'],
    ['tag:', 'noValue'],
    ['status:done', 'badStatus'],
    ['category:spam', 'badCategory'],
    ['template:x', 'badTemplate'],
    ['after:soon', 'badTime'],
    ['after:2026-13-41', 'badTime'],
    ['tag:a tag:b', 'twice'],
  ])('says what is wrong with %s', (line, kind) => {
    expect(read(line).faults.map((fault) => fault.kind)).toEqual([kind]);
  });

  it('sets a filter, replaces it, and removes it', () => {
    const line = withFilter('tag:a status:failed', 'status', 'sending');
    expect(line).toBe('tag:a status:sending');
    expect(withFilter(line, 'status', 'sending')).toBe('tag:a');
    expect(withFilter('', 'subject', 'two words')).toBe('subject:"two words"');
  });

  it('completes names, then values that are known', () => {
    expect(completionsOf('tag:a st', [])).toEqual(['tag:a status:']);
    expect(completionsOf('account:n', ['ncp', 'nhn', 'sens'])).toEqual(['account:ncp', 'account:nhn']);
    expect(completionsOf('tag:a ', [])).toContain('tag:a to:');
  });
});
