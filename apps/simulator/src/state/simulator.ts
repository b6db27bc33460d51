import { FaultStore } from '../faults/fault-store.js';
import { PlanTable } from '../outcomes/plan.js';
import type { Provider } from './accepted-request.js';
import { BlockList } from './block-list.js';
import { FileStore } from './file-store.js';
import { RequestStore } from './request-store.js';
import { Serial } from './serial.js';
import { SettingsSchema, type Settings } from './settings.js';
import type { VendorState, VendorStore } from './vendor-state.js';

/** A call that a vendor look-alike refused, kept so that a developer can see why. `at` is epoch ms. */
export interface Refusal {
  readonly at: number;
  readonly provider: Provider;
  readonly method: string;
  readonly url: string;
  readonly code: string;
  readonly reason: string;
}

/** Sandbox keys that the look-alikes accept, by vendor and name. */
export type SandboxKeys = Readonly<Record<string, Readonly<Record<string, string>>>>;

const KEPT_REFUSALS = 200;

/** The whole state of one simulator; it is passed to handlers, and nothing is global. */
export class Simulator {
  readonly requests: RequestStore;
  readonly faults: FaultStore;
  readonly files = new FileStore();
  readonly serial = new Serial();
  readonly plans = new PlanTable();
  private readonly schema: SettingsSchema;
  private readonly blocked: ReadonlyMap<Provider, BlockList>;
  private readonly stores: ReadonlyMap<Provider, VendorStore>;
  #settings: Settings;
  #refusals: Refusal[] = [];

  constructor(
    vendors: readonly VendorState[],
    readonly keys: SandboxKeys,
    private readonly clock: () => number = Date.now,
  ) {
    const parts = { nextSerial: () => this.serial.next(), now: () => this.now() };
    this.schema = new SettingsSchema(vendors);
    this.#settings = this.schema.defaults();
    this.requests = new RequestStore(new Map(vendors.map((vendor) => [vendor.kind, vendor])));
    this.faults = new FaultStore(vendors.map(({ kind }) => kind));
    this.blocked = new Map(vendors.map(({ kind }) => [kind, new BlockList()]));
    this.stores = new Map(vendors.map((vendor) => [vendor.kind, vendor.makeStore(parts)]));
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Changes some settings; throws ZodError when the change is not understood. */
  change(settings: unknown): Settings {
    this.#settings = this.schema.merge(this.#settings, settings);
    return this.#settings;
  }

  /** A vendor's own switches. They were parsed by that vendor's schema, so they have its type. */
  settingsOf<T>({ kind }: VendorState<T>): T {
    return this.#settings[kind] as T;
  }

  /** The store of a vendor. That vendor made it, so it has its type. */
  storeOf<T extends VendorStore>({ kind }: VendorState<unknown, T>): T {
    return known(this.stores, kind) as T;
  }

  /** Addresses that want no advertisements from a vendor. @throws Error for a kind that no vendor has */
  blockListOf(kind: Provider): BlockList {
    return known(this.blocked, kind);
  }

  /** The vendors' time, epoch ms. */
  now(): number {
    return this.clock() + this.#settings.clockOffsetMs;
  }

  noteRefusal(refusal: Omit<Refusal, 'at'>): void {
    this.#refusals.push({ at: this.now(), ...refusal });
    if (this.#refusals.length > KEPT_REFUSALS) this.#refusals.shift();
  }

  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  /** Empties everything: the record, the faults, what was uploaded and registered, and the settings. */
  reset(): void {
    this.requests.clear();
    this.faults.clear();
    this.files.clear();
    for (const store of this.stores.values()) store.clear();
    for (const list of this.blocked.values()) list.clear();
    this.#refusals = [];
    this.#settings = this.schema.defaults();
  }
}

function known<T>(all: ReadonlyMap<Provider, T>, kind: Provider): T {
  const found = all.get(kind);
  if (found === undefined) throw new Error(`the simulator has no vendor "${kind}"`);
  return found;
}
