import { z } from 'zod';
import { masterKeys } from './master-keys.js';
import type { WebhookConfig } from './webhook-config.js';

/** Everything about erasures that an operator decides. */
export interface ErasureConfig {
  /**
   * Keys from which those of the hashes of erased addresses are derived; the first makes new hashes. None: the key of
   * the hashes is in the database.
   */
  readonly keys: readonly Buffer[];
  /** The keys as they were written, for loggers to mask. */
  readonly keyTexts: readonly string[];
}

export const erasureSchema = z.object({ ERASURE_KEY: masterKeys().optional() });

/** Those of webhooks count as well, after the others: hashes that were made before there was an `ERASURE_KEY` stay valid. */
export const erasureConfig = (
  { ERASURE_KEY: own }: z.output<typeof erasureSchema>,
  { masterKeys: webhookKeys }: WebhookConfig,
): ErasureConfig =>
  Object.freeze({
    keys: Object.freeze([...(own?.keys ?? []), ...webhookKeys]),
    keyTexts: Object.freeze(own?.texts ?? []),
  });
