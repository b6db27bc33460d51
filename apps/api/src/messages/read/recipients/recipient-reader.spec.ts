import { describe, expect, it } from '@jest/globals';
import { FieldErrors, parseContent, type Recipient } from '@gateway/core';
import { RecipientReader, type RecipientRules } from './recipient-reader.js';

const RULES: RecipientRules = {
  category: 'transactional',
  delivery: 'individual',
  dedupe: false,
  defaults: {},
  hollow: [],
  content: parseContent({ subject: 'Hi', html: 'Hi' }, 'transactional'),
};

/** Reads entries as those of the list `to`; recipients as `name|address`, errors as pointer, code and detail. */
function readAll(entries: readonly unknown[], rules: Partial<RecipientRules> = {}) {
  const errors = new FieldErrors();
  const recipients: Recipient[] = [];
  const reader = new RecipientReader({ ...RULES, ...rules }, errors);
  entries.forEach((entry, i) => reader.read(entry, { pointer: `/to/${i}` }, recipients, 'to'));
  expect(recipients.map(({ position }) => position)).toEqual(recipients.map((_, i) => i));
  expect(reader.count).toBe(recipients.length);
  return {
    recipients: recipients.map(({ name, address }) => `${name ?? ''}|${address}`),
    errors: errors.all.map(({ pointer, code, detail }) => `${pointer} ${code} ${detail}`),
  };
}

describe(RecipientReader.name, () => {
  it('reads every mailbox of a string, at positions of its own', () => {
    const entries = [
      'a@example.com',
      'B <b@example.com>; "C, c" <c@example.com>',
      { address: 'd@example.com', name: '' },
    ];
    const { recipients, errors } = readAll(entries);
    expect(errors).toEqual([]);
    expect(recipients).toEqual(['|a@example.com', 'B|b@example.com', 'C, c|c@example.com', '|d@example.com']);
  });

  it('names the mailbox of a string that is wrong, at the pointer of the string', () => {
    const { errors } = readAll([
      'a@example.com, b@, "c@example.com"',
      'd@',
      `${'n'.repeat(1001)} <e@example.com>, f@x.com`,
    ]);
    expect(errors).toEqual([
      '/to/0 invalid_address mailbox 2 ("b@"): is not an e-mail address: nothing is after the "@"',
      '/to/0 invalid_address mailbox 3 ("\\"c@example.com\\""): is a name in quotes without an address',
      '/to/1 invalid_address is not an e-mail address: nothing is after the "@"',
      `/to/2 too_long mailbox 1 ("${'n'.repeat(60)}…"): a name has at most 1000 bytes`,
    ]);
  });

  it('keeps what is quoted of a string short and readable', () => {
    const { errors } = readAll([`${'\u0001'.repeat(1000)}, \ud83d\ude00`]);
    expect(errors.map((error) => error.length < 500 && error.isWellFormed())).toEqual([true, true]);
  });

  it('finds duplicates within a string, or keeps the first of them', () => {
    const entries = ['a@example.com, B <b@example.com>, A@EXAMPLE.com', 'b@example.com'];
    expect(readAll(entries).errors).toEqual([
      expect.stringMatching(/^\/to\/0 duplicate_address mailbox 3 \("A@EXAMPLE.com"\): /),
      expect.stringMatching(/^\/to\/1 duplicate_address is in the list/),
    ]);
    const { recipients, errors } = readAll(entries, { dedupe: true });
    expect([recipients, errors]).toEqual([['|a@example.com', 'B|b@example.com'], []]);
  });

  it('lets a login code have exactly one recipient', () => {
    const { errors } = readAll(['a@example.com, b@example.com'], { category: 'authentication' });
    expect(errors).toEqual([expect.stringMatching(/^\/to\/0 too_many mailbox 2 /)]);
  });

  it.each([
    ['', 'required'],
    [' , ;', 'required'],
    [`${'a@example.com,'.repeat(100_000)}`, 'too_long'],
    [`${'a@b.co,'.repeat(10_001)}`, 'too_many'],
  ])('refuses %j', (text, code) => {
    const { errors } = readAll([text], { dedupe: true });
    expect(errors).toEqual([expect.stringContaining(`/to/0 ${code} `)]);
  });
});
