import type { ReasonWord } from './reasons.js';

/** The final outcome of a recipient, in words of neither vendor. */
export type PlanKind =
  | 'delivered'
  | 'opened'
  | 'sent'
  | 'bounced'
  | 'late-bounced'
  | 'failed'
  | 'refused'
  | 'unsubscribed'
  | 'unverified'
  | 'whitelisted'
  | 'cancelled'
  | 'unlisted'
  | 'stuck';

/** The script of one recipient. Recipients with the same script share one Plan and hold only its id. */
export interface Plan {
  readonly id: number;
  readonly kind: PlanKind;
  readonly reason: ReasonWord;
  /** Added to the normal outcome time, ms. */
  readonly delayMs: number;
}

/** Interns plans, so that a recipient costs four bytes and counters can be kept per plan instead of per recipient. */
export class PlanTable {
  readonly #plans: Plan[] = [];
  readonly #idByKey = new Map<string, number>();

  /** The id of the plan with these values; the same values always give the same id. */
  intern(kind: PlanKind, reason: ReasonWord = 'unknown', delayMs = 0): number {
    const key = `${kind}/${reason}/${delayMs}`;
    const known = this.#idByKey.get(key);
    if (known !== undefined) return known;
    const id = this.#plans.length;
    this.#plans.push({ id, kind, reason, delayMs });
    this.#idByKey.set(key, id);
    return id;
  }

  get(id: number): Plan {
    const plan = this.#plans[id];
    if (!plan) throw new Error(`no plan ${id}`);
    return plan;
  }
}
