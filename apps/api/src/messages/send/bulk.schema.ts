import { reasons, recipientStatuses } from '@gateway/core';
import { z } from 'zod';

export const MAX_MESSAGES = 1000;

/** Each message is checked by itself, so that one that is wrong does not keep the others. */
export const messageBatch = z.strictObject({
  messages: z
    .array(z.unknown())
    .min(1)
    .max(MAX_MESSAGES)
    .meta({ description: '1 to 1,000 messages, each as for `POST /v1/messages`' }),
});

const REDRIVABLE = ['failed', 'rejected', 'expired', 'bounced', 'cancelled', 'suppressed', 'unsubscribed'] as const;

export const redrive = z.strictObject({
  statuses: z
    .array(z.enum(recipientStatuses).pipe(z.enum(REDRIVABLE)))
    .min(1)
    .optional()
    .meta({ description: 'Recipients with these statuses; default: failed, rejected, expired, and bounced softly' }),
  reasons: z.array(z.enum(reasons)).min(1).optional().meta({ description: 'Only those with these reasons' }),
  dryRun: z.boolean().default(false).meta({ description: 'Only count them' }),
});
