import { Injectable } from '@nestjs/common';
import type { Category, ResolvedAudience } from '@gateway/core';
import { Database, type Queryable } from '../database.js';
import { recipientsOf, type ExpansionRules } from './audience.sql.js';
import type { MessageContentRow } from '../batches/rows.js';

export type { ExpansionRules } from './audience.sql.js';

/** A message whose time has come and that has no recipients yet. */
export interface WaitingMessage extends Pick<
  MessageContentRow,
  'id' | 'clientId' | 'category' | 'subject' | 'html' | 'text' | 'variables'
> {
  readonly provider: string;
  readonly providerTemplateId: string | null;
  readonly audience: ResolvedAudience;
  readonly dueAt: Date;
}

/** What an audience has become. */
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

/** Finds the recipients of messages to an audience, in the database, however many they are. */
@Injectable()
export class AudienceRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes the most urgent message whose recipients are to be found now, and keeps it from other workers until the
   * transaction ends: whoever crashes leaves everything as it was.
   */
  async takeWaiting(tx: Queryable, providers: readonly string[]): Promise<WaitingMessage | undefined> {
    const { rows } = await tx.query<WaitingMessage>(
      `SELECT id, client_id AS "clientId", category, subject, html, text, variables, provider, audience,
         provider_template_id AS "providerTemplateId", coalesce(send_at, created_at) AS "dueAt"
       FROM message WHERE expand_at <= now() AND provider = ANY ($1)
       ORDER BY category, expand_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [providers],
    );
    return rows[0];
  }

  /** Names of groups that are gone since the message was accepted. */
  async findLostGroups(tx: Queryable, { groups }: ResolvedAudience): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>(
      'SELECT id FROM contact_group WHERE id = ANY ($1::uuid[]) FOR KEY SHARE',
      [Object.values(groups)],
    );
    const there = new Set(rows.map(({ id }) => id));
    return Object.keys(groups).filter((name) => !there.has(groups[name] ?? ''));
  }

  /** Writes the recipients of a message: one for each address, those that can't get it at the end. */
  async insertRecipients(
    tx: Queryable,
    message: Pick<WaitingMessage, 'id' | 'clientId' | 'audience'>,
    rules: ExpansionRules,
  ): Promise<ExpandedAudience> {
    const values: unknown[] = [message.id, message.clientId];
    const add = (value: unknown): string => `$${values.push(value)}`;
    const { rows } = await tx.query<{ able: string; unable: string; largest: number }>(
      `WITH found AS (${recipientsOf(message.audience, rules, { client: '$2', add })}),
       written AS (
         INSERT INTO recipient (message_id, position, address, name, type, variables, status, reason, updated_at)
         SELECT $1, row_number() OVER (ORDER BY reason IS NOT NULL, contact_id, position) - 1, address, name,
           'to'::recipient_type,
           variables, CASE WHEN reason IS NOT NULL THEN 'rejected'::recipient_status END, reason,
           CASE WHEN reason IS NOT NULL THEN now() END
         FROM found
         RETURNING status, octet_length(address) + coalesce(octet_length(name), 0)
           + coalesce(octet_length(variables::text), 0) AS bytes
       )
       SELECT count(*) FILTER (WHERE status IS NULL) AS able, count(*) FILTER (WHERE status IS NOT NULL) AS unable,
         coalesce(max(bytes), 0) AS largest
       FROM written`,
      values,
    );
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
    await tx.query(
      `INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
         follower_count, due_at, next_attempt_at, enqueued_at)
       SELECT b.id, $1, $2, $3::category, 'queued', b.first, b.last, b.last - b.first + 1, b.last - b.first + 1, $4, $4,
         now()
       FROM unnest($5::uuid[], $6::int[], $7::int[]) AS b (id, first, last)`,
      [
        ...[message.id, message.provider, message.category satisfies Category, message.dueAt],
        ...[batches.map(({ id }) => id), batches.map(({ from }) => from), batches.map(({ to }) => to)],
      ],
    );
    await tx.query(
      `UPDATE message
       SET recipient_count = $2, batch_count = $3, counts = $4, warnings = warnings || $5::text[], expansion = NULL,
         expand_at = NULL
       WHERE id = $1`,
      [
        ...[message.id, able + unable, batches.length],
        ...[JSON.stringify({ ...(able > 0 && { queued: able }), ...(unable > 0 && { rejected: unable }) }), warnings],
      ],
    );
  }

  /** Ends a message that will never have recipients. */
  async fail(tx: Queryable, messageId: string, warning: string): Promise<void> {
    await tx.query(
      `UPDATE message SET expansion = 'failed', expand_at = NULL, warnings = warnings || $2::text WHERE id = $1`,
      [messageId, warning],
    );
  }

  /** Something went wrong; another time, it may go right. */
  async postpone(messageId: string, delayMs: number): Promise<void> {
    await this.database.pool.query(
      `UPDATE message SET expand_at = now() + $2 * interval '1 ms', expansion = 'queued'
       WHERE id = $1 AND expand_at IS NOT NULL`,
      [messageId, delayMs],
    );
  }

  /** Whom an audience means at this moment: how many, and the first of them. */
  async sample(
    clientId: string,
    audience: ResolvedAudience,
    rules: ExpansionRules,
    { category, limit }: { readonly category: Category; readonly limit: number },
  ): Promise<AudienceSample> {
    const values: unknown[] = [clientId, category === 'marketing', limit];
    const add = (value: unknown): string => `$${values.push(value)}`;
    const found = recipientsOf(audience, rules, { client: '$1', add });
    const { rows } = await this.database.pool.query<{
      counts: Omit<AudienceSample, 'first'>;
      first: AudienceSample['first'] | null;
    }>(
      `WITH found AS MATERIALIZED (${found}), shown AS (
         SELECT address, name, variables FROM found WHERE reason IS NULL ORDER BY contact_id, position LIMIT $3
       ), counted AS (
         SELECT count(*) FILTER (WHERE reason IS NULL) AS able, count(*) FILTER (WHERE reason IS NOT NULL) AS unable,
           count(*) FILTER (WHERE reason IS NULL AND EXISTS (
             SELECT FROM suppression s WHERE s.address = lower(found.address) AND s.removed_at IS NULL
               AND (s.expires_at IS NULL OR s.expires_at > now()) AND (s.scope = 'all' OR $2))) AS suppressed,
           coalesce(max(octet_length(address) + coalesce(octet_length(name), 0)
             + coalesce(octet_length(variables::text), 0)), 0) AS largest
         FROM found
       )
       SELECT row_to_json(counted) AS counts, (SELECT json_agg(shown) FROM shown) AS first FROM counted`,
      values,
    );
    const [row] = rows;
    const nobody = { able: 0, unable: 0, suppressed: 0, largest: 0 };
    return { ...(row?.counts ?? nobody), first: row?.first ?? [] };
  }
}
