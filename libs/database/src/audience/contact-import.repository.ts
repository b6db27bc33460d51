import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { copyLine, copyRows, type Pages } from '../copy.js';
import type { Queryable } from '../database.js';
import type { NewContact } from './contact.repository.js';
import * as sql from './contact-import.sql.js';

/** One row of an import, checked and normalised. */
export interface ImportedRow {
  /** The line of the body, counted from 1; later lines win. */
  readonly line: number;
  /** Becomes the contact's id if it is a new one. */
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string | null;
  readonly addresses: readonly string[];
  readonly groups: readonly string[];
  readonly attributes: NewContact['attributes'] | null;
}

/** A row that cannot be imported, because another contact has its address. */
export interface RefusedRow {
  readonly line: number;
  readonly address: string;
  /** Its place among the row's addresses, from 0. */
  readonly index: number;
}

/** Imports a file of contacts of any length with a few statements. */
@Injectable()
export class ContactImportRepository {
  /** Streams the rows into a table of this transaction. */
  async stage(tx: PoolClient, pages: Pages<ImportedRow>): Promise<void> {
    await tx.query(sql.CREATE_ROWS);
    await copyRows(tx, sql.COPY_ROWS, {
      pages,
      line: (row) =>
        copyLine([
          row.line,
          row.id,
          row.externalId,
          row.name,
          textArray(row.addresses),
          textArray(row.groups),
          row.attributes && JSON.stringify(row.attributes),
        ]),
    });
    await tx.query(sql.ANALYZE_ROWS);
  }

  /** Imports of one client run one after the other, so that each sees the contacts of the others. */
  async lock(tx: Queryable, clientId: string): Promise<void> {
    // The one before may be long.
    await tx.query(sql.WAIT_AS_LONG_AS_IT_TAKES);
    await tx.query(sql.LOCK, [clientId]);
  }

  /** Names of groups in the rows that the client does not have. */
  async findMissingGroups(tx: Queryable, clientId: string): Promise<string[]> {
    const { rows } = await tx.query<{ name: string }>(sql.FIND_MISSING_GROUPS, [clientId]);
    return rows.map(({ name }) => name);
  }

  /** Finds the contact of each row, and refuses rows with an address of another contact. */
  async assign(tx: Queryable, clientId: string): Promise<void> {
    for (const statement of sql.takeOwners) await tx.query(statement, statement.includes('$1') ? [clientId] : []);
  }

  async findRefused(tx: Queryable, limit: number): Promise<{ count: number; first: RefusedRow[] }> {
    const { rows: counted } = await tx.query<{ count: string }>(sql.COUNT_REFUSED);
    const { rows } = await tx.query<{ line: string; address: string; index: number }>(sql.FIND_REFUSED, [limit]);
    return {
      count: Number(counted[0]?.count ?? 0),
      first: rows.map(({ line, ...rest }) => ({ line: Number(line), ...rest })),
    };
  }

  /** Writes what the rows say. @returns contacts that were made, and rows that changed one that was there. */
  async merge(tx: Queryable, clientId: string): Promise<{ imported: number; updated: number }> {
    const { rows } = await tx.query<{ taken: string }>(sql.COUNT_TAKEN);
    let imported = 0;
    for (const statement of sql.mergeRows) {
      const { rowCount } = await tx.query(statement, statement.includes('$1') ? [clientId] : []);
      if (statement === sql.INSERT_CONTACTS) imported = rowCount ?? 0;
    }
    return { imported, updated: Number(rows[0]?.taken ?? 0) - imported };
  }
}

const textArray = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
