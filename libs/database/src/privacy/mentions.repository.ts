import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import type { ErasureRange } from './erase-person.repository.js';
import { lookIntoSealed } from './sealed-mentions.js';
import * as sql from './mentions.sql.js';

const MESSAGES_AT_ONCE = 200;
/** Values of recipients are read in messages to no more than these: a look must not read whole campaigns. */
const MOST_RECIPIENTS = 1000;

/** Ids of messages, from the first to before the second. */
export interface MessageRange {
  readonly from: string;
  readonly until: string;
}

export interface LookedAt {
  /** How many messages were looked at. */
  readonly looked: number;
  /** Those of them that contain an address. */
  readonly messageIds: readonly string[];
  /** Those whose contents are encrypted with a key that is missing here. */
  readonly locked: number;
  /** The messages that are left to look at. */
  readonly rest: MessageRange | undefined;
}

interface Row {
  readonly id: string;
  readonly mentions: boolean;
  readonly sealed: boolean;
}

/** Addresses in the texts and values of mail to others. Reads only, a bounded page at a time. */
@Injectable()
export class MentionsRepository {
  constructor(private readonly database: Database) {}

  async rangeOf(days: number): Promise<MessageRange> {
    const [range] = (await this.database.pool.query<MessageRange>(sql.FIND_RANGE, [days])).rows;
    if (range === undefined) throw new Error('the database has not said which messages these are');
    return range;
  }

  /** @param addresses in lower case. */
  async look(
    addresses: readonly string[],
    clientId: ErasureRange,
    { from, until }: MessageRange,
    tx: Queryable = this.database.pool,
  ): Promise<LookedAt> {
    const values = [addresses, from, until, clientId, MESSAGES_AT_ONCE, MOST_RECIPIENTS];
    const { rows } = await tx.query<Row>(sql.LOOK_AT_MESSAGES, values);
    const oldest = rows.at(-1)?.id;
    const sealed = rows.filter((row) => row.sealed && !row.mentions).map(({ id }) => id);
    const into = { addresses: new Set(addresses), mostRecipients: MOST_RECIPIENTS };
    const { mentions: inSealed, locked } = await lookIntoSealed(tx, this.database.contents, sealed, into);
    return {
      looked: rows.length,
      messageIds: rows.filter(({ id, mentions }) => mentions || inSealed.has(id)).map(({ id }) => id),
      locked,
      rest: oldest === undefined || rows.length < MESSAGES_AT_ONCE ? undefined : { from, until: oldest },
    };
  }
}
