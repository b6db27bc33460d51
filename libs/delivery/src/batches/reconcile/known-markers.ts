import type { MarkerUnreadableError } from '@gateway/core';
import { ProviderFeatureRepository } from '@gateway/database';
import { Injectable } from '@nestjs/common';

/**
 * Remembers which accounts give markers back, for all processes. It is written only when it changes: an account that
 * gives them back has no row.
 */
@Injectable()
export class KnownMarkers {
  constructor(private readonly features: ProviderFeatureRepository) {}

  /** A request was found by its marker. */
  async read(account: string): Promise<void> {
    if ((await this.features.find(account, 'marker'))?.retired === true) {
      await this.features.note(account, 'marker', undefined);
    }
  }

  /** A request could be the one, and had no marker. */
  async lost(account: string, { message }: MarkerUnreadableError): Promise<void> {
    if ((await this.features.find(account, 'marker'))?.retired === true) return;
    await this.features.note(account, 'marker', { message });
  }
}
