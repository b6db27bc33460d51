import type { Queryable } from '../database.js';
import * as sql from './lock-messages.sql.js';

/** Locks the messages of batches, in order: the counts move there, and two that hold each other's would wait for ever. */
export async function lockMessages(tx: Queryable, batches: readonly { readonly messageId: string }[]): Promise<void> {
  await tx.query({
    name: 'lock-messages',
    text: sql.LOCK_MESSAGES,
    values: [batches.map(({ messageId }) => messageId)],
  });
}
