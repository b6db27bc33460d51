import { Injectable } from '@nestjs/common';
import type { Category, ResolvedAudience } from '@gateway/core';
import { openTexts } from '../contents/message-contents.js';
import { Database, type Queryable } from '../database.js';
import * as sql from './audience.sql.js';
import type { ExpansionRules } from './audience.sql.js';
import { insertSealed } from './sealed-recipients.js';
import type { MessageContentRow } from '../batches/rows.js';

export type { ExpansionRules } from './audience.sql.js';

/** A message that is due and has no recipients yet. */
export interface WaitingMessage extends Pick<
  MessageContentRow,
  'id' | 'clientId' | 'category' | 'subject' | 'html' | 'text' | 'variables'
> {
  readonly provider: string;
  readonly providerTemplateId: string | null;
  readonly audience: ResolvedAudience;
  readonly dueAt: Date;
}

/** The same as it is kept: with a key, its texts are encrypted. */
export type KeptWaitingMessage = WaitingMessage & { readonly contentKey: string | null };

/** The recipients that an audience was expanded to. */
export interface ExpandedAudience {
  /** Recipients that get the message; they come first. */
  readonly able: number;
  /** Recipients that can't get it, by reason; they come last. */
  readonly unable: number;
  /** Bytes of the largest recipient. */
  readonly largest: number;
}

export interface AudienceSample extends ExpandedAudience {
  /** Of those that are able, how many are on the list of suppressions. */
  readonly suppressed: number;
  readonly first: readonly {
    readonly address: string;
    readonly name: string | null;
    readonly variables: Record<string, string> | null;
  }[];
}

/** Nothing is left to be done about the audience of a message. */
const EXPANDED = { expansion: null, expandAt: null } as const;

/** Finds the recipients of messages to an audience, in the database, however many they are. */
@Injectable()
export class AudienceRepository {
  constructor(private readonly database: Database) {}

  /** Is there any message whose recipients must be found now? */
  async isOneWaiting(providers: readonly string[]): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ waits: boolean }>({
      name: 'is-audience-waiting',
      text: sql.IS_ONE_WAITING,
      values: [providers],
    });
    return rows[0]?.waits === true;
  }

  /**
   * Takes the most urgent message whose recipients must be found now, and keeps it from other workers until the
   * transaction ends: a worker that crashes leaves everything as it was.
   */
  async takeWaiting(tx: Queryable, providers: readonly string[]): Promise<KeptWaitingMessage | undefined> {
    return (await tx.query<KeptWaitingMessage>(sql.TAKE_WAITING, [providers])).rows[0];
  }

  /** Decrypts the texts of a message that was taken. @throws ContentLockedError */
  open(taken: KeptWaitingMessage): KeptWaitingMessage {
    return openTexts(this.database.contents, taken);
  }

  /** Names of groups that were deleted since the message was accepted. */
  async findLostGroups(tx: Queryable, { groups }: ResolvedAudience): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>(sql.HOLD_GROUPS, [Object.values(groups)]);
    const there = new Set(rows.map(({ id }) => id));
    return Object.keys(groups).filter((name) => !there.has(groups[name] ?? ''));
  }

  /** Writes the recipients of a message: one for each address, those that can't get it at the end. */
  async insertRecipients(
    tx: Queryable,
    message: Pick<KeptWaitingMessage, 'id' | 'clientId' | 'audience' | 'contentKey'>,
    rules: ExpansionRules,
  ): Promise<ExpandedAudience> {
    if (message.contentKey !== null) {
      const seal = this.database.contents.openSeal('message', message.id, message.contentKey);
      return insertSealed(tx, message.id, sql.findRecipients(message, rules), seal);
    }
    const { text, values } = sql.insertRecipients(message, rules);
    const { rows } = await tx.query<{ able: string; unable: string; largest: number }>(text, values);
    const [row] = rows;
    return { able: Number(row?.able ?? 0), unable: Number(row?.unable ?? 0), largest: row?.largest ?? 0 };
  }

  /** Gives the message its batches and counts; from now on it is like any other. */
  async finish(
    tx: Queryable,
    message: Pick<WaitingMessage, 'id' | 'provider' | 'category' | 'dueAt'>,
    result: ExpandedAudience & {
      readonly batches: readonly { readonly id: string; readonly from: number; readonly to: number }[];
      readonly warnings: readonly string[];
    },
  ): Promise<void> {
    const { able, unable, batches, warnings } = result;
    await tx.query(sql.INSERT_BATCHES, [
      message.id,
      message.provider,
      message.category satisfies Category,
      message.dueAt,
      batches.map(({ id }) => id),
      batches.map(({ from }) => from),
      batches.map(({ to }) => to),
    ]);
    const counts = { ...(able > 0 && { queued: able }), ...(unable > 0 && { rejected: unable }) };
    const prisma = await this.database.prismaOn(tx);
    await prisma.message.updateMany({
      where: { id: message.id },
      data: {
        recipientCount: able + unable,
        batchCount: batches.length,
        counts,
        warnings: { push: [...warnings] },
        ...EXPANDED,
      },
    });
  }

  /** Ends a message that will never have recipients. */
  async fail(tx: Queryable, messageId: string, warning: string): Promise<void> {
    const prisma = await this.database.prismaOn(tx);
    await prisma.message.updateMany({
      where: { id: messageId },
      data: { ...EXPANDED, expansion: 'failed', warnings: { push: warning } },
    });
  }

  /** Something went wrong; another time, it may go right. */
  async postpone(messageId: string, delayMs: number): Promise<void> {
    await this.database.pool.query(sql.POSTPONE, [messageId, delayMs]);
  }

  /** The recipients of an audience at this moment: their number, and the first of them. */
  async sample(
    clientId: string,
    audience: ResolvedAudience,
    rules: ExpansionRules,
    { category, limit }: { readonly category: Category; readonly limit: number },
  ): Promise<AudienceSample> {
    const { text, values } = sql.sample({ clientId, audience }, rules, { marketing: category === 'marketing', limit });
    const { rows } = await this.database.pool.query<{
      counts: Omit<AudienceSample, 'first'>;
      first: AudienceSample['first'] | null;
    }>(text, values);
    const [row] = rows;
    const nobody = { able: 0, unable: 0, suppressed: 0, largest: 0 };
    return { ...(row?.counts ?? nobody), first: row?.first ?? [] };
  }
}
