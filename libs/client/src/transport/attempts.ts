import { GatewayConnectionError, GatewayError, GatewayProblem, GatewayTimeout } from '../errors.js';
import type { Call } from './call.js';
import type { Limits, Retry } from './options.js';
import { backOff, notBefore } from './wait.js';

/** The attempts of one call: how many there were, what is left of its time, and whether there is another one. */
export class Attempts {
  failed = 0;
  readonly #call: Call;
  readonly #limits: Required<Limits>;
  readonly #end: number;
  /** May an attempt without an answer have done it? */
  #doubt = false;

  constructor(call: Call, limits: Required<Limits>) {
    checkLimits(limits);
    this.#call = call;
    this.#limits = limits;
    this.#end = performance.now() + limits.deadlineMs;
  }

  /** For the next one. */
  get timeoutMs(): number {
    return Math.min(this.#limits.timeoutMs, this.#leftMs);
  }

  get #leftMs(): number {
    return Math.max(0, this.#end - performance.now());
  }

  /** What is not there any more was deleted by the attempt whose answer was lost. */
  haveDone(error: unknown): boolean {
    const { method, expected } = this.#call;
    const isGone = error instanceof GatewayProblem && error.code === 'not_found';
    return this.#doubt && method === 'DELETE' && expected === 'nothing' && isGone;
  }

  /** @throws the error, if the call ends with it */
  retryAfter(error: unknown): Retry {
    if (!(error instanceof GatewayError)) throw error;
    this.failed += 1;
    error.attempts = this.failed;
    this.#doubt ||= isDoubt(error);
    const delayMs = delayOf(error, this.failed - 1);
    if (!this.#mayFollow(error) || delayMs >= this.#leftMs) throw withDoubt(error, this.#doubt);
    return { error, attempt: this.failed, delayMs };
  }

  #mayFollow(error: GatewayError): boolean {
    if (this.failed > this.#limits.maxRetries || !error.retryable) return false;
    // A quota is used up for a day or a month.
    if (error instanceof GatewayProblem && error.code === 'quota_exceeded') return false;
    return this.#call.body?.repeatable() !== false;
  }
}

function delayOf(error: GatewayError, retries: number): number {
  const asked = error instanceof GatewayProblem ? error.retryAfterMs : undefined;
  return asked === undefined ? backOff(retries) : notBefore(asked);
}

/** A proxy's 502 leaves open what the gateway did, a problem document does not. */
const isDoubt = (error: GatewayError): boolean =>
  error instanceof GatewayConnectionError
    ? error.sent === 'maybe'
    : error instanceof GatewayProblem && error.status >= 500 && error.code === 'http_error';

/** The last attempt was never sent, but one before it may have been. */
function withDoubt(error: GatewayError, doubt: boolean): GatewayError {
  if (!(error instanceof GatewayConnectionError) || error.sent === 'maybe' || !doubt) return error;
  const { message, retryable, cause, attempts } = error;
  const Kind = error instanceof GatewayTimeout ? GatewayTimeout : GatewayConnectionError;
  return Object.assign(new Kind(message, { sent: 'maybe', retryable, cause }), { attempts });
}

/** The limits that were given, so that an `undefined` does not hide a default. */
export const given = ({ timeoutMs, deadlineMs, maxRetries }: Limits): Limits => ({
  ...(timeoutMs !== undefined && { timeoutMs }),
  ...(deadlineMs !== undefined && { deadlineMs }),
  ...(maxRetries !== undefined && { maxRetries }),
});

/** @throws TypeError */
export function checkLimits({ timeoutMs = 1, deadlineMs = 1, maxRetries = 0 }: Limits): void {
  if (!(timeoutMs > 0)) throw new TypeError('timeoutMs must be a number of milliseconds above 0');
  if (!(deadlineMs > 0)) throw new TypeError('deadlineMs must be a number of milliseconds above 0');
  if (!(maxRetries >= 0)) throw new TypeError('maxRetries must be a number from 0');
}
