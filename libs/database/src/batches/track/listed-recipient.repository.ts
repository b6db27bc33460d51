import { Injectable } from '@nestjs/common';
import { normaliseAddress, type RecipientReport } from '@gateway/core';
import type { Queryable } from '../../database.js';
import type { BatchRow } from '../rows.js';
import * as sql from './listed-recipient.sql.js';

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
    const { rowCount } = await tx.query(sql.INSERT, [
      batch.messageId,
      batch.positionFrom + batch.recipientCount,
      spelled.map(({ address }) => address),
      spelled.map(({ mailId }) => mailId),
    ]);
    const inserted = rowCount ?? 0;
    if (inserted === 0) return { batch, inserted };
    await tx.query(sql.GROW_MESSAGE, [batch.messageId, inserted]);
    const { rows } = await tx.query<BatchRow>(sql.GROW_BATCH, [batch.id, inserted]);
    return { batch: rows[0] ?? batch, inserted };
  }
}
