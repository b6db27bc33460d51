/** The periods by which the worker works, in milliseconds, and its patience (docs/configuration.md). */
export interface Timing {
  readonly pollIntervalMs: number;
  readonly recoveryIntervalMs: number;
  readonly providerTimeoutMs: number;
  readonly settleMs: number;
  readonly leaseMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Failures in a row after which an account is left alone for a while. */
  readonly breakerFailures: number;
  readonly sentFinalMs: number;
  readonly expireMs: number;
}

/** Doubling with full jitter in its upper half, so that batches that failed together are not retried together. */
export function backoffMs(attempt: number, timing: Timing, random: () => number = Math.random): number {
  const ceiling = Math.min(timing.retryMaxMs, timing.retryBaseMs * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling * (0.5 + random() / 2));
}

/** A lease outlives the longest request, or a slow answer would look like a lost worker. */
export const effectiveLeaseMs = (timing: Timing): number =>
  Math.max(timing.leaseMs, timing.providerTimeoutMs + LEASE_MARGIN_MS);

const LEASE_MARGIN_MS = 10_000;

/** Age of a lease up to which its remaining time is longer than the longest request. */
export const FRESH_LEASE_MS = LEASE_MARGIN_MS / 2;
