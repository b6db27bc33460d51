import type { Parameters } from './parameters.js';

/** One recipient on its way into a table. `type` is the vendor's index: 0 to, 1 cc, 2 bcc. */
export interface RecipientInput {
  readonly address: string;
  readonly name: string | null;
  readonly type: number;
  readonly parameters: Parameters | undefined;
  readonly plan: number;
}

/** Recipients of one request as columns: about the size of the caller's strings plus five bytes each. */
export class RecipientTable {
  readonly addresses: string[];
  readonly names: (string | null)[];
  readonly parameters: (Parameters | undefined)[];
  readonly types: Uint8Array;
  readonly plans: Uint32Array;
  /** Plan id → number of recipients, kept while adding so that counters never scan. */
  readonly histogram = new Map<number, number>();
  #count = 0;

  constructor(capacity: number) {
    this.addresses = new Array<string>(capacity);
    this.names = new Array<string | null>(capacity);
    this.parameters = new Array<Parameters | undefined>(capacity);
    this.types = new Uint8Array(capacity);
    this.plans = new Uint32Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  add(recipient: RecipientInput): void {
    const at = this.#count++;
    this.addresses[at] = recipient.address;
    this.names[at] = recipient.name;
    this.parameters[at] = recipient.parameters;
    this.types[at] = recipient.type;
    this.plans[at] = recipient.plan;
    this.histogram.set(recipient.plan, (this.histogram.get(recipient.plan) ?? 0) + 1);
  }

  /** The row at a position; throws RangeError outside the table. */
  row(position: number): RecipientInput {
    if (position < 0 || position >= this.#count) throw new RangeError(`no recipient ${position}`);
    return {
      address: this.addresses[position] ?? '',
      name: this.names[position] ?? null,
      type: this.types[position] ?? 0,
      parameters: this.parameters[position],
      plan: this.plans[position] ?? 0,
    };
  }
}
