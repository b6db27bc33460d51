import type { Reason } from '../recipient-status.js';

/** One sentence for each reason. The OpenAPI document and docs/glossary.md show these sentences. */
export const reasonMeanings: Readonly<Record<Reason, string>> = {
  invalid_address: 'The address is not valid.',
  unknown_user: 'The mailbox does not exist.',
  mailbox_full: 'The mailbox is full.',
  domain_not_found: 'The domain does not exist or receives no mail.',
  blocked_spam: 'The mail was blocked as spam.',
  blocked_policy: 'A policy of the receiving server or of the provider blocked the mail.',
  auth_failed:
    "The provider refused the account's credentials, or the receiving server could not authenticate the sender (SPF, DKIM, DMARC).",
  too_large: 'The mail or the request is too large.',
  content: 'The content of the mail was refused.',
  sender_not_verified: 'The sender address or its domain is not verified at the provider.',
  recipient_opted_out: 'The recipient has opted out.',
  provider_suppressed: 'The provider does not send to this address, for example because it bounced before.',
  quota: "The account's quota is used up.",
  throttled: 'The rate limit of the account, the provider or the receiving server was reached.',
  provider_unavailable: 'The account cannot be used: it is paused, not configured or not reachable.',
  provider_refused: 'The provider refused the request for another reason; its own code and message say why.',
  template_error: 'A variable has no value, or the template could not be rendered.',
  cancelled_by_caller: 'The caller cancelled the message.',
  expired: 'The time limit `EXPIRE_MS` has passed.',
  unknown: 'The provider gave no reason that the gateway recognises.',
};
