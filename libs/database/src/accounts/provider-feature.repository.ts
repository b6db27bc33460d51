import { Injectable } from '@nestjs/common';
import type { ProviderWords } from '@gateway/core';
import { Database } from '../database.js';

/** What vendors may end while an account goes on. */
export type ProviderFeature = 'audience';

export interface FeatureState {
  readonly provider: string;
  readonly retired: boolean;
  readonly checkedAt: Date;
  readonly code: string | null;
  readonly message: string | null;
}

/** What accounts were last seen to have, or to have no more; known to all processes. */
@Injectable()
export class ProviderFeatureRepository {
  constructor(private readonly database: Database) {}

  async find(provider: string, feature: ProviderFeature): Promise<FeatureState | undefined> {
    return (await this.findAll(feature)).get(provider);
  }

  async findAll(feature: ProviderFeature): Promise<ReadonlyMap<string, FeatureState>> {
    const { rows } = await this.database.pool.query<FeatureState>(
      `SELECT provider, retired, checked_at AS "checkedAt", code, message FROM provider_feature WHERE feature = $1`,
      [feature],
    );
    return new Map(rows.map((row) => [row.provider, row]));
  }

  /** @param words of the provider, where it has ended the feature; none: it is there. */
  async note(provider: string, feature: ProviderFeature, words: ProviderWords | undefined): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO provider_feature (provider, feature, retired, checked_at, code, message)
       VALUES ($1, $2, $3, now(), $4, $5)
       ON CONFLICT (provider, feature) DO UPDATE
       SET retired = excluded.retired, checked_at = now(), code = excluded.code, message = excluded.message`,
      [provider, feature, words !== undefined, words?.code ?? null, words?.message ?? null],
    );
  }
}
