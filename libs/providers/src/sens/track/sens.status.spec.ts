import { describe, expect, it } from '@jest/globals';
import { recipientReport, statusReport } from '../../naver/track/words.js';
import { sensWords } from './sens.status.js';

const address = 'kim@example.com';

describe(statusReport.name, () => {
  it.each([
    ['PREPARING', { status: 'submitted' }],
    ['READY', { status: 'submitted' }],
    ['RESERVED', { status: 'submitted' }],
    ['SENDING', { status: 'sending' }],
    ['COMPLETED', { status: 'delivered' }],
    ['CANCELED', { status: 'cancelled' }],
    ['UNSUBSCRIBED', { status: 'unsubscribed', reason: 'recipient_opted_out' }],
    ['LEVITATING', { unknownStatus: 'LEVITATING' }],
  ])('%s', (status, wanted) => {
    expect(statusReport(sensWords, { address, status }, 'delivered')).toEqual({ address, ...wanted });
  });

  it('takes COMPLETED for a hand-over where the operator is cautious', () => {
    expect(statusReport(sensWords, { address, status: 'COMPLETED' }, 'sent')).toEqual({ address, status: 'sent' });
  });
});

describe(recipientReport.name, () => {
  it.each<[string, string, object]>([
    [
      'RECIPIENT_ADDRESS_ERROR',
      '550 5.1.1 No such user',
      { status: 'bounced', reason: 'unknown_user', bounceType: 'hard' },
    ],
    ['MAILBOX_ERROR', '452 4.2.2 Over quota', { status: 'bounced', reason: 'mailbox_full', bounceType: 'soft' }],
    ['SEND_BLOCK_ADDRESS', '', { status: 'failed', reason: 'provider_suppressed' }],
    ['NETWORK_ERROR', 'Connection reset', { status: 'failed', reason: 'unknown' }],
    ['UNSUBSCRIBED_ADDRESS', '', { status: 'unsubscribed', reason: 'recipient_opted_out' }],
    ['', '', { status: 'failed', reason: 'unknown' }],
  ])('FAILED %s %j', (sendResultCode, sendResultMessage, wanted) => {
    const recipient = { address, status: 'FAILED', sendResultCode, sendResultMessage };
    expect(recipientReport(sensWords, { recipient, mailStatus: 'FAILED' }, 'delivered')).toMatchObject(wanted);
  });

  it.each([{ sendResultCode: '550' }, { sendResultCode: 'X', sendResultCodeMessage: '550 5.1.1 No such user' }])(
    'finds the SMTP reply wherever it is: %j',
    (result) => {
      expect(
        recipientReport(
          sensWords,
          { recipient: { address, status: 'FAILED', ...result }, mailStatus: 'FAILED' },
          'sent',
        ),
      ).toMatchObject({
        status: 'bounced',
      });
    },
  );

  it.each([
    ['MAIL_SENT', 'delivered'],
    ['MAILBOX_ERROR', 'failed'],
  ])('finds out whose part of a mail failed by the result: %s', (sendResultCode, status) => {
    expect(
      recipientReport(sensWords, { recipient: { address, sendResultCode }, mailStatus: 'PARTIAL_FAILED' }, 'delivered'),
    ).toMatchObject({ status });
  });

  it('leaves open what a recipient without state and result became of', () => {
    expect(recipientReport(sensWords, { recipient: { address }, mailStatus: 'PARTIAL_FAILED' }, 'delivered')).toEqual({
      address,
      unknownStatus: 'PARTIAL_FAILED',
    });
  });
});
