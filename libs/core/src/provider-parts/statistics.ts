/** How a provider's figures are grouped; days and hours are those of Korea. */
export type ProviderStatisticGroup = 'date' | 'hour' | 'weekday';

/** A provider's own counts. `null`: it does not report the count, or only with too many calls. */
export interface ProviderStatistic {
  /** `2026-11-21`, `09` or, for a weekday, `1` (Monday) to `7`. */
  readonly key: string;
  readonly requested: number;
  readonly sent: number | null;
  readonly delivered: number | null;
  readonly opened: number | null;
}

/** An optional part of a provider: its own figures. */
export interface ProviderStatistics {
  /**
   * Figures of the mail that was requested in a time; groups without mail may be missing.
   * @throws ProviderRefusedError for a definite no, ProviderUnavailableError when there was no verdict.
   */
  count(
    query: { readonly from: Date; readonly to: Date; readonly groupBy: ProviderStatisticGroup },
    signal: AbortSignal,
  ): Promise<readonly ProviderStatistic[]>;
}
