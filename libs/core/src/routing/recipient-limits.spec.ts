import { describe, expect, it } from '@jest/globals';
import type { Recipient } from '../message.js';
import type { Capabilities } from '../provider-parts/capabilities.js';
import { RecipientWatch } from './recipient-limits.js';

function watching(recipientNameUnit: 'bytes' | 'characters', recipients: readonly Partial<Recipient>[]) {
  const limits = { recipientAddressLength: 20, recipientNameLength: 10, recipientsPerSharedMail: 2 };
  const account = { limits, rules: { recipientNameUnit, excludedSenderDomains: [] } };
  const watch = new RecipientWatch(account as unknown as Pick<Capabilities, 'limits' | 'rules'>);
  recipients.forEach((recipient, position) =>
    watch.add({ position, address: 'a@b.kr', type: 'to', place: { pointer: `/to/${position}` }, ...recipient }),
  );
  return watch;
}

describe(RecipientWatch.name, () => {
  it('names the first recipient whose name is too long, in the account’s unit', () => {
    const names = [{ name: '가'.repeat(3) }, { name: '가'.repeat(4), hasMembers: true }, { name: '가'.repeat(11) }];
    expect(watching('bytes', names).obstacles).toEqual([
      { pointer: '/to/1/name', code: 'too_long', detail: "the recipient's name has 12 bytes, it takes 10" },
    ]);
    expect(watching('characters', names).obstacles).toEqual([
      { pointer: '/to/2', code: 'too_long', detail: "the recipient's name has 11 characters, it takes 10" },
    ]);
    expect(watching('characters', names.slice(0, 2)).obstacles).toEqual([]);
  });

  it('counts a character beyond the basic plane as two', () => {
    expect(watching('characters', [{ name: '😀'.repeat(5) }]).obstacles).toEqual([]);
    expect(watching('characters', [{ name: '😀'.repeat(6) }]).obstacles).toHaveLength(1);
  });

  it('names the line of a stream', () => {
    const place = { pointer: '', line: 7 };
    expect(watching('bytes', [{ address: `${'a'.repeat(20)}@b.kr`, place, hasMembers: true }]).obstacles).toEqual([
      {
        pointer: '/address',
        line: 7,
        code: 'too_long',
        detail: "the recipient's address has 25 characters, it takes 20",
      },
    ]);
  });

  it('knows the recipient that is too many for one mail', () => {
    expect(watching('bytes', [{}, {}]).excess).toBeUndefined();
    expect(watching('bytes', [{}, {}, {}, {}]).excess).toEqual({ pointer: '/to/2' });
  });
});
