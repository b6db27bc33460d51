import type { RecipientReport } from '@gateway/core';
import { bounceTypeOfReply, isRefusal, readSmtpReply, reasonOfReply } from '../../shared/smtp-reply.js';
import type { TimeReader } from '../nhn.time.js';
import type { MailRow } from '../nhn.wire.js';

type Told = Omit<RecipientReport, 'address'>;

/** `mailStatusCode` (nhn.md §5.1). SST2 and SST3 need a closer look; no document lists SST6. */
const PLAIN: Readonly<Record<string, Told>> = {
  SST0: { status: 'submitted' },
  SST1: { status: 'sending' },
  SST4: { status: 'submitted' },
  SST5: { status: 'unsubscribed', reason: 'recipient_opted_out' },
  SST7: { status: 'rejected', reason: 'sender_not_verified' },
  SST8: { status: 'rejected', reason: 'blocked_policy' },
};

/** NHN's report on one receiver. */
export function rowReport(row: MailRow, readTime: TimeReader): RecipientReport {
  const openedAt = row.isOpened === true ? readTime(row.openedDate) : undefined;
  return {
    address: row.receiveMailAddr,
    ...told(row, readTime),
    ...(row.mailSeq && { mailId: row.mailSeq }),
    ...words(row),
    ...(openedAt && { openedAt }),
  };
}

function told(row: MailRow, readTime: TimeReader): Told {
  const code = row.mailStatusCode ?? '';
  if (code === 'SST2')
    return row.isReceived === true ? delivered(row, readTime) : (bounced(row, '5') ?? { status: 'sent' });
  if (code === 'SST3') return bounced(row, '45') ?? { status: 'failed', reason: 'unknown' };
  return PLAIN[code] ?? { unknownStatus: code === '' ? 'none' : code };
}

function delivered(row: MailRow, readTime: TimeReader): Told {
  const deliveredAt = readTime(row.resultDate);
  return { status: 'delivered', ...(deliveredAt && { deliveredAt }) };
}

/**
 * From v1.7 on a row carries the DSN (RFC 3463). 2026-11, §6.3: it is documented for SST2, where mail that was sent
 * bounces later; a delay (4.y.z) is no bounce there, because the mail may still arrive.
 */
function bounced(row: MailRow, classes: string): Told | undefined {
  const reply = readSmtpReply(`${row.dsnCode ?? ''} ${row.dsnMessage ?? ''}`.trim());
  if (reply === undefined || !isRefusal(reply)) return undefined;
  if (!classes.includes((reply.enhanced ?? reply.code ?? '').charAt(0))) return undefined;
  const reason = reasonOfReply(reply) ?? 'unknown';
  return { status: 'bounced', reason, bounceType: bounceTypeOfReply(reply, reason) };
}

function words({ dsnCode, dsnMessage, mailStatusCode }: MailRow): Pick<RecipientReport, 'code' | 'message'> {
  const code = dsnCode || mailStatusCode;
  return { ...(code && { code }), ...(dsnMessage && { message: dsnMessage }) };
}

/** The members of a row that change over its life, as text. */
export const movingPart = (row: MailRow): string =>
  `${row.mailStatusCode ?? ''}${row.isReceived === true ? '+received' : ''}${row.isOpened === true ? '+opened' : ''}${row.dsnCode ? `+${row.dsnCode}` : ''}`;
