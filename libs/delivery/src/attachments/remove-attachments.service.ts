import { Inject, Injectable } from '@nestjs/common';
import { ProviderUnavailableError } from '@gateway/core';
import { AttachmentCopyRepository, type AttachmentCopyRow } from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import { ProviderDirectory } from '../shared/provider-directory.js';
import type { Timing } from '../shared/timing.js';

const TAKEN_AT_ONCE = 50;

/** Removes files that were deleted, once no unfinished message needs them: the content first, then the copies. */
@Injectable()
export class RemoveAttachmentsService {
  constructor(
    private readonly copies: AttachmentCopyRepository,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async sweep(): Promise<void> {
    const removable = await this.copies.takeRemovable(this.timing.retryMaxMs, TAKEN_AT_ONCE);
    for (const id of removable) await this.remove(id);
  }

  private async remove(id: string): Promise<void> {
    const { copies, log } = this;
    try {
      for (const copy of await copies.removeContent(id)) await this.removeCopy(copy);
      await copies.remove(id);
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError)) throw error;
      log.warn({ err: error }, 'a file could not be removed at the provider; tried again later');
    }
  }

  /** Where files can't be removed, or the account is configured no longer, they are left to expire. */
  private async removeCopy(copy: AttachmentCopyRow): Promise<void> {
    const signal = AbortSignal.timeout(this.timing.providerTimeoutMs);
    await this.providers.find(copy.provider)?.attachments?.remove?.(copy.file, signal);
    await this.copies.forget([copy]);
  }
}
