import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson, redactor, retryAfterMs } from './answer.js';
import { jsonBody } from './json-body.js';
import { mapLimited } from './map-limited.js';
import { isRefusal, readSmtpReply } from './smtp-reply.js';

describe(jsonBody.name, () => {
  it('has the bytes of one JSON.stringify', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.string(), { maxLength: 50 }),
        (head, texts) => {
          delete head['list'];
          const write = (text: string) => ({ text });
          const body = Buffer.concat([...jsonBody(head, 'list', texts, write)]).toString();
          expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify({ ...head, list: texts.map(write) })));
        },
      ),
    );
  });

  it.each([0, 1, 500, 501, 1000, 2001])('joins its chunks, of %i items', (length) => {
    const items = Array.from({ length }, (_, n) => n);
    const body = [...jsonBody({ a: 1 }, 'list', items, (n) => [n])];
    expect(Buffer.concat(body).toString()).toBe(JSON.stringify({ a: 1, list: items.map((n) => [n]) }));
    expect(body).toHaveLength(Math.max(1, Math.ceil(length / 500)));
  });
});

describe(mapLimited.name, () => {
  it('keeps the order and the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapLimited([5, 1, 4, 2, 3], 2, async (n) => {
      most = Math.max(most, (running += 1));
      await sleep(n);
      running -= 1;
      return n * 2;
    });
    expect([results, most]).toEqual([[10, 2, 8, 4, 6], 2]);
  });

  it('begins nothing new after an error', async () => {
    const seen: number[] = [];
    const map = async (n: number): Promise<void> => {
      seen.push(n);
      if (n === 1) throw new Error('no');
      await sleep(5);
    };
    await expect(mapLimited([1, 2, 3, 4, 5], 2, map)).rejects.toThrow('no');
    await sleep(20);
    expect(seen).toEqual([1, 2]);
  });

  it('does nothing for nothing', async () => {
    expect(await mapLimited([], 8, async () => 1)).toEqual([]);
  });
});

describe('answers', () => {
  it.each(['', 'null ', '{"a"', '<html>'])('readJson of %j', (text) => {
    expect(readJson(Buffer.from(text)) ?? undefined).toBeUndefined();
  });

  it('reads what cannot be stored as replacement characters', () => {
    const text = String.raw`{"name":"a\u0000b","half":"\ud800","other half":"x\uDC00y","pair":"\ud83d\ude00","n\u0000":1}`;
    const read = readJson(Buffer.from(text)) as Record<string, unknown>;
    expect(read).toMatchObject({ name: 'a\uFFFDb', half: '\uFFFD', 'other half': 'x\uFFFDy', pair: '😀' });
  });

  it('never waits longer than a day', () => {
    for (const value of ['999999999', '99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT']) {
      expect(retryAfterMs({ 'retry-after': value }, new Date())).toBe(86_400_000);
    }
  });

  it('never cuts a character in two', () => {
    expect(redactor([])('x'.repeat(999) + '😀').isWellFormed()).toBe(true);
  });

  it('bounds and cleans a vendor’s words', () => {
    expect(redactor(['AKTEST-1234'])('a AKTEST-1234 b')).toBe('a [redacted] b');
    expect(redactor(['a'])('a key, app key "a"')).toBe('a key, app key "[redacted]"');
    expect(redactor([])('x'.repeat(5000)).length).toBe(1001);
  });

  it('takes a date in the past for now', () => {
    expect(retryAfterMs({ 'retry-after': 'Fri, 20 Nov 2020 12:00:00 GMT' }, new Date())).toBe(0);
    expect(retryAfterMs({}, new Date())).toBeUndefined();
  });

  it('takes a date by the clock of who answers, however wrong ours is', () => {
    const headers = { 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT', date: 'Fri, 20 Nov 2026 12:00:00 GMT' };
    for (const ours of ['2026-11-20T10:00:00Z', '2026-11-20T14:00:00Z']) {
      expect(retryAfterMs(headers, new Date(ours))).toBe(30_000);
    }
    expect(retryAfterMs({ 'retry-after': headers['retry-after'] }, new Date('2026-11-20T12:00:10Z'))).toBe(20_000);
  });
});

describe(readSmtpReply.name, () => {
  it.each([
    ['550 5.1.1 no', '550', '5.1.1', true],
    ['550-5.1.1 no', '550', '5.1.1', true],
    ['mx said: 451 later', '451', undefined, true],
    ['5.1.1 gone', undefined, '5.1.1', true],
    ['250 2.0.0 OK', '250', '2.0.0', false],
  ])('%j', (text, code, enhanced, refusal) => {
    const reply = readSmtpReply(text);
    expect([reply?.code, reply?.enhanced, reply && isRefusal(reply)]).toEqual([code, enhanced, refusal]);
  });

  it.each(['', 'Connection reset', 'no answer after 550 ms', 'host 10.5.1.1 is down', '12345'])(
    '%j is none',
    (text) => {
      expect(readSmtpReply(text)).toBeUndefined();
    },
  );
});
