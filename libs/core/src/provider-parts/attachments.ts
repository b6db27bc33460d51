import type { ProviderWords } from '../problem.js';
import type { Reason } from '../recipient-status.js';
import type { RefusalScope } from './refusal-scope.js';

/** A file with its content, which is read as it is sent: once, and never whole in memory. */
export interface OutboundFile {
  readonly name: string;
  readonly size: number;
  readonly contentType: string;
  readonly content: AsyncIterable<Buffer>;
}

/** A file at a provider. */
export interface ProviderFile {
  /** The id by which a mail refers to it. */
  readonly fileId: string;
  /** Further data that the adapter needs to look it up or remove it. Opaque JSON. */
  readonly detail?: unknown;
}

export type UploadOutcome = { readonly outcome: 'uploaded'; readonly file: ProviderFile } | UploadRefused;

/** A definite no to a file, as a `Refused` is one to a mail. */
export interface UploadRefused {
  readonly outcome: 'refused';
  readonly operation: string;
  readonly reason: Reason;
  readonly scope: RefusalScope;
  readonly retryAfterMs?: number;
  readonly provider: ProviderWords;
}

/** An optional part of a provider: files are uploaded before a mail refers to them. None of these calls sends mail. */
export interface ProviderAttachments {
  /**
   * Uploads a file. To do so twice is harmless: one copy more at the provider.
   * @throws ProviderUnavailableError when there is no verdict.
   */
  upload(file: OutboundFile, signal: AbortSignal): Promise<UploadOutcome>;

  /**
   * Is the file still there? Absent where the provider can't be asked.
   * @throws ProviderUnavailableError when it didn't say.
   */
  isThere?(file: ProviderFile, signal: AbortSignal): Promise<boolean>;

  /**
   * Removes the file; one that is gone is removed. Absent where the provider lets files expire by themselves.
   * @throws ProviderUnavailableError when it may still be there.
   */
  remove?(file: ProviderFile, signal: AbortSignal): Promise<void>;
}
