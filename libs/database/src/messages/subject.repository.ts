import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import { FIND_SUBJECT } from './message-state.sql.js';
import { shown } from './shown-texts.js';

/** The subject of a message is nowhere but in the message. */
@Injectable()
export class SubjectRepository {
  constructor(private readonly database: Database) {}

  /** @returns null where it is not shown, or erased. */
  async find(tx: Queryable, id: string): Promise<string | null> {
    const { rows } = await tx.query<SubjectRow>(FIND_SUBJECT, [id]);
    return rows[0] === undefined ? null : shown(this.database.contents, rows[0]).subject;
  }
}

interface SubjectRow {
  readonly id: string;
  readonly category: string;
  readonly subject: string;
  readonly contentKey: string | null;
}
