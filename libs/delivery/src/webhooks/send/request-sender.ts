import type { WebhookAttempt, WebhookSecret } from '@gateway/database';
import {
  CLOCK,
  EgressError,
  EgressGuard,
  MOST_ANSWER_BYTES,
  postGuarded,
  type Clock,
  type GuardedOutcome,
} from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { signedHeaders } from '../signing/sign.js';
import { HeaderSeal, HIDDEN, type Headers } from '../signing/header-seal.js';
import { MasterKeyMissing, WebhookKeys, type Signing } from '../signing/keys.js';

/** Where a request goes, and how it is signed. */
export interface Destination {
  readonly id: string;
  readonly url: string;
  /** Sealed, or clear in rows from before they were. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signing: Signing;
  readonly secrets: readonly WebhookSecret[];
}

export interface Request {
  readonly webhookId: string;
  readonly body: string;
  readonly replay?: boolean;
  readonly test?: boolean;
}

export interface SentRequest {
  readonly attempt: WebhookAttempt;
  readonly delivered: boolean;
  /** The wait that the receiver asked for. */
  readonly retryAfterMs: number | undefined;
}

/** The receiver may ask for a wait within these bounds. */
const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Sends one request to an endpoint, through the guard, and reports the result. */
@Injectable()
export class RequestSender {
  constructor(
    private readonly guard: EgressGuard,
    private readonly keys: WebhookKeys,
    private readonly seal: HeaderSeal,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async send(to: Destination, request: Request): Promise<SentRequest> {
    const at = this.clock.now();
    try {
      const own = this.seal.open(to.id, to.headers);
      const headers = this.headersFor(to, own, request, at);
      const outcome = await postGuarded(this.guard, { url: new URL(to.url), headers, body: request.body });
      return judge(withoutEcho(outcome, own), { at, headers: withoutValues(headers, own) });
    } catch (error) {
      if (!(error instanceof MasterKeyMissing)) throw error;
      const failure = new EgressError('E_CONNECT', `not sent: ${error.message}`, { cause: error });
      return judge({ address: null, durationMs: 0, answer: undefined, error: failure }, { at, headers: {} });
    }
  }

  private headersFor(
    to: Destination,
    own: Headers,
    { webhookId, body, replay, test }: Request,
    at: Date,
  ): Record<string, string> {
    return {
      ...own,
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'email-gateway-webhooks/1',
      ...(replay === true && { 'webhook-replay': 'true' }),
      ...(test === true && { 'webhook-test': 'true' }),
      ...signedHeaders(this.keys, to, { webhookId, at, body }),
    };
  }
}

function judge(
  { address, durationMs, answer, error }: GuardedOutcome,
  { at, headers }: { readonly at: Date; readonly headers: Readonly<Record<string, string>> },
): SentRequest {
  const fault = error ?? statusFault(answer?.status ?? 0);
  return {
    delivered: fault === undefined,
    retryAfterMs: fault && retryAfter(answer?.headers['retry-after'], at),
    attempt: {
      at: at.toISOString(),
      durationMs,
      address,
      httpStatus: answer?.status ?? null,
      error: fault === undefined ? null : { code: fault.code, detail: fault.message },
      request: { headers },
      response: answer === undefined ? null : { headers: bounded(answer.headers), body: answer.body },
    },
  };
}

/** Only 2xx is success. */
const statusFault = (status: number): EgressError | undefined =>
  status >= 200 && status < 300 ? undefined : new EgressError('E_HTTP', `answered ${status}`);

const withoutValues = (headers: Record<string, string>, hidden: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, name in hidden ? HIDDEN : value]));

/** Seconds or an HTTP date, within bounds. */
export function retryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, SHORTEST_WAIT_MS), LONGEST_WAIT_MS) : undefined;
}

/** Shorter values are words, and an answer may well have them. */
const SHORTEST_SECRET = 8;

/** A receiver may answer with what it got. */
function withoutEcho(outcome: GuardedOutcome, own: Headers): GuardedOutcome {
  const { answer } = outcome;
  const values = Object.values(own).flatMap((value) => [value, value.replace(/^\S+ +/, '')]);
  const secrets = values.filter(({ length }) => length >= SHORTEST_SECRET);
  if (answer === undefined || secrets.length === 0) return outcome;
  const clean = (text: string): string => secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, clean(value)]));
  return { ...outcome, answer: { ...answer, headers, body: clean(answer.body) } };
}

/** Headers for people to read: PostgreSQL stores no NUL, and they may be as long as the body. */
function bounded(headers: Readonly<Record<string, string>>): Record<string, string> {
  let left = MOST_ANSWER_BYTES;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    left -= name.length + value.length;
    if (left < 0) break;
    kept[name] = value.replaceAll('\0', '');
  }
  return kept;
}
