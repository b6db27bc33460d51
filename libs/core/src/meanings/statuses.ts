import { batchStates, type BatchStatus } from '../batch-status.js';
import type { MessageStatus } from '../message-status.js';
import type { RecipientStatus } from '../recipient-status.js';

// One sentence for each status. The OpenAPI document and docs/glossary.md show these sentences.

export const messageStatusMeanings: Readonly<Record<MessageStatus, string>> = {
  held: 'All recipients are waiting for the release of the message.',
  scheduled: 'All recipients are waiting for `sendAt`.',
  queued: 'All recipients are waiting to be sent.',
  sending: 'At least one recipient has left the queue, and at least one is not settled yet.',
  completed: 'All recipients are settled, and none of them failed, bounced, was rejected or expired.',
  partially_failed:
    'All recipients are settled; some were sent the mail, and some failed, bounced, were rejected or expired.',
  failed:
    'All recipients are settled; at least one failed, bounced, was rejected or expired, and none was sent the mail.',
  cancelled: 'All recipients are settled; at least one was cancelled, and none was sent the mail or failed.',
};

export const recipientStatusMeanings: Readonly<Record<RecipientStatus, string>> = {
  held: 'The message is not sent until it is released.',
  scheduled: 'The message is waiting for its `sendAt`.',
  queued: 'The recipient is waiting for a worker to send its batch.',
  deferred:
    'The batch cannot be sent at the moment; it is tried again at its `nextAttemptAt`, or when its account sends again.',
  dispatching: 'A worker is sending the batch to the provider.',
  unconfirmed:
    'A request was sent and its answer never arrived; the gateway asks the provider before it sends anything again.',
  submitted: 'The provider accepted the request and has not started to send.',
  sending: 'The provider is sending the mail.',
  sent: 'The provider handed the mail over, without proof of receipt.',
  delivered: 'The receiving mail server accepted the mail.',
  bounced: 'The receiving mail server refused the mail or returned it.',
  failed: 'The mail could not be delivered, or the provider refused the request that contained it.',
  rejected: 'The gateway or the provider refused this recipient, and the mail was not sent.',
  suppressed: 'The address is on the suppression list, and the mail was not sent.',
  unsubscribed: 'The provider did not send the mail because the recipient has opted out there.',
  cancelled: 'The mail was cancelled before it was sent.',
  expired:
    'The time limit `EXPIRE_MS` ended before a provider accepted the mail, a look-up was answered, or a final status was reported.',
};

export const batchStatusMeanings = Object.fromEntries(
  Object.entries(batchStates).map(([status, { meaning }]) => [status, meaning]),
) as Readonly<Record<BatchStatus, string>>;
