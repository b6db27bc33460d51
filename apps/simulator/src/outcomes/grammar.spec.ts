import { describe, expect, test } from '@jest/globals';
import { scriptOf } from './grammar.js';

describe(scriptOf.name, () => {
  test.each([
    ['bounce@x.kr', 'bounced', 'unknown', 0],
    ['bounce+unknown_user@x.kr', 'bounced', 'unknown_user', 0],
    ['bounce+unknown_user.123@x.kr', 'bounced', 'unknown_user', 0],
    ['BOUNCE+mailbox_full77@x.kr', 'bounced', 'mailbox_full', 0],
    ['bounce+no_such_word@x.kr', 'bounced', 'unknown', 0],
    ['fail@x.kr', 'failed', 'network', 0],
    ['fail+domain_not_found@x.kr', 'failed', 'domain_not_found', 0],
    ['slow+90s@x.kr', 'delivered', 'unknown', 90_000],
    ['slow+2m.7@x.kr', 'delivered', 'unknown', 120_000],
    ['bounce+mailbox_full+250ms@x.kr', 'bounced', 'mailbox_full', 250],
    ['open-12@x.kr', 'opened', 'unknown', 0],
    ['late-bounce@x.kr', 'late-bounced', 'unknown', 0],
    ['late-bounce_3@x.kr', 'late-bounced', 'unknown', 0],
    ['stuck@x.kr', 'stuck', 'unknown', 0],
    ['unknownstatus5@x.kr', 'unlisted', 'unknown', 0],
  ])('%s means %s (%s, %d ms later)', (address, kind, reason, delayMs) => {
    expect(scriptOf(address)).toEqual({ kind, reason, delayMs });
  });

  test.each(['kim@x.kr', 'user123@x.kr', 'kim+bounce@x.kr', 'bouncer@x.kr', 'a.bounce@x.kr', 'kim@bounce.kr'])(
    '%s is delivered normally',
    (address) => expect(scriptOf(address)).toBeUndefined(),
  );
});
