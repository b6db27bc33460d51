import {
  ProviderUnavailableError,
  encodeId,
  type EmailProvider,
  type ProviderFile,
  type Refused,
  type UploadOutcome,
  type UploadRefused,
} from '@gateway/core';
import type { AttachmentCopyRepository, AttachmentCopyRow, AttachmentRepository, Database } from '@gateway/database';
import type { Clock, Logger } from '@gateway/platform';
import { RecipientBudget } from '../recipient-budget.js';
import type { Timing } from '../timing.js';

/** Each takes a connection to the database and one to the provider while it runs. */
const UPLOADS_AT_ONCE = 4;
/** A copy that is younger should be there; one that is older may have expired. */
const FRESH_MS = 60_000;
/** So often a provider may deny that it has what it has just been given. */
const DENIALS = 8;

export type EnsuredFiles = { readonly files: readonly ProviderFile[] } | { readonly refused: UploadRefused };

/** Files as they stand at the accounts: uploaded when a mail first needs them there, and again when they are lost. */
export class AttachmentCopies {
  /** Uploads of this process by account and file: whoever needs the same file waits for the same upload. */
  private readonly running = new Map<string, Promise<UploadOutcome>>();
  private readonly slots = new RecipientBudget(UPLOADS_AT_ONCE);

  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly attachments: AttachmentRepository;
      readonly copies: AttachmentCopyRepository;
      readonly timing: Timing;
      readonly clock: Clock;
      readonly log: Logger;
    },
  ) {}

  /**
   * Sees to it that files stand at the account. Nothing of a mail has been posted by then, so whatever goes wrong is a
   * definite "not sent".
   * @param afterUpload called after each upload, which may take long.
   */
  async ensure(
    provider: EmailProvider,
    ids: readonly string[],
    afterUpload: () => Promise<unknown>,
  ): Promise<EnsuredFiles> {
    if (ids.length === 0) return { files: [] };
    const known = await this.deps.copies.find(this.deps.database.pool, provider.name, ids);
    const byId = new Map(known.map(({ attachmentId, file }) => [attachmentId, file]));
    const files: ProviderFile[] = [];
    for (const id of ids) {
      const file = byId.get(id);
      const outcome = file ? ({ outcome: 'uploaded', file } as const) : await this.uploadOnce(provider, id);
      if (outcome.outcome === 'refused') return { refused: outcome };
      files.push(outcome.file);
      if (file === undefined) await afterUpload();
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
    const copies = await this.deps.copies.find(this.deps.database.pool, provider.name, ids);
    try {
      const lost = refused.files === 'gone' ? copies : await this.missing(provider, copies);
      if (lost.length === 0 || !this.isPlausible(lost, attempt)) return refused;
      await this.deps.copies.forget(lost);
      this.deps.log.info({ provider: provider.name, files: lost.length }, 'files are lost there and uploaded again');
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
    const now = this.deps.clock.now().getTime();
    return attempt < DENIALS || lost.some(({ uploadedAt }) => now - uploadedAt.getTime() > FRESH_MS);
  }

  private uploadOnce(provider: EmailProvider, id: string): Promise<UploadOutcome> {
    const key = `${provider.name}:${id}`;
    const running = this.running.get(key);
    if (running !== undefined) return running;
    const upload = this.slots.run(1, () => this.upload(provider, id)).finally(() => this.running.delete(key));
    this.running.set(key, upload);
    return upload;
  }

  /** Over all processes one at a time: who comes second finds the copy of the first. */
  private async upload(provider: EmailProvider, id: string): Promise<UploadOutcome> {
    const { database, attachments, copies } = this.deps;
    try {
      return await database.transaction(async (tx) => {
        await copies.lock(tx, id, provider.name);
        const [copy] = await copies.find(tx, provider.name, [id]);
        if (copy !== undefined) return { outcome: 'uploaded', file: copy.file };
        const file = await copies.findFile(tx, id);
        if (provider.attachments === undefined || file === undefined)
          return impossible(provider, id, file === undefined);
        const content = attachments.readContent(file, tx);
        const outcome = await provider.attachments.upload({ ...file, content }, this.signal());
        if (outcome.outcome === 'uploaded') await copies.insert(tx, id, provider.name, outcome.file);
        return outcome;
      });
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError)) throw error;
      return unavailable(error);
    }
  }

  private signal = (): AbortSignal => AbortSignal.timeout(this.deps.timing.providerTimeoutMs);
}

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
  scope: 'batch',
  provider: { message: gone ? `${encodeId('attachment', id)} is gone` : `the account ${name} takes no files` },
});
