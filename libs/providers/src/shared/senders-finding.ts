import type { CheckFinding } from '@gateway/core';

const MOST_NAMED = 10;
const READABLE = /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~@-]{3,200}$/u;

/** For vendors without a call for it: the senders of recent mail, as far as they are known. */
export function sendersFinding(recent: readonly (string | null | undefined)[]): CheckFinding {
  const senders = [...new Set(recent)].filter((sender) => typeof sender === 'string' && READABLE.test(sender));
  const seen =
    senders.length === 0
      ? 'and no mail of the last 24 hours was found'
      : `senders of the last 24 hours: ${senders.slice(0, MOST_NAMED).join(', ')}${senders.length > MOST_NAMED ? ', …' : ''}`;
  const detail = `no call of the vendor lists the registered sender domains; ${seen}`;
  return { subject: 'senders', outcome: 'ok', detail };
}
