import type { SimulatorConfig } from '../config.js';
import { FaultStore } from '../faults/fault-store.js';
import { PlanTable } from '../outcomes/plan.js';
import type { Provider } from './accepted-request.js';
import { AddressBook } from './address-book.js';
import { BlockList } from './block-list.js';
import { FileStore } from './file-store.js';
import { NhnTemplates, rootCategory } from './nhn-templates.js';
import { PerScope } from './per-scope.js';
import { RequestStore } from './request-store.js';
import { Serial } from './serial.js';
import { defaultSettings, mergeSettings, type Settings } from './settings.js';
import { TagBook } from './tag-book.js';
import type { TemplateExport } from './template-exports.js';
import { TemplateTree } from './template-tree.js';

/** A call that a vendor look-alike refused, kept so that a developer can see why. `at` is epoch ms. */
export interface Refusal {
  readonly at: number;
  readonly provider: Provider;
  readonly method: string;
  readonly url: string;
  readonly code: string;
  readonly reason: string;
}

const KEPT_REFUSALS = 200;

/** The whole state of one simulator; handlers get it passed, nothing is global. */
export class Simulator {
  readonly requests = new RequestStore();
  readonly faults = new FaultStore();
  readonly files = new FileStore();
  readonly serial = new Serial();
  readonly nhnTemplates = new PerScope(() => new NhnTemplates(rootCategory(this.serial.next(), this.now())));
  readonly addressBooks = new PerScope(() => new AddressBook(() => this.serial.next()));
  /** How long NCP blocks an address after a hard bounce. */
  readonly sendBlockTimes = new PerScope(() => ({ hours: 168 }));
  readonly tagBooks = new PerScope(() => new TagBook());
  /** NCP's templates and categories. */
  readonly templates = new PerScope(() => new TemplateTree());
  readonly templateExports = new PerScope<TemplateExport[]>(() => []);
  readonly plans = new PlanTable();
  readonly blocked: Readonly<Record<Provider, BlockList>> = { ncp: new BlockList(), nhn: new BlockList() };
  #settings = defaultSettings();
  #refusals: Refusal[] = [];

  constructor(
    readonly config: SimulatorConfig,
    private readonly clock: () => number = Date.now,
  ) {}

  get settings(): Settings {
    return this.#settings;
  }

  /** Changes some settings; throws ZodError when the change is not understood. */
  change(settings: unknown): Settings {
    this.#settings = mergeSettings(this.#settings, settings);
    return this.#settings;
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
    this.templates.clear();
    this.sendBlockTimes.clear();
    this.tagBooks.clear();
    this.addressBooks.clear();
    this.nhnTemplates.clear();
    this.templateExports.clear();
    this.blocked.ncp.clear();
    this.blocked.nhn.clear();
    this.#refusals = [];
    this.#settings = defaultSettings();
  }
}
