import { progressAt, type DeliveryState, type Progress } from '../../../outcomes/progress.js';
import { mailRange, type AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';

/** A status that no document lists, so that clients prove they tolerate one. */
const UNLISTED = 'QUARANTINED';

const STATUS: Readonly<Record<DeliveryState, string>> = {
  preparing: 'PREPARING',
  ready: 'READY',
  sending: 'SENDING',
  sent: 'COMPLETED',
  bounced: 'FAILED',
  failed: 'FAILED',
  refused: 'FAILED',
  unverified: 'FAILED',
  whitelisted: 'FAILED',
  unsubscribed: 'FAILED',
  cancelled: 'CANCELED',
  unlisted: UNLISTED,
};

const UNFINISHED = ['PREPARING', 'RESERVED', 'READY', 'SENDING'] as const;

export const isFinished = (status: string): boolean => !(UNFINISHED as readonly string[]).includes(status);

/** Get request names no pause once one of these is reached (sens.md §3). */
export const isTerminal = (status: string): boolean =>
  ['COMPLETED', 'FAILED', 'PARTIAL_FAILED', 'CANCELED'].includes(status);

/** One status for several: the earliest unfinished one, the common one, PARTIAL_FAILED if some were sent, else FAILED. */
function combine(statuses: Iterable<string>): string {
  const distinct = new Set(statuses);
  const [only] = distinct;
  if (distinct.size === 1 && only !== undefined) return only;
  for (const status of UNFINISHED) if (distinct.has(status)) return status;
  return distinct.has('COMPLETED') || distinct.has('PARTIAL_FAILED') ? 'PARTIAL_FAILED' : 'FAILED';
}

/** Statuses of one request at one moment; a plan is computed once, however many recipients share it. */
export class StatusView {
  readonly #byPlan = new Map<number, Progress>();

  constructor(
    private readonly simulator: Simulator,
    readonly request: AcceptedRequest,
    private readonly now: number = simulator.now(),
  ) {}

  progress(plan: number): Progress {
    const known = this.#byPlan.get(plan);
    if (known) return known;
    const progress = progressAt(this.simulator.plans.get(plan), this.request.course, this.now);
    this.#byPlan.set(plan, progress);
    return progress;
  }

  recipientStatus(plan: number): string {
    const status = STATUS[this.progress(plan).state];
    return status === 'READY' && (this.request.reservedAt ?? 0) > this.now ? 'RESERVED' : status;
  }

  /** Status of one mail. */
  mailStatus(mail: number): string {
    const { from, to } = mailRange(this.request, mail);
    const statuses = new Set<string>();
    for (let at = from; at < to; at += 1) statuses.add(this.recipientStatus(this.request.recipients.plans[at] ?? 0));
    return combine(statuses);
  }

  /** Mails per status. One recipient per mail: from the histogram of plans, without a scan. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const count = (status: string, by: number): unknown => counts.set(status, (counts.get(status) ?? 0) + by);
    if (this.request.mailSize === 1) {
      for (const [plan, by] of this.request.recipients.histogram) count(this.recipientStatus(plan), by);
    } else {
      for (let mail = 0; mail < this.request.mailCount; mail += 1) count(this.mailStatus(mail), 1);
    }
    return counts;
  }

  /** When sending began, `undefined` while it has not. */
  sentAt(): number | undefined {
    const { acceptedAt, startAt, timings } = this.request.course;
    const at = Math.max(acceptedAt + timings.preparedMs, startAt + timings.sendingMs);
    return at <= this.now ? at : undefined;
  }

  requestStatus(): string {
    return combine(this.counts().keys());
  }
}
