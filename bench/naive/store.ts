import { randomUUID } from 'node:crypto';
import { Pool, type PoolClient } from 'pg';
import type { Message } from './message.js';

const TABLES = `
CREATE SCHEMA IF NOT EXISTS naive;
CREATE TABLE IF NOT EXISTS naive.message (
  id uuid PRIMARY KEY,
  sender text NOT NULL,
  subject text NOT NULL,
  html text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS naive.recipient (
  id uuid PRIMARY KEY,
  message_id uuid NOT NULL REFERENCES naive.message,
  address text NOT NULL,
  name text,
  variables jsonb NOT NULL,
  status text NOT NULL DEFAULT 'queued',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS recipient_message ON naive.recipient (message_id);
`;
/** One statement of `createMany`: PostgreSQL takes at most 65,535 parameters. */
const ROWS_AT_ONCE = 10_000;

export interface Mail {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  readonly html: string;
  readonly address: string;
  readonly name: string | null;
  readonly variables: Readonly<Record<string, string>>;
}

/** The rows as an ORM would write and read them, without the ORM: `createMany` is an INSERT of many VALUES. */
export class Store {
  private readonly pool: Pool;

  private constructor(pool: Pool) {
    this.pool = pool;
  }

  static async open(databaseUrl: string): Promise<Store> {
    const store = new Store(new Pool({ connectionString: databaseUrl, max: 20 }));
    store.pool.on('error', (error) => process.stderr.write(`${error.message}\n`));
    await store.transaction(async (client) => {
      // Api and worker start at once.
      await client.query("SELECT pg_advisory_xact_lock(hashtext('naive'))");
      await client.query(TABLES);
    });
    return store;
  }

  /** @returns the ids of the message and of its recipients. */
  async create(message: Message): Promise<{ readonly id: string; readonly recipientIds: readonly string[] }> {
    const id = randomUUID();
    const rows = message.recipients.map((recipient) => ({ id: randomUUID(), ...recipient }));
    await this.transaction(async (client) => {
      await client.query('INSERT INTO naive.message (id, sender, subject, html) VALUES ($1, $2, $3, $4)', [
        id,
        message.from,
        message.subject,
        message.html,
      ]);
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        const part = rows.slice(at, at + ROWS_AT_ONCE);
        const values = part.flatMap((row) => [row.id, id, row.address, row.name, JSON.stringify(row.variables)]);
        await client.query(
          `INSERT INTO naive.recipient (id, message_id, address, name, variables) VALUES ${places(part.length, 5)}`,
          values,
        );
      }
    });
    return { id, recipientIds: rows.map((row) => row.id) };
  }

  async find(recipientId: string): Promise<Mail | undefined> {
    const { rows } = await this.pool.query<Mail>(
      `SELECT r.id, m.sender AS "from", m.subject, m.html, r.address, r.name, r.variables
         FROM naive.recipient r JOIN naive.message m ON m.id = r.message_id WHERE r.id = $1`,
      [recipientId],
    );
    return rows[0];
  }

  async mark(recipientId: string, status: string): Promise<void> {
    await this.pool.query('UPDATE naive.recipient SET status = $2, updated_at = now() WHERE id = $1', [
      recipientId,
      status,
    ]);
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async transaction(work: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await work(client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
}

/** `($1, $2), ($3, $4)` */
function places(rows: number, columns: number): string {
  const row = (at: number): string =>
    `(${Array.from({ length: columns }, (_, column) => `$${at * columns + column + 1}`).join(', ')})`;
  return Array.from({ length: rows }, (_, at) => row(at)).join(', ');
}
