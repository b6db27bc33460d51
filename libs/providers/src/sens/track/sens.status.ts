import type { RecipientReport, ReportedStatus } from '@gateway/core';
import { failureReport, wordsOfResult } from '../../shared/send-result.js';
import type { SensSettings } from '../sens.config.js';
import type { MailRecipient } from '../sens.wire.js';

export type SuccessMeans = SensSettings['successMeans'];

/** sens.md §3 and §5, for one recipient; `COMPLETED`, `FAILED` and `PARTIAL_FAILED` need a closer look. */
const PLAIN: Readonly<Record<string, ReportedStatus>> = {
  PREPARING: 'submitted',
  READY: 'submitted',
  RESERVED: 'submitted',
  SENDING: 'sending',
  CANCELED: 'cancelled',
  CANCELLED: 'cancelled',
};

/** Values for a recipient that opted out are not documented; at mail level it is FAILED (§5). */
const OPTED_OUT = /UNSUBSCRI|OPT[_-]?OUT/i;

/** After these nothing more happens, and get request names no pause (§3). */
const TERMINAL: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'PARTIAL_FAILED', 'CANCELED', 'CANCELLED']);

export const isTerminal = (status: string): boolean => TERMINAL.has(status);

/** Is SENS still reading the request, so that its mails may not be listed yet? */
export const isPreparing = (status: string): boolean => PLAIN[status] === 'submitted';

/** Does the state add nothing yet to that of the request as a whole? */
export const isSilent = (status: string): boolean => isPreparing(status) || status === 'SENDING';

/** Statuses of a mail that only its detail explains, recipient by recipient. */
export const needsDetail = (status: string): boolean => status === 'FAILED' || status === 'PARTIAL_FAILED';

/** The report that a state gives, without the words about a failure. */
export function statusReport(address: string, status: string, success: SuccessMeans): RecipientReport {
  if (status === 'COMPLETED') return { address, status: success };
  if (OPTED_OUT.test(status)) return { address, status: 'unsubscribed', reason: 'recipient_opted_out' };
  const plain = PLAIN[status];
  return plain === undefined ? { address, unknownStatus: status } : { address, status: plain };
}

/** One recipient of a mail's detail. `mailStatus` is used where the recipient has no state of its own. */
export function recipientReport(recipient: MailRecipient, mailStatus: string, success: SuccessMeans): RecipientReport {
  const status = recipient.status ?? statusByResult(recipient, mailStatus);
  const { address } = recipient;
  const optedOut = status === 'FAILED' && OPTED_OUT.test(recipient.sendResultCode ?? '');
  const base = optedOut
    ? statusReport(address, 'UNSUBSCRIBED', success)
    : status === 'FAILED'
      ? failureReport(recipient)
      : statusReport(address, status, success);
  return { ...base, ...wordsOfResult(recipient) };
}

const SENT = 'MAIL_SENT';

/** Of a mail that failed in part, the result says whose part it was. */
function statusByResult({ sendResultCode: result }: MailRecipient, mailStatus: string): string {
  if (mailStatus !== 'PARTIAL_FAILED' || result === undefined || result === '') return mailStatus;
  return result === SENT ? 'COMPLETED' : 'FAILED';
}
