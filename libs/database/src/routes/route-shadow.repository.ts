import { Injectable } from '@nestjs/common';
import type { Recipient } from '@gateway/core';
import { toRecipient, type RecipientRow } from '../batches/rows.js';
import { ContentLockedError } from '../contents/content-locked.error.js';
import { unlessLocked, VariablesReader } from '../contents/message-contents.js';
import { Database, type Queryable } from '../database.js';
import * as sql from './route.sql.js';

/** One difference between what was sent and what the shadow account would send. */
export interface ShadowExample {
  readonly messageId: string;
  readonly pointer: string;
  readonly sent: string | number | null;
  readonly shadow: string | number | null;
}

export interface ShadowRow {
  readonly compared: number;
  readonly different: number;
  readonly examples: readonly ShadowExample[];
}

/** The last message looked at, by the account that sent it. */
export type ShadowCursors = Readonly<Record<string, string>>;

export interface ShadowTurn {
  readonly cursors: ShadowCursors;
  readonly examples: readonly ShadowExample[];
}

export interface ShadowedMessage {
  readonly id: string;
  readonly provider: string;
  readonly recipientCount: number;
}

export interface ShadowKey {
  readonly routeId: string;
  readonly account: string;
}

interface Backlog {
  readonly routeId: string;
  readonly cursors: ShadowCursors;
}

/** Differences that shadows of routes have found, and the messages that they have looked at. */
@Injectable()
export class RouteShadowRepository {
  constructor(private readonly database: Database) {}

  /** How far it has come; of a new one, nothing. */
  async findCursors({ routeId, account }: ShadowKey): Promise<ShadowCursors> {
    const { rows } = await this.database.pool.query<{ cursors: ShadowCursors }>(sql.FIND_CURSORS, [routeId, account]);
    return rows[0]?.cursors ?? {};
  }

  /** The turn of this transaction. @returns nothing while another has it. */
  async take(tx: Queryable, { routeId, account }: ShadowKey): Promise<ShadowTurn | undefined> {
    await tx.query(sql.MAKE_SHADOW, [routeId, account, '{}']);
    return (await tx.query<ShadowTurn>(sql.TAKE_SHADOW, [routeId, account])).rows[0];
  }

  /** The next messages, oldest first, some of each account. */
  async findNext(
    { routeId, cursors }: Backlog,
    limit: number,
    tx: Queryable = this.database.pool,
  ): Promise<readonly ShadowedMessage[]> {
    const values = [routeId, Object.keys(cursors), Object.values(cursors), limit];
    return (await tx.query<ShadowedMessage>(sql.FIND_UNSHADOWED, values)).rows;
  }

  /** Where to go on, for accounts whose backlog is longer than `most`: so that `left` are left of it. */
  async findLater(
    tx: Queryable,
    { routeId, cursors }: Backlog,
    { most, left }: { readonly most: number; readonly left: number },
  ): Promise<ShadowCursors> {
    const values = [routeId, Object.keys(cursors), Object.values(cursors), most, left];
    const { rows } = await tx.query<{ account: string; id: string }>(sql.FIND_LATER, values);
    return Object.fromEntries(rows.map(({ account, id }) => [account, id]));
  }

  /** The first recipients of messages; of messages that are locked, none. */
  async findRecipients(
    tx: Queryable,
    messageIds: readonly string[],
    most: number,
  ): Promise<ReadonlyMap<string, readonly Recipient[]>> {
    const { rows } = await tx.query<RecipientRow>(sql.FIND_FIRST_RECIPIENTS, [messageIds, most]);
    const reader = new VariablesReader(this.database.contents);
    const byMessage = Map.groupBy(rows, ({ messageId }) => messageId);
    const found = new Map<string, readonly Recipient[]>();
    for (const [id, some] of byMessage) {
      const recipients = unlessLocked(() => some.map((row) => toRecipient(row, reader)));
      if (!(recipients instanceof ContentLockedError)) found.set(id, recipients);
    }
    return found;
  }

  async add(
    tx: Queryable,
    { routeId, account }: ShadowKey,
    found: ShadowTurn & { readonly compared: number; readonly different: number },
  ): Promise<void> {
    const { compared, different, examples, cursors } = found;
    const values = [routeId, account, compared, different, JSON.stringify(examples), JSON.stringify(cursors)];
    await tx.query(sql.ADD_SHADOW, values);
  }

  /** Without examples whose messages have been erased. */
  async find(routeId: string, account: string): Promise<ShadowRow | undefined> {
    const row = await this.database.prisma.routeShadow.findUnique({
      where: { routeId_account: { routeId, account } },
    });
    if (row === null) return undefined;
    const examples = row.examples as unknown as readonly ShadowExample[];
    const ids = [...new Set(examples.map(({ messageId }) => messageId))];
    const { rows } = await this.database.pool.query<{ id: string }>(sql.FIND_UNERASED, [ids]);
    const kept = new Set(rows.map(({ id }) => id));
    return {
      compared: Number(row.compared),
      different: Number(row.different),
      examples: examples.filter(({ messageId }) => kept.has(messageId)),
    };
  }
}
