import type { RecipientReport, ReportedStatus } from '@gateway/core';
import { failureReport, wordsOfResult } from '../../shared/send-result.js';
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
