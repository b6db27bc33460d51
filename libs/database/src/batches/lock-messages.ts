import type { Queryable } from '../database.js';

/** Locks the messages of batches, in order: the counts move there, and two that hold each other's would wait for ever. */
export async function lockMessages(tx: Queryable, batches: readonly { readonly messageId: string }[]): Promise<void> {
  await tx.query({
    name: 'lock-messages',
    text: 'SELECT FROM message WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE',
    values: [batches.map(({ messageId }) => messageId)],
  });
}
