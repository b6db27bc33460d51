import type { NewWebhookDelivery, PauseReason, WebhookFailure, WebhookHealth } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { batchParcel, halfIds, BATCH_TYPE, type Parcel } from '../body.js';
import type { LogEvent } from '../../events/event-log.js';
import type { SentRequest } from './request-sender.js';

/** Statuses that are about the body, so that the same body will be refused again. */
const REFUSED: ReadonlySet<number> = new Set([400, 413, 422]);
const MOST_REFUSALS = 3;
const GONE = 410;
/** Attempts that are kept of one request. */
const MOST_ATTEMPTS = 12;

/** A request that is about to be sent, or was sent before and failed. */
export type Pending = Pick<NewWebhookDelivery, 'tries' | 'refusals' | 'attempts' | 'replay'> & {
  readonly id: string;
  readonly endpointId: string;
  readonly parcel: Parcel;
};

export interface Rules {
  readonly now: Date;
  /** Pauses before the second and later tries. */
  readonly retryMs: readonly number[];
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Derives the next state of a request from the result of an attempt.
 * @param counts false for a probe that came before the request was due: it does not use up the schedule
 * @returns one delivery; two new ones if the request was refused too often and is halved
 */
export function afterSending(
  pending: Pending,
  sent: SentRequest,
  rules: Rules,
  counts = true,
): readonly [NewWebhookDelivery] | readonly [NewWebhookDelivery, NewWebhookDelivery] {
  const attempts = [...pending.attempts, sent.attempt].slice(-MOST_ATTEMPTS);
  const tries = pending.tries + (counts ? 1 : 0);
  if (sent.delivered) return [toRow(pending, { status: 'delivered', attempts, tries, rules })];
  const refusals = isRefusal(sent) ? pending.refusals + 1 : 0;
  if (refusals >= MOST_REFUSALS) {
    return halve(pending, attempts, rules) ?? [toRow(pending, { status: 'failed', attempts, tries, rules })];
  }
  const pause = rules.retryMs[Math.max(tries, 1) - 1];
  if (pause === undefined) return [toRow(pending, { status: 'failed', attempts, tries, rules })];
  const waitMs = Math.max(jittered(pause, rules.random), sent.retryAfterMs ?? 0);
  // A receiver that is gone has not refused the request: it waits until the endpoint is resumed.
  const status = isGone(sent) ? 'pending' : 'failing';
  return [toRow(pending, { status, attempts, tries, refusals, waitMs, rules })];
}

const isRefusal = ({ attempt }: SentRequest): boolean => REFUSED.has(attempt.httpStatus ?? 0);

const isGone = ({ attempt }: SentRequest): boolean => attempt.httpStatus === GONE;

/** Up to a tenth later, so that what failed together does not come back together. */
const jittered = (ms: number, random: () => number): number => Math.round(ms * (1 + random() / 10));

function toRow(
  { id, endpointId, parcel, replay }: Pending,
  state: Pick<NewWebhookDelivery, 'status' | 'attempts' | 'tries'> & {
    readonly refusals?: number;
    readonly waitMs?: number;
    readonly rules: Rules;
  },
): NewWebhookDelivery {
  const { status, attempts, tries, refusals = 0, waitMs, rules } = state;
  return {
    id,
    endpointId,
    ...parcel,
    replay,
    status,
    attempts,
    tries,
    refusals,
    nextAttemptAt: waitMs === undefined ? null : new Date(rules.now.getTime() + waitMs),
    finishedAt: waitMs === undefined ? rules.now : null,
  };
}

/** The halves begin afresh, with the history of the whole. */
function halve(
  pending: Pending,
  attempts: NewWebhookDelivery['attempts'],
  rules: Rules,
): readonly [NewWebhookDelivery, NewWebhookDelivery] | undefined {
  const { parcel } = pending;
  if (parcel.type !== BATCH_TYPE || parcel.eventIds.length < 2) return undefined;
  const { events } = (JSON.parse(parcel.body) as { data: { events: (LogEvent & { at: string })[] } }).data;
  const middle = Math.ceil(events.length / 2);
  const [first, second] = halfIds(parcel.webhookId);
  const half = (webhookId: string, from: number, to: number): NewWebhookDelivery => {
    const part = events.slice(from, to).map((event) => ({ ...event, at: new Date(event.at) }));
    const whole = { ...pending, id: newUuid(), parcel: batchParcel(webhookId, part) };
    return toRow(whole, { status: 'pending', attempts, tries: 0, waitMs: 0, rules });
  };
  return [half(first, 0, middle), half(second, middle, events.length)];
}

/** Failures in a row after which an endpoint counts as failing; fewer, if they last. */
const FAILURES = 5;
const LASTING_FAILURES = 2;
const LASTING_MS = 60_000;
/** First pause between two probes of a failing endpoint; it doubles. */
const PROBE_MS = 5000;
const LONGEST_PROBE_MS = 300_000;
const GIVEN_UP_MS = 5 * 86_400_000;

export type Turn = 'failing' | 'recovered' | 'paused';

export interface EndpointChange {
  readonly health: WebhookHealth;
  readonly pauseReason: PauseReason | null;
  /** Changes of its state, which become events. */
  readonly turns: readonly Turn[];
}

/** Derives the state of an endpoint from the results of some requests, in the order in which they ended. */
export function afterRequests(
  before: WebhookHealth & { readonly maxInFlight: number },
  sent: readonly SentRequest[],
  { now, random }: Rules,
): EndpointChange {
  let health: WebhookHealth = before;
  for (const one of sent) health = one.delivered ? succeeded(health, now) : failed(health, one, now);
  const pauseReason = pauseReasonOf(health, sent, now);
  const isFailing = isDown(health, now);
  const probes = isFailing && before.probeAt !== null ? health.probes + 1 : 0;
  const probeAt = isFailing ? new Date(now.getTime() + probePause(probes, sent.at(-1), random)) : null;
  return {
    health: { ...health, probes, probeAt, inFlight: nextInFlight(before, sent) },
    pauseReason,
    turns: turnsOf({ wasFailing: before.probeAt !== null, isFailing, isPaused: pauseReason !== null }),
  };
}

function turnsOf(state: {
  readonly wasFailing: boolean;
  readonly isFailing: boolean;
  readonly isPaused: boolean;
}): Turn[] {
  if (state.isPaused) return ['paused'];
  if (state.wasFailing === state.isFailing) return [];
  return [state.isFailing ? 'failing' : 'recovered'];
}

function pauseReasonOf(health: WebhookHealth, sent: readonly SentRequest[], now: Date): PauseReason | null {
  if (sent.some(isGone)) return 'gone';
  return isGivenUp(health, now) ? 'failing' : null;
}

const succeeded = (health: WebhookHealth, now: Date): WebhookHealth => ({
  ...health,
  failures: 0,
  failingSince: null,
  lastSuccessAt: now,
});

/** An answer about the body shows that the endpoint works, yet it is no success. */
function failed(health: WebhookHealth, { attempt }: SentRequest, now: Date): WebhookHealth {
  const lastError: WebhookFailure = {
    at: attempt.at,
    code: attempt.error?.code ?? 'E_HTTP',
    detail: attempt.error?.detail ?? '',
    httpStatus: attempt.httpStatus,
  };
  const isAnswer = REFUSED.has(attempt.httpStatus ?? 0);
  return {
    ...health,
    lastError,
    failures: isAnswer ? 0 : health.failures + 1,
    failingSince: health.failingSince ?? now,
  };
}

function isDown({ failures, failingSince }: WebhookHealth, now: Date): boolean {
  if (failures >= FAILURES) return true;
  const lastsMs = failingSince === null ? 0 : now.getTime() - failingSince.getTime();
  return failures >= LASTING_FAILURES && lastsMs > LASTING_MS;
}

const isGivenUp = ({ failingSince }: WebhookHealth, now: Date): boolean =>
  failingSince !== null && now.getTime() - failingSince.getTime() >= GIVEN_UP_MS;

function probePause(probes: number, last: SentRequest | undefined, random: () => number): number {
  const pause = Math.min(PROBE_MS * 2 ** Math.min(probes, 10), LONGEST_PROBE_MS);
  return Math.max(jittered(pause, random), last?.retryAfterMs ?? 0);
}

/** One more after a round without failure, half after one with. */
function nextInFlight(
  { inFlight, maxInFlight }: WebhookHealth & { readonly maxInFlight: number },
  sent: readonly SentRequest[],
): number {
  const isOverloaded = sent.some((one) => !one.delivered && !isRefusal(one));
  if (isOverloaded) return Math.max(1, Math.floor(inFlight / 2));
  return sent.length === 0 ? inFlight : Math.min(maxInFlight, inFlight + 1);
}
