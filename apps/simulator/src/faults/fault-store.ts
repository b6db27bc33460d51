import type { Provider } from '../state/accepted-request.js';
import { faultSchema, type Fault, type Operation } from './fault.js';

/** The properties of a call by which faults select it. */
export interface FaultTarget {
  readonly provider: Provider;
  readonly operation: Operation;
  /** Sender address of the mail that the call is about, if it is known. */
  readonly sender: string | undefined;
}

/** The faults in force, in the order in which they were set; the first that fits a call hits it. */
export class FaultStore {
  #faults: Fault[] = [];
  #nextId = 1;
  private readonly schema: ReturnType<typeof faultSchema>;

  /** @param kinds of the vendors */
  constructor(kinds: readonly string[]) {
    this.schema = faultSchema(kinds);
  }

  /** Adds a fault; throws ZodError for a specification that is not understood. */
  add(specification: unknown): Fault {
    const spec = this.schema.parse(specification);
    const fault: Fault = { ...spec, id: this.#nextId++, remaining: spec.times, toSkip: spec.skip, hits: 0 };
    this.#faults.push(fault);
    return fault;
  }

  /** Takes the fault that hits this call, if any, and counts it down. */
  take(target: FaultTarget): Fault | undefined {
    for (const fault of this.#faults) {
      if (fault.remaining === 0 || !fits(fault, target)) continue;
      if (fault.toSkip > 0) {
        fault.toSkip -= 1;
        continue;
      }
      if (fault.remaining > 0) fault.remaining -= 1;
      fault.hits += 1;
      return fault;
    }
    return undefined;
  }

  /** Gives a hit back: the call was refused before the fault could show. */
  giveBack(fault: Fault): void {
    if (fault.times >= 0) fault.remaining += 1;
    fault.hits -= 1;
  }

  all(): readonly Fault[] {
    return this.#faults;
  }

  /** True if there was such a fault. */
  remove(id: number): boolean {
    const before = this.#faults.length;
    this.#faults = this.#faults.filter((fault) => fault.id !== id);
    return this.#faults.length < before;
  }

  clear(): void {
    this.#faults = [];
  }
}

const fits = (fault: Fault, target: FaultTarget): boolean =>
  (fault.provider === '*' || fault.provider === target.provider) &&
  (fault.operation === '*' || fault.operation === target.operation) &&
  (fault.kind !== 'lag' || target.operation === 'send') &&
  (fault.sender === undefined || fault.sender.toLowerCase() === target.sender?.toLowerCase());
