import { describe, expect, it } from '@jest/globals';
import { GatewayProblem } from '@gateway/core';
import fc from 'fast-check';
import { LargeMessage } from '../bodies/large-message.js';
import { readJson } from './read-json.js';

const SMALL = { largeBytes: 8, pageBytes: 12 };

/** The body as a reader gets it: all members, including recipients. */
async function read(text: string): Promise<unknown> {
  const large = await readJson(Buffer.from(text), { takesLargeMessage: true }, SMALL);
  if (!(large instanceof LargeMessage)) return large;
  const recipients: unknown[] = [];
  for await (const page of large.recipients()) recipients.push(...page);
  expect(large.recipientCount).toBe(recipients.length);
  return { ...large.members, recipients };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

// Everything that could be taken for structure, within texts.
const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', ' ', 'a', '한', '\n') });
const element = fc.oneof(
  fc.record({ address: text, variables: fc.dictionary(text, text, { maxKeys: 2 }) }),
  fc.array(fc.array(text, { maxLength: 2 }), { maxLength: 2 }),
  text,
  // Two that an edit joins are still kept exactly.
  fc.integer({ min: -999, max: 999 }),
);
const message = fc.record({
  before: fc.oneof(text, fc.array(element, { maxLength: 3 })),
  recipients: fc.array(element, { minLength: 4, maxLength: 12 }),
  after: fc.oneof(text, fc.record({ recipients: fc.array(text, { maxLength: 3 }) })),
});
const written = fc.tuple(message, fc.constantFrom(0, 1)).map(([value, indent]) => JSON.stringify(value, null, indent));

describe('a large body', () => {
  it('reads what JSON.parse reads, in pages', async () => {
    await fc.assert(
      fc.asyncProperty(written, async (body) => expect(await read(body)).toEqual(JSON.parse(body))),
      { numRuns: 500 },
    );
  });

  it('refuses what JSON.parse refuses, wherever a byte is wrong', async () => {
    const edit = fc.record({
      at: fc.nat(),
      remove: fc.nat(1),
      insert: fc.constantFrom('', ',', ']', '[', '"', '}', '{'),
    });
    await fc.assert(
      fc.asyncProperty(written, edit, async (body, { at, remove, insert }) => {
        const place = at % body.length;
        const broken = body.slice(0, place) + insert + body.slice(place + remove);
        const expected = parsed(broken);
        const got = await read(broken).catch((error: unknown) => error);
        if (expected === undefined) expect(got).toBeInstanceOf(GatewayProblem);
        else expect(got).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a list of that name elsewhere', '{"a":{"recipients":["aaaaaaaaaaaa","b"]}}'],
    ['no object', '["recipients",["aaaaaaaaaaaa"]]'],
    ['no list', '{"recipients":{"aaaaaaaaaaaa":["bbbbbbbbbbbb"]}}'],
    ['a long list of another name', '{"to":["aaaaaaaaaaaa","bbbbbbbbbbbb","cccccccccccc"],"a":1}'],
  ])('reads %s as JSON.parse does', async (_, body) => {
    expect(await read(body)).toEqual(JSON.parse(body));
  });

  it.each([
    ['the wrong bracket', '{"recipients":["aaaaaaaaaaaa"}}'],
    ['no end', '{"recipients":["aaaaaaaaaaaa"'],
  ])('refuses %s', async (_, body) => {
    await expect(read(body)).rejects.toMatchObject({ code: 'malformed_json' });
  });

  it.each([
    ['two long lists', '{"recipients":["aaaaaaaaaaaa"],"recipients":["bbbbbbbbbbbb"]}'],
    ['something else of that name after it', '{"recipients":["aaaaaaaaaaaa"],"recipients":"b"}'],
    ['a second one that is written with an escape', '{"recipients":["aaaaaaaaaaaa"],"recipient\\u0073":["b"]}'],
  ])('refuses %s of one name', async (_, body) => {
    await expect(read(body)).rejects.toMatchObject({
      code: 'malformed_json',
      detail: 'The body gives the member /recipients more than once.',
      fieldErrors: [{ pointer: '/recipients', code: 'not_allowed' }],
    });
  });

  it('reports the place of a text that cannot be stored', async () => {
    const list = ['{"name":"a"}', '{"name":"b"}', '{"name":"c"}', '{"name":"\\u0000"}'].join(',');
    await expect(read(`{"recipients":[${list}]}`)).rejects.toMatchObject({
      fieldErrors: [{ pointer: '/recipients/3/name', code: 'control_character' }],
    });
  });

  it('lets other work go on while it looks through a large body', async () => {
    const list = Array.from({ length: 100_000 }, (_, i) => `{"address":"customer.${i}@example.com","name":"Customer"}`);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    for (const name of ['recipients', 'to']) {
      const large = await readJson(Buffer.from(`{"${name}":[${list.join(',')}]}`), { takesLargeMessage: true });
      if (large instanceof LargeMessage) for await (const _ of large.recipients()) continue;
    }
    clearInterval(counting);
    expect(turns).toBeGreaterThan(40);
  });
});
