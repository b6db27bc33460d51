import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ProviderUnavailableError,
  encodeId,
  type EmailProvider,
  type ProviderAttachments,
  type ProviderFile,
  type Refused,
  type UploadOutcome,
  type UploadRefused,
} from '@gateway/core';
import {
  AttachmentCopyRepository,
  type AttachmentCopyRow,
  AttachmentRepository,
  type AttachmentRow,
} from '@gateway/database';
import { CLOCK, CONFIG, LOGGER, newUuid, type Clock, type Logger } from '@gateway/platform';
import { Budget } from '../shared/recipient-budget.js';
import { effectiveLeaseMs, type Timing } from '../shared/timing.js';

/** Uploads of this process at a time. Each takes a connection to a provider, and a piece of a file in memory. */
export const UPLOADS_AT_ONCE = 4;
/** How long to wait, in milliseconds, before a file that another process uploads is asked for again. */
const ANOTHER_UPLOADS_MS = 250;
/** A copy that is younger should be there; one that is older may have expired. */
const FRESH_MS = 60_000;
/** Maximum times that a provider may deny having a file that it has just received. */
const DENIALS = 8;

export type EnsuredFiles = { readonly files: readonly ProviderFile[] } | { readonly refused: UploadRefused };

/** Copies of files at the accounts: uploaded when a message first needs them there, and again when they are lost. */
@Injectable()
export class AttachmentCopies {
  /** Uploads of this process by account and file: all callers that need a file wait for the same upload. */
  private readonly running = new Map<string, Promise<UploadOutcome>>();
  private readonly slots = new Budget(UPLOADS_AT_ONCE);

  constructor(
    private readonly attachments: AttachmentRepository,
    private readonly copies: AttachmentCopyRepository,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Ensures that the account has the files. Nothing of the message has been posted yet, so every failure is a definite
   * "not sent". This may take long, because uploads wait for each other.
   */
  async ensure(provider: EmailProvider, ids: readonly string[]): Promise<EnsuredFiles> {
    if (ids.length === 0) return { files: [] };
    const known = await this.copies.find(provider.name, ids);
    const byId = new Map(known.map(({ attachmentId, file }) => [attachmentId, file]));
    const files: ProviderFile[] = [];
    for (const id of ids) {
      const file = byId.get(id);
      const outcome = file ? ({ outcome: 'uploaded', file } as const) : await this.uploadOnce(provider, id);
      if (outcome.outcome === 'refused') return { refused: ofTheMessage(outcome) };
      files.push(outcome.file);
    }
    return { files };
  }

  /**
   * Looks for lost files behind the refusal of a mail, and forgets their copies, so that they are uploaded again.
   * @returns the refusal; as one that may pass if a file was lost, or if the provider could not be asked.
   */
  async reconsider(
    provider: EmailProvider,
    { ids, refused, attempt }: { readonly ids: readonly string[]; readonly refused: Refused; readonly attempt: number },
  ): Promise<Refused> {
    if (refused.files === undefined || ids.length === 0) return refused;
    const copies = await this.copies.find(provider.name, ids);
    try {
      const lost = refused.files === 'gone' ? copies : await this.missing(provider, copies);
      if (lost.length === 0 || !this.isPlausible(lost, attempt)) return refused;
      await this.copies.forget(lost);
      this.log.info({ provider: provider.name, files: lost.length }, 'files are lost there and uploaded again');
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError)) throw error;
    }
    return { ...refused, scope: 'moment' };
  }

  private async missing(provider: EmailProvider, copies: readonly AttachmentCopyRow[]): Promise<AttachmentCopyRow[]> {
    const lost: AttachmentCopyRow[] = [];
    for (const copy of copies) {
      const there = await provider.attachments?.isThere?.(copy.file, this.signal());
      if (there === false) lost.push(copy);
    }
    return lost;
  }

  private isPlausible(lost: readonly AttachmentCopyRow[], attempt: number): boolean {
    const now = this.clock.now().getTime();
    return attempt < DENIALS || lost.some(({ uploadedAt }) => now - uploadedAt.getTime() > FRESH_MS);
  }

  private uploadOnce(provider: EmailProvider, id: string): Promise<UploadOutcome> {
    const key = `${provider.name}:${id}`;
    const running = this.running.get(key);
    if (running !== undefined) return running;
    const upload = this.upload(provider, id).finally(() => this.running.delete(key));
    this.running.set(key, upload);
    return upload;
  }

  /** One upload at a time over all processes: the second caller finds the copy of the first. */
  private async upload(provider: EmailProvider, id: string): Promise<UploadOutcome> {
    for (;;) {
      const outcome = await this.slots.run(1, () => this.tryUpload(provider, id));
      if (outcome !== undefined) return outcome;
      await sleep(ANOTHER_UPLOADS_MS);
    }
  }

  /** @returns nothing while another process uploads it. No connection to the database is held meanwhile. */
  private async tryUpload(provider: EmailProvider, id: string): Promise<UploadOutcome | undefined> {
    const { copies, timing } = this;
    const file = await copies.findFile(id);
    if (provider.attachments === undefined || file === null) return impossible(provider, id, file === null);
    const upload = { attachmentId: id, provider: provider.name, holder: newUuid() };
    if (!(await copies.beginUpload(upload, effectiveLeaseMs(timing)))) return undefined;
    try {
      return await this.uploadNow(provider, provider.attachments, file);
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError)) throw error;
      return unavailable(error);
    } finally {
      await copies.endUpload(upload);
    }
  }

  private async uploadNow(
    { name }: EmailProvider,
    theirs: ProviderAttachments,
    file: AttachmentRow,
  ): Promise<UploadOutcome> {
    const { attachments, copies } = this;
    const [copy] = await copies.find(name, [file.id]);
    if (copy !== undefined) return { outcome: 'uploaded', file: copy.file };
    await attachments.expectReadable(file.id);
    const outcome = await theirs.upload({ ...file, content: attachments.readContent(file) }, this.signal());
    if (outcome.outcome === 'uploaded') await copies.insert(file.id, name, outcome.file);
    return outcome;
  }

  private signal = (): AbortSignal => AbortSignal.timeout(this.timing.providerTimeoutMs);
}

/** All recipients share a file: a smaller batch would fare no better. */
const ofTheMessage = (refused: UploadRefused): UploadRefused =>
  refused.scope === 'batch' ? { ...refused, scope: 'message' } : refused;

const unavailable = ({ message, provider, retryAfterMs }: ProviderUnavailableError): UploadRefused => ({
  outcome: 'refused',
  operation: 'upload',
  reason: 'provider_unavailable',
  scope: 'moment',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
  provider: { ...provider, message: provider.message ?? message },
});

const impossible = ({ name }: EmailProvider, id: string, gone: boolean): UploadRefused => ({
  outcome: 'refused',
  operation: 'upload',
  reason: 'content',
  scope: 'message',
  provider: { message: gone ? `${encodeId('attachment', id)} is gone` : `the account ${name} takes no files` },
});
