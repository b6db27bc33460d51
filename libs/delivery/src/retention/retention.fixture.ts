import { randomBytes } from 'node:crypto';
import type { Category } from '@gateway/core';
import { AuditRepository, RetentionRepository, type Database } from '@gateway/database';
import { newUuid, systemClock, type RetentionConfig } from '@gateway/platform';
import { eventually } from '@gateway/testing';
import { RetainMessagesService, type RetentionRun } from './retain-messages.service.js';

const DAY_MS = 86_400_000;

/** Of any time, as ids of that time are. */
export function uuidAt(at: Date): string {
  const hex = `${at.getTime().toString(16).padStart(12, '0')}7${randomBytes(10).toString('hex').slice(0, 19)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.)(.{3})(.{12})$/, '$1-$2-$3-8$5-$6');
}

export const daysAgo = (days: number): Date => new Date(systemClock.now().getTime() - days * DAY_MS);
/** A day in the middle of the month that many months ago. */
export const monthsAgo = (months: number, day = 15): Date => {
  const now = systemClock.now();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, day, 12));
};

export interface OldMessage {
  readonly at: Date;
  readonly category?: Category;
  readonly recipients?: number;
  /** Of its batches, each with as many recipients. */
  readonly batches?: readonly string[];
  readonly completedAt?: Date | null;
  readonly settledAt?: Date | null;
  readonly attachmentIds?: readonly string[];
  /** When something happened to it; by default when it was made. */
  readonly eventsAt?: readonly Date[];
}

/** A database with messages of long ago in it. */
export class OldMail {
  readonly clientId = newUuid();

  constructor(readonly database: Database) {}

  async begin(): Promise<void> {
    await this.database.pool.query('INSERT INTO client (id, name) VALUES ($1, $2)', [this.clientId, this.clientId]);
  }

  async sql(text: string, ...values: readonly unknown[]): Promise<Record<string, unknown>[]> {
    return (await this.database.pool.query<Record<string, unknown>>(text, [...values])).rows;
  }

  untilSomebodyWaits(): Promise<void> {
    return eventually(async () => {
      const waiting = await this.sql(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      if (waiting.length === 0) throw new Error('no session waits for a lock yet');
    });
  }

  /** Takes everything away again, with the months of long ago. */
  async clear(): Promise<void> {
    const { pool } = this.database;
    const now = systemClock.now().toISOString().slice(0, 7).replace('-', '_');
    for (const name of await this.tables()) {
      if (/\d{4}_\d\d$/.test(name) && name.slice(-7) < now) await pool.query(`DROP TABLE ${name}`);
    }
    await pool.query('TRUNCATE recipient, event, idempotency_key, suppression, statistic_delta');
    await pool.query('DELETE FROM message');
    await pool.query('DELETE FROM attachment');
  }

  /** Creates the partitions of a past month, as they were created before it began. */
  async month(at: Date): Promise<{ readonly recipient: string; readonly event: string }> {
    const suffix = at.toISOString().slice(0, 7).replace('-', '_');
    for (const parent of ['recipient', 'event']) {
      await this.database.pool.query(
        `CREATE TABLE IF NOT EXISTS ${parent}_${suffix} PARTITION OF ${parent} FOR VALUES
         FROM ('${uuidFloor(at, 0)}') TO ('${uuidFloor(at, 1)}')`,
      );
    }
    return { recipient: `recipient_${suffix}`, event: `event_${suffix}` };
  }

  async message(old: OldMessage): Promise<string> {
    const { pool } = this.database;
    const { at, category = 'transactional', recipients = 2, batches = ['settled'], eventsAt = [at] } = old;
    const id = uuidAt(at);
    const completedAt = old.completedAt === undefined ? at : old.completedAt;
    await pool.query(
      `INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, subject, html,
         text, variables, metadata, headers, on_quota, recipient_count, batch_count, counts, routing, tags, warnings,
         attachment_ids, created_at, completed_at)
       VALUES ($1, $2, $3, 'individual', 'auto', 'ncp', 'shop@example.com', 'Secret subject', 'Secret html', 'Secret text',
         '{"name": "Secret"}', '{"who": "Secret"}', '{"X-Who": "Secret"}', 'defer', $4::int, $5,
         jsonb_build_object('delivered', $4::int), '{"candidates": []}', '{orders}', '{Secret warning}', $6, $7, $8)`,
      [
        id,
        this.clientId,
        category,
        recipients * batches.length,
        batches.length,
        old.attachmentIds ?? [],
        at,
        completedAt,
      ],
    );
    await pool.query(
      `INSERT INTO recipient (message_id, position, address, name, type, variables, status, provider_message)
       SELECT $1, n, 'secret.' || n || '@example.com', 'Secret', 'to', '{"a": "Secret"}', 'delivered', 'Secret'
       FROM generate_series(0, $2::int - 1) AS n`,
      [id, recipients * batches.length],
    );
    const settledAt = old.settledAt === undefined ? at : old.settledAt;
    for (const [index, status] of batches.entries()) {
      await this.batch({ id, at, category }, { index, status, recipients, settledAt });
    }
    for (const happened of eventsAt) {
      await pool.query(
        `INSERT INTO event (id, client_id, message_id, type, at, data)
         VALUES ($1, $2, $3, 'batch.refused', $4, '{"message": "Secret"}')`,
        [uuidAt(happened), this.clientId, id, happened],
      );
    }
    return id;
  }

  private async batch(
    message: { readonly id: string; readonly at: Date; readonly category: Category },
    {
      index,
      status,
      recipients,
      settledAt,
    }: { index: number; status: string; recipients: number; settledAt: Date | null },
  ): Promise<void> {
    const id = uuidAt(message.at);
    const first = index * recipients;
    await this.database.pool.query(
      `INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
         follower_count, counts, due_at, next_attempt_at, next_poll_at, settled_at, poll_cursor, reason_detail)
       VALUES ($1, $2, 'ncp', $3, $4, $5, $6, $7::int, 0, jsonb_build_object('delivered', $7::int), $8, $8, now(), $9,
         '{"at": "Secret"}', 'Secret')`,
      [id, message.id, message.category, status, first, first + recipients - 1, recipients, message.at, settledAt],
    );
    await this.database.pool.query(
      `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, outcome, provider_code, provider_message,
         detail)
       VALUES ($1, $2::uuid, 1, $2::uuid::text, 'ncp', $3, 'accepted', '77', 'Secret', 'Secret')`,
      [newUuid(), id, message.at],
    );
  }

  retain(policy: SomePolicy): RetainMessagesService {
    return new RetainMessagesService(
      this.database,
      new RetentionRepository(this.database),
      new AuditRepository(this.database),
      {
        retention: aPolicy(policy),
      },
    );
  }

  /** Whether a message is erased, and how many rows still hold data of it. */
  async standOf(id: string): Promise<{ erased: boolean; recipients: number; events: number; secrets: number }> {
    const { rows } = await this.database.pool.query<{
      erased: boolean;
      recipients: number;
      events: number;
      secrets: number;
    }>(
      `SELECT m.erased_at IS NOT NULL AS erased,
         (SELECT count(*)::int FROM recipient r WHERE r.message_id = m.id) AS recipients,
         (SELECT count(*)::int FROM event e WHERE e.message_id = m.id) AS events,
         (SELECT count(*)::int FROM (
            SELECT m::text AS words
            UNION ALL SELECT b::text FROM batch b WHERE b.message_id = m.id
            UNION ALL SELECT a::text FROM attempt a JOIN batch b ON b.id = a.batch_id WHERE b.message_id = m.id
          ) AS said WHERE words ~* 'secret') AS secrets
       FROM message m WHERE m.id = $1`,
      [id],
    );
    return rows[0] ?? { erased: true, recipients: 0, events: 0, secrets: 0 };
  }

  async tables(): Promise<readonly string[]> {
    const { rows } = await this.database.pool.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits
       WHERE inhparent IN ('recipient'::regclass, 'event'::regclass)`,
    );
    return rows.map(({ name }) => name);
  }
}

type SomePolicy = Partial<Omit<RetentionConfig, 'days'>> & { readonly days?: Partial<RetentionConfig['days']> };

export const aPolicy = (policy: SomePolicy): RetentionConfig => ({
  dropDays: policy.dropDays ?? 0,
  byMonth: policy.byMonth ?? false,
  auditDays: policy.auditDays ?? 0,
  days: { authentication: 0, transactional: 0, marketing: 0, ...policy.days },
});

export const THIRTY = { days: { authentication: 30, transactional: 30, marketing: 30 } };
export const ERASED = { erased: true, recipients: 0, events: 0, secrets: 0 };

/** A run of its own, that takes turns. */
export const aRun = (more: Partial<RetentionRun> = {}): RetentionRun => ({
  signal: new AbortController().signal,
  wait: true,
  ...more,
});

const uuidFloor = (at: Date, more: number): string => {
  const first = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + more, 1)
    .toString(16)
    .padStart(12, '0');
  return `${first.slice(0, 8)}-${first.slice(8)}-0000-0000-000000000000`;
};
