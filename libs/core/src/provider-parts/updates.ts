import type { RecipientReport } from './recipient-report.js';

/** News of one recipient of a request, listed by the time of the news. Such lists do not name the recipient. */
export interface RecipientUpdate {
  readonly requestId: string;
  /** Public id of the batch (`bat_…`), where the provider returns it. */
  readonly batchId?: string;
  /** Of a request to one recipient, the state of that recipient; else it only shows that the request has news. */
  readonly report: Omit<RecipientReport, 'address'>;
}

/**
 * An optional part of a provider: one list of the news of all its requests. It makes polls of each request rarer, it does
 * not replace them: what the list leaves out, they find.
 */
export interface ProviderUpdates {
  /**
   * Reads the news since the cursor, in pages. A part of it may have been read before.
   * @param cursor what the last reading returned; `undefined` for the first, which begins about now. Opaque JSON.
   * @returns the cursor for the next reading.
   * @throws ProviderUnavailableError when the provider can't be asked or its answer can't be understood.
   */
  read(cursor: unknown, signal: AbortSignal): AsyncGenerator<readonly RecipientUpdate[], unknown, void>;
}
