import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import * as sql from './console-session.sql.js';

export interface SessionTimes {
  readonly createdAt: Date;
  /** The session ends then unless it is used before. */
  readonly idleUntil: Date;
}

export interface ConsoleSession extends SessionTimes {
  readonly id: string;
  /** The key that has signed in, and its own client. */
  readonly keyId: string;
  readonly keyClientId: string;
  readonly keyClient: string;
  readonly keyHash: Buffer;
  /** The client that an administrator of the gateway looks at; `null`: that of the key. */
  readonly clientId: string | null;
  readonly clientName: string | null;
}

/** Sign-ins to the console. Only hashes of their tokens are stored, so a copy of the table signs no one in. */
@Injectable()
export class ConsoleSessionRepository {
  constructor(private readonly database: Database) {}

  async insert(session: {
    readonly id: string;
    readonly keyId: string;
    readonly keyHash: Buffer;
    readonly hash: Buffer;
  }): Promise<SessionTimes> {
    const values = [session.id, session.keyId, session.keyHash, session.hash];
    const { rows } = await this.database.transaction((tx) => tx.query<SessionTimes>(sql.INSERT_SESSION, values));
    const [times] = rows;
    if (times === undefined) throw new Error('the session was not stored');
    return times;
  }

  /** A session in use is kept for longer. Whether its key still counts is the caller's question. */
  async find(hash: Buffer): Promise<ConsoleSession | undefined> {
    const { rows } = await this.database.lookups.query<ConsoleSession & { readonly isStale: boolean }>({
      name: 'find-console-session',
      text: sql.FIND_SESSION,
      values: [hash],
    });
    const [session] = rows;
    if (session?.isStale) await this.database.pool.query(sql.TOUCH_SESSION, [session.id]);
    return session;
  }

  /** @returns false: there is no client of that name. */
  async lookAt(id: string, client: string): Promise<boolean> {
    const { rowCount } = await this.database.transaction((tx) => tx.query(sql.LOOK_AT_CLIENT, [id, client]));
    return rowCount === 1;
  }

  async clientNames(): Promise<readonly string[]> {
    const { rows } = await this.database.pool.query<{ name: string }>(sql.FIND_CLIENT_NAMES);
    return rows.map(({ name }) => name);
  }

  async remove(id: string): Promise<void> {
    await this.database.transaction((tx) => tx.query(sql.DELETE_SESSION, [id]));
  }
}
