import { Database } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { freshDatabase } from '../gateway/test-services.js';

/** A migrated database of the test's own. To be closed. */
export async function aDatabase(connections = 10): Promise<Database> {
  const onError = (error: Error): void => {
    throw error;
  };
  return new Database({ url: await freshDatabase(), connections, applicationName: 'test', onError });
}

export interface GivenMessage {
  readonly messageId: string;
  readonly clientId: string;
  /** In the order of their recipients. */
  readonly batchIds: readonly string[];
}

interface MessageText {
  /** Recipients of each batch: `r.0@example.com`, … */
  readonly batches?: readonly number[];
  readonly status?: 'held' | 'queued' | 'scheduled';
  readonly provider?: string;
  readonly category?: string;
}

/** Rows that tests begin with. Only what the tables demand is written, so that a new column does not break a test. */
export class GivenRows {
  private readonly database: Database;
  private readonly clientId = newUuid();

  constructor(database: Database) {
    this.database = database;
  }

  async message(text: MessageText = {}): Promise<GivenMessage> {
    const { batches = [1], status = 'queued', provider = 'ncp', category = 'transactional' } = text;
    const messageId = newUuid();
    const total = batches.reduce((sum, size) => sum + size, 0);
    const { pool } = this.database;
    await pool.query('INSERT INTO client (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      this.clientId,
      this.clientId,
    ]);
    await pool.query(
      `INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, subject, html,
         on_quota, recipient_count, batch_count, counts, routing, tags, warnings)
       VALUES ($1, $2, $3, 'individual', 'auto', $4, 'a@shop.example.com', 'Hello', 'x', 'defer', $5, $6,
         jsonb_build_object($7::text, $5::int), '{}', '{}', '{}')`,
      [messageId, this.clientId, category, provider, total, batches.length, status],
    );
    await pool.query(
      `INSERT INTO recipient (message_id, position, address, type)
       SELECT $1, n, 'r.' || n || '@example.com', 'to' FROM generate_series(0, $2::int - 1) AS n`,
      [messageId, total],
    );
    const batchIds: string[] = [];
    let from = 0;
    for (const size of batches) {
      batchIds.push(await this.batch({ messageId, status, provider, category }, from, size));
      from += size;
    }
    return { messageId, clientId: this.clientId, batchIds };
  }

  private async batch(
    of: { readonly messageId: string; readonly status: string; readonly provider: string; readonly category: string },
    from: number,
    size: number,
  ): Promise<string> {
    const id = newUuid();
    await this.database.pool.query(
      `INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
         follower_count, due_at, next_attempt_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, now(), now())`,
      [id, of.messageId, of.provider, of.category, of.status, from, from + size - 1, size],
    );
    return id;
  }
}
