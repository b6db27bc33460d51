import { Injectable } from '@nestjs/common';
import { withheldOf, type RecipientStatus } from '@gateway/core';
import { ContentLockedError } from '../contents/content-locked.error.js';
import { unlessLocked, VariablesReader, type KeptVariables } from '../contents/message-contents.js';
import { Database } from '../database.js';
import type { RecipientStateRow } from '../batches/rows.js';
import * as sql from './recipient.sql.js';

export interface RecipientFilter {
  readonly status?: RecipientStatus;
  readonly address?: string;
}

/**
 * Names of the accounts that send now. Mail queued at another one shows as `deferred`. Unless given, recipients show
 * what is written.
 */
export type SendingAccounts = readonly string[] | undefined;

/** Reads of single recipients for status endpoints: a page each, by key. */
@Injectable()
export class RecipientRepository {
  constructor(private readonly database: Database) {}

  /** Recipients of a client's message after a position, in order; none of an erased one. */
  async findByMessage(
    { clientId, messageId }: { readonly clientId: string; readonly messageId: string },
    filter: RecipientFilter,
    page: { readonly after: number; readonly limit: number },
    sending?: SendingAccounts,
  ): Promise<RecipientStateRow[]> {
    const { rows } = await this.database.lookups.query<RecipientStateRow>({
      ...statementFor(filter),
      values: [
        ...[messageId, page.after, filter.status ?? null, filter.address ?? null, page.limit, clientId],
        sending ?? null,
      ],
    });
    return rows;
  }

  /** The values of a recipient's own; null where they are not shown, because they are a login code or locked. */
  async findVariables({ messageId, position }: Pick<RecipientStateRow, 'messageId' | 'position'>): Promise<unknown> {
    const { rows } = await this.database.pool.query<KeptVariables & { readonly category: string }>(sql.FIND_VARIABLES, [
      messageId,
      position,
    ]);
    const [row] = rows;
    if (row === undefined) return {};
    if (withheldOf(row.category) !== null) return null;
    const read = unlessLocked(() => new VariablesReader(this.database.contents).read(messageId, row));
    return read instanceof ContentLockedError ? null : (read ?? {});
  }

  /** Everything that a client has sent to an address, newest message first. */
  async findByAddress(
    clientId: string,
    address: string,
    page: {
      readonly before: { readonly messageId: string; readonly position: number } | undefined;
      readonly limit: number;
    },
    sending?: SendingAccounts,
  ): Promise<RecipientStateRow[]> {
    const { rows } = await this.database.lookups.query<RecipientStateRow>({
      name: 'find-mail-to-address',
      text: sql.FIND_BY_ADDRESS,
      values: [
        ...[clientId, address, page.before?.messageId ?? LAST_ID, page.before?.position ?? 0, page.limit],
        sending ?? null,
      ],
    });
    return rows;
  }
}

/** A plan each: one address is looked up, those of a status are found by the counts of batches, all are read in order. */
function statementFor({ address, status }: RecipientFilter): { readonly name: string; readonly text: string } {
  if (address !== undefined) return { name: 'find-recipient-of-address', text: sql.FIND_ADDRESS_IN_MESSAGE };
  if (status !== undefined) return { name: 'find-recipients-of-status', text: sql.FIND_BY_STATUS };
  return { name: 'find-recipients', text: sql.FIND_BY_MESSAGE };
}

/** Behind every id. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
