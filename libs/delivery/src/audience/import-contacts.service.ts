import { Injectable } from '@nestjs/common';
import { GatewayProblem, MAX_LISTED_FIELD_ERRORS, type FieldError } from '@gateway/core';
import {
  ContactImportRepository,
  GroupRepository,
  type ImportedRow,
  isUniqueViolation,
  type RefusedRow,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { PoolClient } from 'pg';

/** A file of contacts while it is read: good rows in pages, and what is wrong with the others. */
export interface ContactFile {
  readonly pages: AsyncIterable<readonly ImportedRow[]>;
  /** Rows that were refused while reading. */
  readonly rejected: number;
  readonly errors: readonly FieldError[];
  readonly errorCount: number;
  /** Pointer of an address in a row of this kind of file. */
  readonly addressPointer: (index: number) => string;
}

export interface ImportResult {
  /** Contacts that were made. */
  readonly imported: number;
  /** Rows that changed a contact which was there. */
  readonly updated: number;
  readonly rejected: number;
  /** The first ones, in the order of lines. */
  readonly errors: readonly FieldError[];
  readonly errorCount: number;
}

/** Imports a file of contacts in one transaction: bad rows are reported and left out, good ones are imported all or none. */
@Injectable()
export class ImportContactsService {
  constructor(
    private readonly imports: ContactImportRepository,
    private readonly groups: GroupRepository,
  ) {}

  async execute(tx: PoolClient, clientId: string, file: ContactFile): Promise<ImportResult> {
    await this.imports.stage(tx, file.pages);
    await this.imports.lock(tx, clientId);
    await this.imports.assign(tx, clientId);
    const missing = await this.imports.findMissingGroups(tx, clientId);
    await this.groups.insertMissing(
      tx,
      clientId,
      missing.map((name) => ({ id: newUuid(), name })),
    );
    const { count, first } = await this.imports.findRefused(tx, MAX_LISTED_FIELD_ERRORS);
    const merged = await this.merge(tx, clientId);
    const errors = [...file.errors, ...first.map((row) => conflict(row, file))];
    return {
      ...merged,
      rejected: file.rejected + count,
      errors: errors.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, MAX_LISTED_FIELD_ERRORS),
      errorCount: file.errorCount + count,
    };
  }

  private async merge(tx: PoolClient, clientId: string): Promise<{ imported: number; updated: number }> {
    try {
      return await this.imports.merge(tx, clientId);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const detail = 'Contacts of the file were changed by somebody else meanwhile; nothing was imported.';
      throw new GatewayProblem('overloaded', detail, { retryAfterSeconds: 1, cause: error });
    }
  }
}

const conflict = ({ line, address, index }: RefusedRow, file: ContactFile): FieldError => ({
  line,
  pointer: file.addressPointer(index),
  code: 'duplicate_address',
  detail: `${address} is the address of another contact`,
});
