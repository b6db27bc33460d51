import { describe, expect, it } from '@jest/globals';
import { recipientReport, statusReport } from '../../naver/track/words.js';
import { ncpWords } from './ncp.status.js';

const address = 'kim@example.com';

describe(statusReport.name, () => {
  it.each([
    ['P', { status: 'submitted' }],
    ['R', { status: 'submitted' }],
    ['I', { status: 'sending' }],
    ['S', { status: 'delivered' }],
    ['U', { status: 'unsubscribed', reason: 'recipient_opted_out' }],
    ['C', { status: 'cancelled' }],
    ['X', { unknownStatus: 'X' }],
  ])('%s', (code, wanted) => {
    expect(statusReport(ncpWords, { address, status: code }, 'delivered')).toEqual({ address, ...wanted });
  });

  it('takes S for a hand-over where the operator is cautious', () => {
    expect(statusReport(ncpWords, { address, status: 'S' }, 'sent')).toEqual({ address, status: 'sent' });
  });
});

describe(recipientReport.name, () => {
  const failed = (sendResultCode: string, sendResultMessage: string) =>
    recipientReport(
      ncpWords,
      {
        recipient: { address, status: 'F', sendResultCode, sendResultMessage, sendResultCodeMessage: 'x' },
        mailStatus: 'F',
      },
      'delivered',
    );

  it.each([
    ['RECIPIENT_ADDRESS_ERROR', '550 5.1.1 No such user\n', 'bounced', 'unknown_user', 'hard'],
    ['RECIPIENT_ADDRESS_ERROR', '553 5.1.3 Bad address', 'bounced', 'invalid_address', 'hard'],
    ['RECIPIENT_ADDRESS_ERROR', '550-5.1.1 The account does not exist', 'bounced', 'unknown_user', 'hard'],
    ['RECIPIENT_ADDRESS_ERROR', '450 4.1.1 Try again', 'bounced', 'unknown_user', 'soft'],
    ['MAILBOX_ERROR', '452 4.2.2 Over quota', 'bounced', 'mailbox_full', 'soft'],
    ['MAILBOX_ERROR', '552 Mailbox full', 'bounced', 'mailbox_full', 'soft'],
    ['SECURITY_AND_POLICY_ERROR', '554 5.7.1 rejected as spam', 'bounced', 'blocked_spam', 'soft'],
    ['SECURITY_AND_POLICY_ERROR', '550 5.7.26 Unauthenticated', 'bounced', 'auth_failed', 'soft'],
    ['SECURITY_AND_POLICY_ERROR', '550 refused', 'bounced', 'blocked_policy', 'soft'],
    ['MAIL_CONTENTS_ERROR', '552 5.3.4 Too big', 'bounced', 'too_large', 'soft'],
    ['SMTP_ERROR', '421 4.7.0 Try later', 'bounced', 'throttled', 'soft'],
    ['SMTP_ERROR', 'host mx.example.com said: 554 5.0.0 no', 'bounced', 'unknown', 'soft'],
    ['SEND_BLOCK_ADDRESS', '', 'failed', 'provider_suppressed', undefined],
    ['NONEXISTENT_DOMAIN_ADDRESS', 'Recipient domain does not exist', 'failed', 'domain_not_found', undefined],
    ['NETWORK_ERROR', 'Connection reset after 550 ms', 'failed', 'unknown', undefined],
    ['', '', 'failed', 'unknown', undefined],
    ['SOMETHING_NEW', 'oops', 'failed', 'unknown', undefined],
  ])('F %s %j', (code, message, ...wanted) => {
    const [status, reason, bounceType] = wanted;
    const report = failed(code, message);
    expect({ bounceType: undefined, ...report }).toMatchObject({ address, status, reason, bounceType, code });
  });

  it('looks at each recipient of a partly failed mail', () => {
    const ok = {
      address,
      status: 'S',
      sendResultCode: 'MAIL_SENT',
      sendResultMessage: '250 OK',
      sendResultCodeMessage: null,
    };
    expect(recipientReport(ncpWords, { recipient: ok, mailStatus: 'PF' }, 'delivered')).toEqual({
      address,
      status: 'delivered',
      code: 'MAIL_SENT',
      message: '250 OK',
    });
  });
});
