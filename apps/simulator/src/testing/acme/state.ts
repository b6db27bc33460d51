import { z } from 'zod';
import { spanMs } from '../../state/setting-types.js';
import type { Simulator } from '../../state/simulator.js';
import type { VendorState } from '../../state/vendor-state.js';

const settingsSchema = z.strictObject({
  /** How long an idempotency key is remembered. */
  keyLifetimeMs: spanMs.default(86_400_000),
});

type AcmeSettings = z.output<typeof settingsSchema>;

/** An answer that every repeat with the same key gets. */
interface RememberedAnswer {
  readonly at: number;
  readonly fingerprint: string;
  readonly body: object;
  /** Number of requests with this key. */
  asked: number;
}

class AcmeStore {
  readonly answers = new Map<string, RememberedAnswer>();
  /** Addresses that were postponed once. */
  readonly postponed = new Set<string>();
  /** States that were pushed, by request, position and state. */
  readonly pushed = new Set<string>();

  clear(): void {
    this.answers.clear();
    this.postponed.clear();
    this.pushed.clear();
  }
}

export const acmeState: VendorState<AcmeSettings, AcmeStore> = {
  kind: 'acme',
  settings: settingsSchema.prefault({}),
  makeStore: () => new AcmeStore(),
  requestId: (at, serial) => `acm_${at.toString(36)}${serial.toString(36).padStart(6, '0')}`,
};

export const settingsOf = (simulator: Simulator): AcmeSettings => simulator.settingsOf(acmeState);

export const storeOf = (simulator: Simulator): AcmeStore => simulator.storeOf(acmeState);
