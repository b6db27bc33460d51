import { type Reason, type RecipientReport, type ReportedStatus } from '@gateway/core';
import { bounceTypeOfReply, isRefusal, readSmtpReply, reasonOfReply } from '../../shared/smtp-reply.js';
import type { NcpSettings } from '../ncp.config.js';
import type { MailRecipient } from '../ncp.wire.js';

export type SuccessMeans = NcpSettings['successMeans'];

/** `EmailStatus` (ncp.md §2) of one recipient; `S`, `F` and `PF` need a closer look. */
const PLAIN: Readonly<Record<string, ReportedStatus>> = {
  P: 'submitted',
  R: 'submitted',
  I: 'sending',
  U: 'unsubscribed',
  C: 'cancelled',
};

/** Statuses of a mail that only its detail explains, recipient by recipient. */
export const needsDetail = (status: string): boolean => status === 'F' || status === 'PF';

/** Is NCP still reading the request, so that its mails may not be listed yet? */
export const isPreparing = (status: string): boolean => status === 'P' || status === 'R';

/** Does the recipient's state add nothing yet to that of the request as a whole? */
export const isSilent = (status: string): boolean => isPreparing(status) || status === 'I';

/** The report that a recipient's state gives, without the words about a failure. */
export function statusReport(address: string, code: string, success: SuccessMeans): RecipientReport {
  if (code === 'S') return { address, status: success };
  const status = PLAIN[code];
  if (status === undefined) return { address, unknownStatus: code };
  if (status === 'unsubscribed') return { address, status, reason: 'recipient_opted_out' };
  return { address, status };
}

/** NCP has not tried the address, as it bounced hard before (§8). */
export const BLOCKED = 'SEND_BLOCK_ADDRESS';

/** Names of §9, an open list. The SMTP reply, where there is one, is more exact, but for these two. */
const EXACT: Readonly<Record<string, Reason>> = {
  [BLOCKED]: 'provider_suppressed',
  NONEXISTENT_DOMAIN_ADDRESS: 'domain_not_found',
};
const BY_RESULT: Readonly<Record<string, Reason>> = {
  RECIPIENT_ADDRESS_ERROR: 'unknown_user',
  MAILBOX_ERROR: 'mailbox_full',
  MAIL_CONTENTS_ERROR: 'content',
  SECURITY_AND_POLICY_ERROR: 'blocked_policy',
};

/** One recipient of a mail's detail. `mailStatus` is used where the recipient has no state of its own. */
export function recipientReport(
  recipient: MailRecipient,
  mailStatus: string | undefined,
  success: SuccessMeans,
): RecipientReport {
  const code = recipient.status ?? mailStatus ?? 'unknown';
  const base = code === 'F' ? failureReport(recipient) : statusReport(recipient.address, code, success);
  return { ...base, ...wordsOfResult(recipient) };
}

function failureReport(recipient: MailRecipient): RecipientReport {
  const { address } = recipient;
  const result = recipient.sendResultCode ?? '';
  const reply = readSmtpReply(recipient.sendResultMessage ?? '');
  const reason = EXACT[result] ?? (reply && reasonOfReply(reply)) ?? BY_RESULT[result] ?? 'unknown';
  if (reply === undefined || !isRefusal(reply)) return { address, status: 'failed', reason };
  return { address, status: 'bounced', reason, bounceType: bounceTypeOfReply(reply, reason) };
}

function wordsOfResult(recipient: MailRecipient): Pick<RecipientReport, 'code' | 'message'> {
  const code = recipient.sendResultCode ?? undefined;
  const message = (recipient.sendResultMessage || recipient.sendResultCodeMessage)?.trim();
  return { ...(code !== undefined && { code }), ...(message !== undefined && message !== '' && { message }) };
}
