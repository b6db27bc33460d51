import type { z } from 'zod';

/** What a look-alike keeps beyond requests, files and block lists: templates, lists. */
export interface VendorStore {
  clear(): void;
}

export interface StoreParts {
  /** Numbers for ids, unique in the simulator. */
  readonly nextSerial: () => number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** What the state of the simulator has to know of a vendor; see `Vendor` for the rest of it. */
export interface VendorState<Settings = unknown, Store extends VendorStore = VendorStore> {
  /** As in the gateway, e.g. `ncp`. */
  readonly kind: string;
  /** Switches for what the vendor's documents leave open; every one has a default. */
  readonly settings: z.ZodType<Settings>;
  makeStore(parts: StoreParts): Store;
  /** An id of the vendor's form for the request with this number; `at` is epoch ms. */
  requestId(at: number, serial: number, reserved: boolean): string;
}
