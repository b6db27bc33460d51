import { bounceTypeOf, type BounceType, type Reason } from '@gateway/core';

/** Reply of a receiving server: its code (`550`) and its enhanced status (`5.1.1`, RFC 3463), where they are given. */
export interface SmtpReply {
  readonly code?: string;
  readonly enhanced?: string;
  readonly text: string;
}

// The reply begins the text, or follows "… said:" when the vendor's own words come first.
const REPLY_CODE = /(?:^\W*|\b(?:said|reply|response|returned):?\s+)([245]\d\d)(?=[\s-]|$)/i;
const ENHANCED = /(?:^|[\s#(-])([245]\.\d{1,3}\.\d{1,3})(?=\D|$)/;

/** @returns `undefined` when the text holds no SMTP reply, such as `Connection reset`. */
export function readSmtpReply(text: string): SmtpReply | undefined {
  const code = REPLY_CODE.exec(text)?.[1];
  const enhanced = ENHANCED.exec(text)?.[1];
  if (code === undefined && enhanced === undefined) return undefined;
  return { ...(code !== undefined && { code }), ...(enhanced !== undefined && { enhanced }), text };
}

/** Did the server refuse, for now or for good? */
export const isRefusal = ({ code, enhanced }: SmtpReply): boolean => /^[45]/.test(code ?? enhanced ?? '');

// Subject and detail of an enhanced status, whatever its class: RFC 3463, RFC 7372 (7.20 to 7.26), RFC 7505 (1.10).
const BY_DETAIL: Readonly<Record<string, Reason>> = {
  '1.0': 'unknown_user',
  '1.1': 'unknown_user',
  '1.2': 'domain_not_found',
  '1.3': 'invalid_address',
  '1.6': 'unknown_user',
  '1.10': 'domain_not_found',
  '2.1': 'unknown_user',
  '2.2': 'mailbox_full',
  '2.3': 'too_large',
  '3.4': 'too_large',
  '4.4': 'domain_not_found',
  '7.20': 'auth_failed',
  '7.21': 'auth_failed',
  '7.22': 'auth_failed',
  '7.23': 'auth_failed',
  '7.24': 'auth_failed',
  '7.26': 'auth_failed',
  '7.28': 'throttled',
};
const BY_SUBJECT: Readonly<Record<string, Reason>> = { '6': 'content', '7': 'blocked_policy' };
const BY_CODE: Readonly<Record<string, Reason>> = { '421': 'throttled', '452': 'mailbox_full', '552': 'mailbox_full' };
const SPAM = /spam|junk|black ?list|block ?list|reputation|\bRBL\b/i;

/** The server's reason for the refusal; `undefined` when its reply has none. */
export function reasonOfReply({ code, enhanced, text }: SmtpReply): Reason | undefined {
  if (enhanced === undefined) return BY_CODE[code ?? ''];
  const [kind, subject = '', detail = ''] = enhanced.split('.');
  // 4.7.z is greylisting and pacing, not policy.
  if (kind === '4' && subject === '7') return 'throttled';
  const known = BY_DETAIL[`${subject}.${detail}`] ?? BY_SUBJECT[subject];
  return known === 'blocked_policy' && SPAM.test(text) ? 'blocked_spam' : known;
}

/** A refusal for now (4yz) is soft whatever its reason. */
export const bounceTypeOfReply = ({ code, enhanced }: SmtpReply, reason: Reason): BounceType =>
  (enhanced ?? code ?? '').startsWith('4') ? 'soft' : bounceTypeOf(reason);
