import { z } from 'zod';
import { spanMs } from './setting-types.js';
import type { VendorState } from './vendor-state.js';

/** `timings`: see Timings in outcomes/progress.ts. A change applies to requests accepted after it. */
const timingsSchema = z.strictObject({
  preparedMs: spanMs.default(50),
  sendingMs: spanMs.default(150),
  outcomeMs: spanMs.default(300),
  receivedMs: spanMs.default(100),
  openedMs: spanMs.default(200),
  lateBounceMs: spanMs.default(1_000),
});

const commonShape = {
  /** Added to the simulator's clock, ms. */
  clockOffsetMs: z.int().default(0),
  /** Keep every request body for GET /control/requests/{id}; switch off for very large runs. */
  keepBodies: z.boolean().default(true),
  /** Senders without SPF, DKIM and DMARC: their mail to gmail.com and yahoo.com is not delivered. */
  unauthenticatedSenderDomains: z.array(z.string()).default([]),
  timings: timingsSchema.prefault({}),
};

/** Settings that all look-alikes share, and the switches of each vendor under its kind. */
export type Settings = z.infer<z.ZodObject<typeof commonShape>> & Readonly<Record<string, unknown>>;

/** Defaults and changes of the settings, with the switches that the vendors declare. */
export class SettingsSchema {
  private readonly schema: z.ZodType<Settings>;
  /** Members whose own members can be changed one by one. */
  private readonly groups: readonly string[];

  constructor(vendors: readonly VendorState[]) {
    const switches = vendors.map(({ kind, settings }) => [kind, settings] as const);
    this.schema = z.strictObject({ ...commonShape, ...Object.fromEntries(switches) });
    this.groups = ['timings', ...vendors.map(({ kind }) => kind)];
  }

  defaults(): Settings {
    return this.schema.parse({});
  }

  /** The settings with the members of `change` replaced, one level deep; throws ZodError for unknown or bad members. */
  merge(current: Settings, change: unknown): Settings {
    const patch = z.record(z.string(), z.unknown()).parse(change);
    const merged: Record<string, unknown> = { ...current, ...patch };
    for (const group of this.groups) {
      if (patch[group] === undefined) continue;
      merged[group] = { ...(current[group] as object), ...z.looseObject({}).parse(patch[group]) };
    }
    return this.schema.parse(merged);
  }
}
