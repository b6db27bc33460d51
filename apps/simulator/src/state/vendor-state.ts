import type { z } from 'zod';

/** State of a look-alike beyond requests, files and block lists: templates, lists. */
export interface VendorStore {
  clear(): void;
}

export interface StoreParts {
  /** Numbers for ids, unique in the simulator. */
  readonly nextSerial: () => number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The part of a vendor that the state of the simulator needs; see `Vendor` for the rest. */
export interface VendorState<Settings = unknown, Store extends VendorStore = VendorStore> {
  /** As in the gateway, e.g. `ncp`. */
  readonly kind: string;
  /** Switches for what the vendor's documents leave open; every one has a default. */
  readonly settings: z.ZodType<Settings>;
  makeStore(parts: StoreParts): Store;
  /** An id of the vendor's form for the request with this number; `at` is epoch ms. */
  requestId(at: number, serial: number, reserved: boolean): string;
}
