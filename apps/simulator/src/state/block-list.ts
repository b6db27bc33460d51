/** An address that wants no ad mail; `since` is epoch ms. */
export interface BlockedAddress {
  readonly address: string;
  readonly since: number;
  /** False when the recipient used the link of a mail, true for the console or the API. */
  readonly byManager: boolean;
}

/** Addresses that refused ad mail (NCP unsubscribers, NHN block-receivers), compared without case. */
export class BlockList {
  #entries = new Map<string, BlockedAddress>();

  has(address: string): boolean {
    return this.#entries.size > 0 && this.#entries.has(address.toLowerCase());
  }

  /** False if it was there already. */
  add(address: string, since: number, byManager = true): boolean {
    if (this.has(address)) return false;
    this.#entries.set(address.toLowerCase(), { address, since, byManager });
    return true;
  }

  /** False if it was not there. */
  remove(address: string): boolean {
    return this.#entries.delete(address.toLowerCase());
  }

  all(): BlockedAddress[] {
    return [...this.#entries.values()];
  }

  clear(): void {
    this.#entries.clear();
  }
}
