import type { Queryable } from './database.js';
import * as sql from './database.sql.js';

/** The parent of all of them. */
export const RECIPIENT = 'recipient';

/**
 * The table in which the recipients of a message lie: the partition of the month that is written in its UUIDv7, by its
 * own name, because routing each row through the parent costs a fifth of a COPY. The parent, where there is none.
 */
export async function partitionFor(client: Queryable, messageId: string): Promise<string> {
  const name = partitionName(messageId);
  const { rows } = await client.query<{ there: boolean }>(sql.IS_RECIPIENT_PARTITION, [name]);
  return rows[0]?.there === true ? name : RECIPIENT;
}

/** As `ensure_partitions` names them: `recipient_2026_11`, by UTC. */
function partitionName(messageId: string): string {
  const at = new Date(Number.parseInt(messageId.slice(0, 8) + messageId.slice(9, 13), 16));
  return `recipient_${at.getUTCFullYear()}_${String(at.getUTCMonth() + 1).padStart(2, '0')}`;
}
