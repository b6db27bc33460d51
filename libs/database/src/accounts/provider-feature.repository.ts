import { Injectable } from '@nestjs/common';
import type { ProviderWords } from '@gateway/core';
import { Database } from '../database.js';

/**
 * Features that a vendor may end, or not have, while the account continues. `marker`: it gives the marker of a request back, by
 * which a request without an answer is recognised.
 */
export type ProviderFeature = 'audience' | 'marker';

export interface FeatureState {
  readonly provider: string;
  readonly retired: boolean;
  readonly checkedAt: Date;
  readonly code: string | null;
  readonly message: string | null;
}

/** Features that accounts were last seen to have, or to have no longer; known to all processes. */
@Injectable()
export class ProviderFeatureRepository {
  constructor(private readonly database: Database) {}

  async find(provider: string, feature: ProviderFeature): Promise<FeatureState | undefined> {
    return (await this.findAll(feature)).get(provider);
  }

  async findAll(feature: ProviderFeature): Promise<ReadonlyMap<string, FeatureState>> {
    const states = await this.database.prisma.providerFeature.findMany({
      where: { feature },
      select: { provider: true, retired: true, checkedAt: true, code: true, message: true },
    });
    return new Map(states.map((state) => [state.provider, state]));
  }

  /** @param words of the provider, where it has ended the feature; none: it is there. */
  async note(provider: string, feature: ProviderFeature, words: ProviderWords | undefined): Promise<void> {
    const state = {
      retired: words !== undefined,
      checkedAt: await this.database.timeOf(),
      code: words?.code ?? null,
      message: words?.message ?? null,
    };
    await this.database.prisma.providerFeature.upsert({
      where: { provider_feature: { provider, feature } },
      create: { provider, feature, ...state },
      update: state,
      select: { provider: true },
    });
  }
}
