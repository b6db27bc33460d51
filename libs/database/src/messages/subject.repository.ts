import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import { FIND_SUBJECTS } from './message-state.sql.js';
import { shown } from './shown-texts.js';

/** The subject of a message is nowhere but in the message. */
@Injectable()
export class SubjectRepository {
  constructor(private readonly database: Database) {}

  /** @returns for each of the messages, in their order, its subject; null where it is not shown, or erased. */
  async findMany(tx: Queryable, ids: readonly string[]): Promise<readonly (string | null)[]> {
    const { rows } = await tx.query<SubjectRow>(FIND_SUBJECTS, [ids]);
    const subjects = new Map(rows.map((row) => [row.id, shown(this.database.contents, row).subject]));
    return ids.map((id) => subjects.get(id) ?? null);
  }
}

interface SubjectRow {
  readonly id: string;
  readonly category: string;
  readonly subject: string;
  readonly contentKey: string | null;
}
