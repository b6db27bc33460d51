import type { RecipientReport, ReportedStatus } from '@gateway/core';
import { failureReport, wordsOfResult, type SendResult } from '../send-result.js';

/** Meaning of the state of success: the receiving server took the mail, or only that the vendor handed it over. */
export type SuccessMeans = 'delivered' | 'sent';

/** One recipient in a mail's detail. */
export interface MailRecipient extends SendResult {
  readonly status?: string | null | undefined;
}

/** The states of a generation of the API, in its own words (ncp.md §2, sens.md §3 and §5). */
export interface StatusWords {
  readonly success: string;
  readonly failed: string;
  readonly partlyFailed: string;
  /** States that say all that is to be said. */
  readonly plain: Readonly<Record<string, ReportedStatus>>;
  isOptedOut(status: string): boolean;
}

/** Is the vendor still reading the request, so that its mails may not be listed yet? */
export const isPreparing = ({ plain }: StatusWords, status: string): boolean => plain[status] === 'submitted';

/** Does the state add nothing yet to that of the request as a whole? */
export const isSilent = (words: StatusWords, status: string): boolean =>
  isPreparing(words, status) || words.plain[status] === 'sending';

/** Does only the detail explain the mail, recipient by recipient? */
export const needsDetail = ({ failed, partlyFailed }: StatusWords, status: string): boolean =>
  status === failed || status === partlyFailed;

/** The report that a state gives, without the words about a failure. */
export function statusReport(
  words: StatusWords,
  { address, status }: { readonly address: string; readonly status: string },
  success: SuccessMeans,
): RecipientReport {
  if (status === words.success) return { address, status: success };
  if (words.isOptedOut(status)) return { address, status: 'unsubscribed', reason: 'recipient_opted_out' };
  const plain = words.plain[status];
  return plain === undefined ? { address, unknownStatus: status } : { address, status: plain };
}

/** One recipient of a mail's detail. `mailStatus` is used where the recipient has no state of its own. */
export function recipientReport(
  words: StatusWords,
  { recipient, mailStatus }: { readonly recipient: MailRecipient; readonly mailStatus: string },
  success: SuccessMeans,
): RecipientReport {
  const status = recipient.status ?? statusByResult(words, recipient, mailStatus);
  const { address } = recipient;
  return { ...reportOf(), ...wordsOfResult(recipient) };

  function reportOf(): RecipientReport {
    if (status !== words.failed) return statusReport(words, { address, status }, success);
    const optedOut = words.isOptedOut(recipient.sendResultCode ?? '');
    return optedOut ? { address, status: 'unsubscribed', reason: 'recipient_opted_out' } : failureReport(recipient);
  }
}

const SENT = 'MAIL_SENT';

/** Of a mail that failed in part, the result says whose part it was. */
function statusByResult(words: StatusWords, { sendResultCode: result }: MailRecipient, mailStatus: string): string {
  if (mailStatus !== words.partlyFailed || !result) return mailStatus;
  return result === SENT ? words.success : words.failed;
}
