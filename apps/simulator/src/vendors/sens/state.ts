import type { Simulator } from '../../state/simulator.js';
import type { VendorState } from '../../state/vendor-state.js';
import { sensRequestId } from './ids.js';
import { sensSettingsSchema, type SensSettings } from './settings.js';

/** A template as the console keeps it; API v2 has no call for templates (sens.md §2.2). */
export interface ConsoleTemplate {
  readonly templateNo: number;
  readonly name: string;
  readonly senderAddress: string;
  readonly senderName: string | null;
  readonly title: string;
  readonly body: string;
}

/** Templates and groups of the address book: they can be changed in the console only. */
class SensStore {
  readonly templates = new Map<number, ConsoleTemplate>();
  /** Group name → addresses. */
  readonly groups = new Map<string, readonly string[]>();

  clear(): void {
    this.templates.clear();
    this.groups.clear();
  }
}

export const sensState: VendorState<SensSettings, SensStore> = {
  kind: 'sens',
  settings: sensSettingsSchema.prefault({}),
  makeStore: () => new SensStore(),
  requestId: sensRequestId,
};

export const settingsOf = (simulator: Simulator): SensSettings => simulator.settingsOf(sensState);

export const storeOf = (simulator: Simulator): SensStore => simulator.storeOf(sensState);
