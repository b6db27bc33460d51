import { PerScope } from '../../state/per-scope.js';
import type { Simulator } from '../../state/simulator.js';
import type { StoreParts, VendorState } from '../../state/vendor-state.js';
import { AddressBook } from './audience/address-book.js';
import { ncpRequestId } from './ids.js';
import { ncpSettingsSchema, type NcpSettings } from './settings.js';
import type { TemplateExport } from './templates/template-exports.js';
import { TemplateTree } from './templates/template-tree.js';

/** Data of one region is not visible in another. */
export class NcpStore {
  readonly addressBooks: PerScope<AddressBook>;
  /** How long an address is blocked after a hard bounce. */
  readonly sendBlockTimes = new PerScope(() => ({ hours: 168 }));
  /** Templates and categories. */
  readonly templates = new PerScope(() => new TemplateTree());
  readonly templateExports = new PerScope<TemplateExport[]>(() => []);

  constructor({ nextSerial }: StoreParts) {
    this.addressBooks = new PerScope(() => new AddressBook(nextSerial));
  }

  clear(): void {
    this.addressBooks.clear();
    this.sendBlockTimes.clear();
    this.templates.clear();
    this.templateExports.clear();
  }
}

export const ncpState: VendorState<NcpSettings, NcpStore> = {
  kind: 'ncp',
  settings: ncpSettingsSchema.prefault({}),
  makeStore: (parts) => new NcpStore(parts),
  requestId: ncpRequestId,
};

export const settingsOf = (simulator: Simulator): NcpSettings => simulator.settingsOf(ncpState);

export const storeOf = (simulator: Simulator): NcpStore => simulator.storeOf(ncpState);
