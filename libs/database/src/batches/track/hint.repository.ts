import { Injectable } from '@nestjs/common';
import { Database } from '../../database.js';
import * as sql from './hint.sql.js';

/** What hints name: requests by the provider's ids, batches by ours. */
export interface NamedRequests {
  readonly requestIds: readonly string[];
  readonly batchIds: readonly string[];
}

/** The shortest time between two polls, or look-ups, of one batch that hints bring about, in milliseconds. */
export interface HintPauses {
  readonly pollMs: number;
  readonly lookupMs: number;
}

/** Hints that a provider may have news of batches. */
@Injectable()
export class HintRepository {
  constructor(private readonly database: Database) {}

  /** @returns how many polls and look-ups come sooner by it. */
  async take(account: string, { requestIds, batchIds }: NamedRequests, pauses: HintPauses): Promise<number> {
    const values = [account, requestIds, batchIds, pauses.pollMs, pauses.lookupMs];
    const { rowCount } = await this.database.pool.query({ name: 'take-hints', text: sql.TAKE_HINTS, values });
    return rowCount ?? 0;
  }
}
