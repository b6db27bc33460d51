import { describe, expect, it } from '@jest/globals';
import { movingPart, rowReport } from './nhn.status.js';
import { timeReader } from '../nhn.time.js';
import type { MailRow } from '../nhn.wire.js';

const address = 'mina@mail.example';
const row = (part: Partial<MailRow>): MailRow => ({
  requestId: 'q',
  receiveMailAddr: address,
  requestDate: '2025-09-14 14:05:12',
  ...part,
});
const read = timeReader('2025-09-14 14:05:12', new Date('2025-09-14T05:05:13Z'));
const report = (part: Partial<MailRow>) => rowReport(row(part), read);

describe(rowReport.name, () => {
  it.each([
    ['SST0', { status: 'submitted' }],
    ['SST1', { status: 'sending' }],
    ['SST2', { status: 'sent' }],
    ['SST3', { status: 'failed', reason: 'unknown' }],
    ['SST4', { status: 'submitted' }],
    ['SST5', { status: 'unsubscribed', reason: 'recipient_opted_out' }],
    ['SST7', { status: 'rejected', reason: 'sender_not_verified' }],
    ['SST8', { status: 'rejected', reason: 'blocked_policy' }],
    ['SST6', { unknownStatus: 'SST6' }],
  ])('%s', (mailStatusCode, wanted) => {
    expect(report({ mailStatusCode })).toEqual({ address, code: mailStatusCode, ...wanted });
  });

  it('is delivered when the receiving side said so, opened when the reader did', () => {
    const received = { mailStatusCode: 'SST2', isReceived: true, resultDate: '2025-09-14 14:05:15.0' };
    expect(report(received)).toMatchObject({ status: 'delivered', deliveredAt: new Date('2025-09-14T05:05:15Z') });
    const opened = { ...received, isOpened: true, openedDate: '2025-09-14 15:00:00' };
    expect(report(opened)).toMatchObject({ openedAt: new Date('2025-09-14T06:00:00Z') });
  });

  it.each([
    ['SST3', '5.1.1', '550 5.1.1 No such user', { status: 'bounced', reason: 'unknown_user', bounceType: 'hard' }],
    ['SST3', '4.2.2', 'full', { status: 'bounced', reason: 'mailbox_full', bounceType: 'soft' }],
    ['SST2', '5.2.2', 'full', { status: 'bounced', reason: 'mailbox_full', bounceType: 'soft' }],
    ['SST2', '4.4.1', 'delayed', { status: 'sent' }],
    ['SST2', '2.5.0', 'SUCCESS', { status: 'sent' }],
  ])('%s with DSN %s', (mailStatusCode, dsnCode, dsnMessage, wanted) => {
    expect(report({ mailStatusCode, dsnCode, dsnMessage })).toEqual({
      address,
      code: dsnCode,
      message: dsnMessage,
      ...wanted,
    });
  });
});

describe(movingPart.name, () => {
  it('has everything that may still change', () => {
    expect(movingPart(row({ mailStatusCode: 'SST2', isReceived: true, isOpened: true }))).toBe('SST2+received+opened');
  });
});
