import { progressAt, type DeliveryState, type Progress } from '../../../outcomes/progress.js';
import type { Simulator } from '../../../state/simulator.js';
import { mailRange, type AcceptedRequest } from '../../../state/accepted-request.js';

/** `unlisted` gives a code that no document lists, so that clients prove they tolerate one. */
const RECIPIENT_CODE: Readonly<Record<DeliveryState, string>> = {
  preparing: 'P',
  ready: 'R',
  sending: 'I',
  sent: 'S',
  bounced: 'F',
  failed: 'F',
  refused: 'F',
  unverified: 'F',
  whitelisted: 'F',
  unsubscribed: 'U',
  cancelled: 'C',
  unlisted: 'X',
};

const UNFINISHED = ['P', 'R', 'I'] as const;

export const isFinished = (code: string): boolean => !(UNFINISHED as readonly string[]).includes(code);

export const recipientCode = (progress: Progress): string => RECIPIENT_CODE[progress.state];

/** One status for several: the earliest unfinished one, the common one, PF if some were sent, else F. */
export function combineCodes(codes: Iterable<string>): string {
  const distinct = new Set(codes);
  const [only] = distinct;
  if (distinct.size === 1 && only !== undefined) return only;
  for (const code of UNFINISHED) if (distinct.has(code)) return code;
  return distinct.has('S') || distinct.has('PF') ? 'PF' : 'F';
}

/** Statuses of one request at one moment; a plan is computed once, however many recipients share it. */
export class StatusView {
  readonly #byPlan = new Map<number, Progress>();

  constructor(
    private readonly simulator: Simulator,
    readonly request: AcceptedRequest,
    readonly now: number = simulator.now(),
  ) {}

  progress(plan: number): Progress {
    const known = this.#byPlan.get(plan);
    if (known) return known;
    const progress = progressAt(this.simulator.plans.get(plan), this.request.course, this.now);
    this.#byPlan.set(plan, progress);
    return progress;
  }

  /** Status code of one mail. */
  mailCode(mail: number): string {
    const { from, to } = mailRange(this.request, mail);
    const { plans } = this.request.recipients;
    const first = recipientCode(this.progress(plans[from] ?? 0));
    if (to - from === 1) return first;
    const codes = new Set<string>();
    for (let position = from; position < to; position += 1) {
      codes.add(recipientCode(this.progress(plans[position] ?? 0)));
    }
    return combineCodes(codes);
  }

  /** Mails per status code. One recipient per mail: from the histogram of plans, without a scan. */
  countsByCode(): Map<string, number> {
    const counts = new Map<string, number>();
    const count = (code: string, by: number): unknown => counts.set(code, (counts.get(code) ?? 0) + by);
    if (this.request.mailSize === 1) {
      for (const [plan, by] of this.request.recipients.histogram) count(recipientCode(this.progress(plan)), by);
      return counts;
    }
    for (let mail = 0; mail < this.request.mailCount; mail += 1) count(this.mailCode(mail), 1);
    return counts;
  }

  requestCode(): string {
    return combineCodes(this.countsByCode().keys());
  }

  /** When sending began, null while it has not. */
  sendDate(): number | null {
    const { course } = this.request;
    const at = Math.max(course.acceptedAt + course.timings.preparedMs, course.startAt + course.timings.sendingMs);
    return at <= this.now ? at : null;
  }
}
