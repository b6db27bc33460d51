import type { Reason } from '@gateway/core';

/** One step that helps against a reason, where there is one. */
export const adviceOn: Readonly<Partial<Record<Reason, string>>> = {
  invalid_address: 'Correct the address in the data from which the message was made.',
  unknown_user: 'The mailbox does not exist: ask for another address, and do not send to this one again.',
  domain_not_found: 'The domain does not exist: check the address for a typing error.',
  mailbox_full: 'The mailbox is full: send again later.',
  blocked_spam: 'Check the content, and the SPF, DKIM and DMARC records of the sender domain.',
  blocked_policy: 'Read the words of the receiving server: they say which policy refused the mail.',
  auth_failed: "Check the account's keys, and the SPF, DKIM and DMARC records of the sender domain.",
  too_large: 'Send less: smaller attachments, or a shorter body.',
  content: 'Change the content; the words of the provider say what it did not accept.',
  sender_not_verified: 'Verify the sender address or its domain in the console of the provider.',
  recipient_opted_out: 'The recipient wants no such mail.',
  provider_suppressed: "Remove the address from the provider's own list if it is known to work again.",
  quota: 'Wait for the next period, raise the quota of the account, or send through another one.',
  throttled: 'It is tried again by itself, more slowly.',
  provider_unavailable: 'GET /v1/providers shows the health of the account.',
  provider_refused: 'The code and the words of the provider say why.',
  template_error: 'Give every recipient all variables of the template.',
  expired: 'No provider accepted it in time (EXPIRE_MS): the timeline shows why.',
};
