import type { Plan } from './plan.js';

/** Where a recipient stands, in words of neither vendor. */
export type DeliveryState =
  | 'preparing'
  | 'ready'
  | 'sending'
  | 'sent'
  | 'bounced'
  | 'failed'
  | 'refused'
  | 'unsubscribed'
  | 'unverified'
  | 'whitelisted'
  | 'cancelled'
  | 'unlisted';

/** All in ms; the first three count from acceptance (or the reserved time), the others from the outcome. */
export interface Timings {
  readonly preparedMs: number;
  readonly sendingMs: number;
  readonly outcomeMs: number;
  readonly receivedMs: number;
  readonly openedMs: number;
  readonly lateBounceMs: number;
}

/** The clock of one accepted request: epoch ms and the timings that were set when it was accepted. */
export interface Course {
  readonly acceptedAt: number;
  /** Acceptance, or the reserved time if later. */
  readonly startAt: number;
  readonly timings: Timings;
}

/** `receivedAt` and `openedAt` are set only once they have happened; `outcomeAt` once the state is an outcome. */
export interface Progress {
  readonly state: DeliveryState;
  readonly outcomeAt: number | null;
  readonly receivedAt: number | null;
  readonly openedAt: number | null;
}

const underway = (state: DeliveryState): Progress => ({ state, outcomeAt: null, receivedAt: null, openedAt: null });

/** Computes the progress of a plan at a moment; pure, so no timer runs per recipient. */
export function progressAt(plan: Plan, course: Course, now: number): Progress {
  const preparedAt = course.acceptedAt + course.timings.preparedMs;
  const sendingAt = Math.max(preparedAt, course.startAt + course.timings.sendingMs);
  const outcomeAt = Math.max(sendingAt, course.startAt + course.timings.outcomeMs + plan.delayMs);
  if (now < preparedAt) return underway('preparing');
  if (now < sendingAt) return underway('ready');
  if (now < outcomeAt || plan.kind === 'stuck') return underway('sending');
  return outcomeOf(plan, course.timings, { outcomeAt, now });
}

function outcomeOf(plan: Plan, timings: Timings, at: { outcomeAt: number; now: number }): Progress {
  const reached = (moment: number): number | null => (moment <= at.now ? moment : null);
  const received = reached(at.outcomeAt + timings.receivedMs);
  const sent: Progress = { state: 'sent', outcomeAt: at.outcomeAt, receivedAt: received, openedAt: null };
  switch (plan.kind) {
    case 'delivered':
    case 'stuck':
      return sent;
    case 'sent':
      return { ...sent, receivedAt: null };
    case 'opened':
      return { ...sent, openedAt: reached(at.outcomeAt + timings.receivedMs + timings.openedMs) };
    case 'late-bounced': {
      const bouncedAt = reached(at.outcomeAt + timings.lateBounceMs);
      if (bouncedAt === null) return sent;
      return { state: 'bounced', outcomeAt: bouncedAt, receivedAt: null, openedAt: null };
    }
    default:
      return { state: plan.kind, outcomeAt: at.outcomeAt, receivedAt: null, openedAt: null };
  }
}
