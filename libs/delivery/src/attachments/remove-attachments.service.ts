import { ProviderUnavailableError } from '@gateway/core';
import type { AttachmentCopyRepository, AttachmentCopyRow } from '@gateway/database';
import type { Logger } from '@gateway/platform';
import type { ProviderDirectory } from '../provider-directory.js';
import type { Timing } from '../timing.js';

const TAKEN_AT_ONCE = 50;

/** Removes files that were deleted, once no unfinished message needs them: the content first, then the copies. */
export class RemoveAttachmentsService {
  constructor(
    private readonly deps: {
      readonly copies: AttachmentCopyRepository;
      readonly providers: ProviderDirectory;
      readonly timing: Timing;
      readonly log: Logger;
    },
  ) {}

  async sweep(): Promise<void> {
    const removable = await this.deps.copies.takeRemovable(this.deps.timing.retryMaxMs, TAKEN_AT_ONCE);
    for (const id of removable) await this.remove(id);
  }

  private async remove(id: string): Promise<void> {
    const { copies, log } = this.deps;
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
    const signal = AbortSignal.timeout(this.deps.timing.providerTimeoutMs);
    await this.deps.providers.find(copy.provider)?.attachments?.remove?.(copy.file, signal);
    await this.deps.copies.forget([copy]);
  }
}
