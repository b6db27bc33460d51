/** An address on a provider's own list of people who want no advertisements. */
export interface ListedOptOut {
  readonly address: string;
  /**
   * When it came onto the list, as the provider says; where that may mean several times, the latest that is not to come:
   * doubt speaks for who opted out. Absent: the provider doesn't say.
   */
  readonly since?: Date;
  /** The provider's own value for that time; another value means that the entry was created again. */
  readonly stamp?: string;
}

/** A page of a provider's list. */
export interface OptOutPage {
  readonly entries: readonly ListedOptOut[];
  /** Where the list goes on: opaque JSON of the adapter. Absent: this was the last page. */
  readonly next?: unknown;
}

/**
 * An optional part of a provider: its list of people who want no advertisements. It never keeps other mail back, so
 * only opt-outs from marketing belong on it. None of these calls sends mail.
 *
 * Every call throws `ProviderRefusedError` for a definite no, and `ProviderUnavailableError` when there was no verdict;
 * a change may have happened then. To make a change twice is harmless.
 */
export interface ProviderSuppressions {
  /** Most addresses of one change. */
  readonly changeSize: number;
  /**
   * One page of the list. While pages are read, it may change: an entry may be missed, or come twice.
   * @param range.since entries that came onto it at this time or later, and perhaps earlier ones; absent: all.
   * @param range.at `next` of the page before.
   */
  list(range: { readonly since?: Date; readonly at?: unknown }, signal: AbortSignal): Promise<OptOutPage>;
  /** Is this very address on the list? */
  has(address: string, signal: AbortSignal): Promise<boolean>;
  /** Puts addresses on it. @returns how many the provider did not take: those it had, and those it wants not. */
  add(addresses: readonly string[], signal: AbortSignal): Promise<{ readonly ignored: number }>;
  /** Takes addresses off it; one that is not there is off. */
  remove(addresses: readonly string[], signal: AbortSignal): Promise<void>;
}
