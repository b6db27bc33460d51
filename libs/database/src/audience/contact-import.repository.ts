import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { keyLock } from '../advisory-locks.js';
import { copyLine, copyRows, type Pages } from '../copy.js';
import type { Queryable } from '../database.js';
import type { NewContact } from './contact.repository.js';
import { mergeRows, takeOwners } from './contact-import.sql.js';

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

/** A row that can't be taken over, because somebody else has its address. */
export interface RefusedRow {
  readonly line: number;
  readonly address: string;
  /** Its place among the row's addresses, from 0. */
  readonly index: number;
}

/** Brings a file of contacts into the tables by a few statements, whatever its length. */
@Injectable()
export class ContactImportRepository {
  /** Streams the rows into a table of this transaction. */
  async stage(tx: PoolClient, pages: Pages<ImportedRow>): Promise<void> {
    await tx.query(
      `CREATE TEMP TABLE import_row (
         line bigint PRIMARY KEY, id uuid, external_id text, name text, addresses text[], groups text[],
         attributes jsonb, contact_id uuid, refused boolean NOT NULL DEFAULT false
       ) ON COMMIT DROP`,
    );
    await copyRows(tx, 'COPY import_row (line, id, external_id, name, addresses, groups, attributes) FROM STDIN', {
      pages,
      line: (row) =>
        copyLine([
          ...[row.line, row.id, row.externalId, row.name, textArray(row.addresses), textArray(row.groups)],
          row.attributes && JSON.stringify(row.attributes),
        ]),
    });
    await tx.query('ANALYZE import_row');
  }

  /** Imports of one client come one after the other, so that each sees what the others made. */
  async lock(tx: Queryable, clientId: string): Promise<void> {
    // The one before may be long.
    await tx.query('SET LOCAL lock_timeout = 0');
    await tx.query(`SELECT pg_advisory_xact_lock(${keyLock('contactImport', '$1')})`, [clientId]);
  }

  /** Names of groups that the rows speak of, and that the client has not. */
  async findMissingGroups(tx: Queryable, clientId: string): Promise<string[]> {
    const { rows } = await tx.query<{ name: string }>(
      `SELECT DISTINCT n.name FROM import_row, unnest(groups) AS n (name) WHERE NOT refused
       EXCEPT SELECT name FROM contact_group WHERE client_id = $1 ORDER BY name`,
      [clientId],
    );
    return rows.map(({ name }) => name);
  }

  /** Finds out whose each row is, and refuses rows with an address that is another's. */
  async assign(tx: Queryable, clientId: string): Promise<void> {
    for (const statement of takeOwners) await tx.query(statement, statement.includes('$1') ? [clientId] : []);
  }

  async findRefused(tx: Queryable, limit: number): Promise<{ count: number; first: RefusedRow[] }> {
    const { rows: counted } = await tx.query<{ count: string }>('SELECT count(*) FROM import_row WHERE refused');
    const { rows } = await tx.query<{ line: string; address: string; index: number }>(
      `SELECT DISTINCT ON (c.line) c.line, c.address, c.position::int - 1 AS index
       FROM import_conflict c ORDER BY c.line, c.position LIMIT $1`,
      [limit],
    );
    return {
      count: Number(counted[0]?.count ?? 0),
      first: rows.map(({ line, ...rest }) => ({ line: Number(line), ...rest })),
    };
  }

  /** Writes what the rows say. @returns contacts that were made, and rows that changed one that was there. */
  async merge(tx: Queryable, clientId: string): Promise<{ imported: number; updated: number }> {
    const { rows } = await tx.query<{ taken: string }>('SELECT count(*) AS taken FROM import_row WHERE NOT refused');
    let imported = 0;
    for (const { name, text } of mergeRows) {
      const { rowCount } = await tx.query(text, text.includes('$1') ? [clientId] : []);
      if (name === 'insert contacts') imported = rowCount ?? 0;
    }
    return { imported, updated: Number(rows[0]?.taken ?? 0) - imported };
  }
}

const textArray = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
