/**
 * An optional part of a provider: for how long it does not try an address that bounced hard. It does so by itself; the
 * gateway's own `BOUNCE_SUPPRESSION_DAYS` comes on top.
 */
export interface ProviderBounceBlock {
  /** The shortest that the provider takes. */
  readonly leastHours: number;
  /** @throws ProviderRefusedError for a definite no, ProviderUnavailableError when there was no verdict. */
  hours(signal: AbortSignal): Promise<number>;
  /** Of bounces from then on. To do so twice is harmless. */
  setHours(hours: number, signal: AbortSignal): Promise<void>;
}
