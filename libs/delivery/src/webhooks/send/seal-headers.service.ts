import { WebhookEndpointRepository } from '@gateway/database';
import { LOGGER, type Logger } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { HeaderSeal } from '../signing/header-seal.js';
import { MasterKeyMissing, WebhookKeys } from '../signing/keys.js';

const AT_ONCE = 100;

/**
 * Seals headers of endpoints that were stored before headers were sealed, or under a master key that is not the first
 * one any more. An endpoint that is changed meanwhile is left to the next sweep.
 */
@Injectable()
export class SealHeadersService {
  constructor(
    private readonly endpoints: WebhookEndpointRepository,
    private readonly keys: WebhookKeys,
    private readonly seal: HeaderSeal,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async sweep(): Promise<void> {
    if (!this.keys.configured) return;
    let after: string | undefined;
    do {
      const found = await this.endpoints.findUnsealed(this.seal.prefix, { after, limit: AT_ONCE });
      for (const { id, headers } of found) await this.renew(id, headers);
      after = found.at(-1)?.id;
    } while (after !== undefined);
  }

  private async renew(id: string, headers: Readonly<Record<string, string>>): Promise<void> {
    try {
      await this.endpoints.replaceHeaders(id, headers, this.seal.renew(id, headers));
    } catch (error) {
      if (!(error instanceof MasterKeyMissing)) throw error;
      this.log.warn({ err: error, endpointId: id }, 'headers of a webhook endpoint cannot be opened');
    }
  }
}
