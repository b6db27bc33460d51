import { PerScope } from '../../state/per-scope.js';
import type { Simulator } from '../../state/simulator.js';
import type { StoreParts, VendorState } from '../../state/vendor-state.js';
import { nhnRequestId } from './ids.js';
import { nhnSettingsSchema, type NhnSettings } from './settings.js';
import { TagBook } from './tags/tag-book.js';
import { NhnTemplates, rootCategory } from './templates/template-store.js';

/** Data of one app key is not visible to another. */
export class NhnStore {
  readonly templates: PerScope<NhnTemplates>;
  readonly tagBooks = new PerScope(() => new TagBook());
  /** States that hooks have reported, by request, position and status. */
  readonly hooked = new Set<string>();

  constructor({ nextSerial, now }: StoreParts) {
    this.templates = new PerScope(() => new NhnTemplates(rootCategory(nextSerial(), now())));
  }

  clear(): void {
    this.templates.clear();
    this.tagBooks.clear();
    this.hooked.clear();
  }
}

export const nhnState: VendorState<NhnSettings, NhnStore> = {
  kind: 'nhn',
  settings: nhnSettingsSchema.prefault({}),
  makeStore: (parts) => new NhnStore(parts),
  requestId: nhnRequestId,
};

export const settingsOf = (simulator: Simulator): NhnSettings => simulator.settingsOf(nhnState);

export const storeOf = (simulator: Simulator): NhnStore => simulator.storeOf(nhnState);
