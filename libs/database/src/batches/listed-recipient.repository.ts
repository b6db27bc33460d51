import { Injectable } from '@nestjs/common';
import { normaliseAddress, type RecipientReport } from '@gateway/core';
import type { Queryable } from '../database.js';
import { batchColumns, type BatchRow } from './rows.js';

/** Recipients of messages to a provider's list: they are inserted when the provider reports them. */
@Injectable()
export class ListedRecipientRepository {
  /**
   * Writes those that are not there yet, unless the message was erased meanwhile; they follow the batch, and the counts with them. The caller has locked it.
   * @returns the batch with its new range, and how many there were.
   */
  async insert(
    tx: Queryable,
    batch: BatchRow,
    reports: readonly RecipientReport[],
  ): Promise<{ readonly batch: BatchRow; readonly inserted: number }> {
    const spelled = reports
      .map(({ address, mailId = null }) => ({ address: normaliseAddress(address) ?? address.trim(), mailId }))
      .filter(({ address }) => address !== '');
    const { rowCount } = await tx.query(
      `INSERT INTO recipient (message_id, position, address, type, mail_id)
       SELECT $1, $2::int + row_number() OVER (ORDER BY n.place) - 1, n.address, 'to'::recipient_type, n.mail_id
       FROM (
         SELECT DISTINCT ON (lower(t.address)) t.* FROM unnest($3::text[], $4::text[])
           WITH ORDINALITY AS t (address, mail_id, place)
         ORDER BY lower(t.address), t.place
       ) AS n
       WHERE NOT EXISTS (SELECT FROM recipient r WHERE r.message_id = $1 AND lower(r.address) = lower(n.address))
         AND NOT EXISTS (SELECT FROM message m WHERE m.id = $1 AND m.erased_at IS NOT NULL)`,
      [
        batch.messageId,
        batch.positionFrom + batch.recipientCount,
        spelled.map(({ address }) => address),
        spelled.map(({ mailId }) => mailId),
      ],
    );
    const inserted = rowCount ?? 0;
    if (inserted === 0) return { batch, inserted };
    await tx.query('UPDATE message SET recipient_count = recipient_count + $2 WHERE id = $1', [
      batch.messageId,
      inserted,
    ]);
    const { rows } = await tx.query<BatchRow>(
      `UPDATE batch b SET recipient_count = recipient_count + $2, follower_count = follower_count + $2,
         position_to = position_from + recipient_count + $2 - 1
       WHERE id = $1 RETURNING ${batchColumns}`,
      [batch.id, inserted],
    );
    return { batch: rows[0] ?? batch, inserted };
  }
}
