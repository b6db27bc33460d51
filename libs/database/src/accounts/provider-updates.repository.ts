import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import * as sql from './provider-updates.sql.js';

/** The right to read the list of an account's news, and how far it was read. */
export interface UpdatesTurn {
  readonly provider: string;
  readonly token: number;
  /** Of the adapter; `null` before the first reading. */
  readonly cursor: unknown;
  /** Readings in a row that failed. */
  readonly failures: number;
}

/** How far the lists of news were read, for all workers. */
@Injectable()
export class ProviderUpdatesRepository {
  constructor(private readonly database: Database) {}

  /** Before the first turn. */
  async ensure(provider: string): Promise<void> {
    await this.database.pool.query(sql.ENSURE, [provider]);
  }

  /** @returns `undefined` when it is not due, or another worker reads it. */
  async take(
    provider: string,
    { leaseMs, pauseMs }: { readonly leaseMs: number; readonly pauseMs: number },
  ): Promise<UpdatesTurn | undefined> {
    const { rows } = await this.database.pool.query<Omit<UpdatesTurn, 'provider'>>({
      name: 'take-updates',
      text: sql.TAKE,
      values: [provider, leaseMs, pauseMs],
    });
    return rows[0] && { provider, ...rows[0] };
  }

  /** Changes nothing when the lease has gone to another worker. */
  async finish(
    { provider, token }: UpdatesTurn,
    cursor: unknown,
    { pauseMs, idleMs }: { readonly pauseMs: number; readonly idleMs: number },
  ): Promise<void> {
    await this.database.pool.query(sql.FINISH, [provider, token, JSON.stringify(cursor ?? null), pauseMs, idleMs]);
  }

  async fail({ provider, token }: UpdatesTurn, delayMs: number): Promise<void> {
    await this.database.pool.query(sql.FAIL, [provider, token, delayMs]);
  }
}
