import type { Reason, RecipientReport } from '@gateway/core';
import { bounceTypeOfReply, isRefusal, readSmtpReply, reasonOfReply } from '../shared/smtp-reply.js';

/** The result that NAVER Cloud reports for a recipient (ncp.md §9, sens.md §6). */
export interface SendResult {
  readonly address: string;
  readonly sendResultCode?: string | null | undefined;
  readonly sendResultMessage?: string | null | undefined;
  readonly sendResultCodeMessage?: string | null | undefined;
}

/** The vendor has not tried the address, as it bounced hard before (ncp.md §8). */
export const BLOCKED = 'SEND_BLOCK_ADDRESS';

/** Names of ncp.md §9, an open list. The SMTP reply, where there is one, is more exact, but for these two. */
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

/** A failure: a bounce where the receiving server refused. */
export function failureReport({ address, ...result }: SendResult): RecipientReport {
  const code = result.sendResultCode ?? '';
  const reply = replyIn(result);
  const reason = EXACT[code] ?? (reply && reasonOfReply(reply)) ?? BY_RESULT[code] ?? 'unknown';
  if (reply === undefined || !isRefusal(reply)) return { address, status: 'failed', reason };
  return { address, status: 'bounced', reason, bounceType: bounceTypeOfReply(reply, reason) };
}

/** SENS does not document which member holds the reply of the receiving server. */
const replyIn = ({ sendResultMessage, sendResultCodeMessage, sendResultCode }: Omit<SendResult, 'address'>) =>
  [sendResultMessage, sendResultCodeMessage, sendResultCode]
    .map((text) => readSmtpReply(text ?? ''))
    .find((reply) => reply !== undefined);

/** The vendor's code and words, for people. */
export function wordsOfResult(result: SendResult): Pick<RecipientReport, 'code' | 'message'> {
  const code = result.sendResultCode ?? undefined;
  const message = (result.sendResultMessage || result.sendResultCodeMessage)?.trim();
  return { ...(code !== undefined && { code }), ...(message !== undefined && message !== '' && { message }) };
}
