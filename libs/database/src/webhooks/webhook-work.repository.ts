import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import type { PauseReason, WebhookEndpointRow, WebhookPlace, WebhookHealth } from './webhook-rows.js';
import * as sql from './webhook-endpoint.sql.js';

/** An endpoint that this worker sends to for now. */
export interface ClaimedEndpoint extends Omit<
  WebhookEndpointRow,
  'description' | 'pauseReason' | 'createdBy' | 'createdAt' | 'updatedAt'
> {
  readonly token: number;
}

export interface WebhookProgress extends WebhookHealth {
  readonly place: WebhookPlace;
  readonly planned: readonly WebhookPlace[];
  /** The gateway pauses the endpoint. */
  readonly pauseReason: PauseReason | null;
}

interface Advanced {
  readonly pausedAt: Date | null;
  readonly erasures: number;
}

type Claim = Pick<ClaimedEndpoint, 'id' | 'token'>;
type Claimed = Omit<ClaimedEndpoint, 'place'> & WebhookPlace;

export interface WebhookStates {
  readonly healthy: number;
  readonly failing: number;
  readonly paused: number;
  readonly lagSeconds: number;
}

/** Endpoints as workers see them: claimed by one at a time, under a lease and with a token that fences off late ones. */
@Injectable()
export class WebhookWorkRepository {
  constructor(private readonly database: Database) {}

  /** Is there an endpoint that is not paused? */
  async hasEndpoints(): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ any: boolean }>(sql.HAS_ENDPOINTS);
    return rows[0]?.any ?? false;
  }

  async claim(horizon: number, limit: number, leaseMs: number): Promise<ClaimedEndpoint[]> {
    const { rows } = await this.database.pool.query<Claimed>(sql.CLAIM, [horizon, leaseMs, limit]);
    return rows.map(({ position, told, ...row }) => ({ ...row, place: { position, told } }));
  }

  /** @returns false when another worker has the endpoint now */
  async plan({ id, token }: Claim, planned: readonly WebhookPlace[], leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(sql.PLAN, [id, token, JSON.stringify(planned), leaseMs]);
    return rowCount === 1;
  }

  async renew({ id, token }: Claim, leaseMs: number): Promise<boolean> {
    return (await this.database.pool.query(sql.RENEW, [id, token, leaseMs])).rowCount === 1;
  }

  /** @returns nothing when another worker has the endpoint now, or it is gone */
  async advance(
    tx: Queryable,
    { id, token }: Claim,
    { place, ...progress }: WebhookProgress,
    leaseMs: number,
  ): Promise<Advanced | undefined> {
    const state = JSON.stringify({ ...place, ...progress });
    const { rows } = await tx.query<Advanced>(sql.ADVANCE, [id, token, state, leaseMs]);
    return rows[0];
  }

  /** @param place everything before it is done, or not wanted */
  async release(
    { id, token }: Claim,
    { place, planned }: Pick<WebhookProgress, 'place' | 'planned'>,
    lookAt: Date | undefined,
  ): Promise<void> {
    const { position, told } = place;
    await this.database.pool.query(sql.RELEASE, [id, token, position, told, JSON.stringify(planned), lookAt ?? null]);
  }

  async states(): Promise<WebhookStates> {
    const { rows } = await this.database.pool.query<WebhookStates>(sql.COUNT_STATES);
    return rows[0] ?? { healthy: 0, failing: 0, paused: 0, lagSeconds: 0 };
  }

  /** Ids of endpoints with work that no worker has done for so long. */
  async findForgotten(lateMs: number): Promise<readonly string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>(sql.FIND_FORGOTTEN, [lateMs]);
    return rows.map(({ id }) => id);
  }
}
