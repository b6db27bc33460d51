/** How one way of not being delivered looks to each vendor. */
export interface Reason {
  /** Raw SMTP reply of the receiving server, without line end. */
  readonly smtpReply: string;
  /** NCP `sendResultCode` (ncp.md §9, an open list). */
  readonly ncpCode: string;
  /** NCP `sendResultCodeMessage` in English; the real texts are not published. */
  readonly ncpText: string;
  /** RFC 3463 code for NHN `dsnCode` (v1.7 and later). */
  readonly dsnCode: string;
}

const reason = (smtpReply: string, ncpCode: string, ncpText: string): Reason => ({
  smtpReply,
  ncpCode,
  ncpText,
  dsnCode: smtpReply.split(' ')[1] ?? '5.0.0',
});

/** Every reason word that may follow `bounce+`, `fail+` or `late-bounce+`; see README.md, "Address grammar". */
export const REASONS = {
  unknown: reason('554 5.0.0 Transaction failed', 'SMTP_ERROR', 'SMTP error'),
  unknown_user: reason('550 5.1.1 No such user', 'RECIPIENT_ADDRESS_ERROR', 'Recipient address error'),
  invalid_address: reason('553 5.1.3 Bad recipient address', 'RECIPIENT_ADDRESS_ERROR', 'Recipient address error'),
  mailbox_full: reason('452 4.2.2 Mailbox is over quota', 'MAILBOX_ERROR', 'Mailbox error'),
  mailbox_disabled: reason('550 5.2.1 Mailbox disabled', 'MAILBOX_ERROR', 'Mailbox error'),
  domain_not_found: reason(
    '550 5.1.2 Host or domain name not found',
    'NONEXISTENT_DOMAIN_ADDRESS',
    'Recipient domain does not exist',
  ),
  blocked_spam: reason('554 5.7.1 Message rejected as spam', 'SECURITY_AND_POLICY_ERROR', 'Security and policy error'),
  blocked_policy: reason('550 5.7.0 Blocked by local policy', 'SECURITY_AND_POLICY_ERROR', 'Security and policy error'),
  auth_failed: reason(
    '550 5.7.26 Unauthenticated mail is not accepted: SPF, DKIM or DMARC missing',
    'SECURITY_AND_POLICY_ERROR',
    'Security and policy error',
  ),
  too_large: reason('552 5.3.4 Message too big for system', 'MAIL_CONTENTS_ERROR', 'Mail contents error'),
  content: reason('554 5.6.0 Message content rejected', 'MAIL_CONTENTS_ERROR', 'Mail contents error'),
  throttled: reason('421 4.7.0 Too many messages, try again later', 'SMTP_ERROR', 'SMTP error'),
  server_error: reason('451 4.3.0 Local error in processing', 'RECEIVE_MAIL_SERVICE_ERROR', 'Receiving server error'),
  network: reason('421 4.4.2 Connection dropped', 'NETWORK_ERROR', 'Connection reset'),
  send_block: reason('550 5.1.0 Address blocked', 'SEND_BLOCK_ADDRESS', 'Recipient is on the send block list'),
} as const satisfies Record<string, Reason>;

export type ReasonWord = keyof typeof REASONS;

/** Narrows a word from an address to a known reason. */
export const isReasonWord = (word: string): word is ReasonWord => Object.hasOwn(REASONS, word);
