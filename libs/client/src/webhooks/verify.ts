import type { GatewayEvent } from '../event.types.js';
import { signedContent, textOf, type RawBody } from './content.js';
import { WebhookVerificationError } from './error.js';
import { fromBase64, keyOf, type Key } from './keys.js';

interface Lookup {
  get(name: string): string | null;
}

/** Headers of a web `Request`, of Node or of a lambda; their case does not matter. */
export type WebhookHeaders = Lookup | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Verification {
  readonly headers: WebhookHeaders;
  readonly body: RawBody;
  /** `whsec_…` secrets and `whpk_…` public keys; while a secret is rotated, both. */
  readonly keys: string | readonly string[];
  /** How far `webhook-timestamp` may be from now; default 300 s. */
  readonly toleranceSeconds?: number;
  /** In milliseconds; for tests. */
  readonly now?: number;
}

/** What a request brought. */
export interface Webhook {
  /** The same over all retries: keep it to see repeats. */
  readonly id: string;
  readonly timestamp: Date;
  /** Asked for again by `replay`. */
  readonly replay: boolean;
  /** One, or all of a batch. */
  readonly events: readonly GatewayEvent[];
}

/**
 * Proves that a request comes from the gateway and is recent.
 * @throws WebhookVerificationError when it is not; TypeError for keys or a body that cannot be one
 */
export async function verify(request: Verification): Promise<Webhook> {
  const { headers, body, toleranceSeconds = 300, now = Date.now() } = request;
  const given = typeof request.keys === 'string' ? [request.keys] : request.keys;
  if (given.length === 0) throw new TypeError('at least one key is needed');
  const keys = await Promise.all(given.map(keyOf));
  const id = required(headers, 'webhook-id');
  const timestamp = required(headers, 'webhook-timestamp');
  const signatures = required(headers, 'webhook-signature').split(' ');
  const at = checkTime(timestamp, now / 1000, toleranceSeconds);
  const content = signedContent(id, timestamp, body);
  if (!(await isSigned(keys, signatures, content))) {
    throw new WebhookVerificationError('no_matching_signature', 'no signature is by one of the keys');
  }
  const replay = read(headers, 'webhook-replay') === 'true';
  return { id, timestamp: new Date(at * 1000), replay, events: eventsOf(textOf(body)) };
}

function read(headers: WebhookHeaders, name: string): string | undefined {
  if (isHeaders(headers)) return headers.get(name) ?? undefined;
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === 'object' ? value[0] : value;
}

const isHeaders = (headers: WebhookHeaders): headers is Lookup => typeof headers.get === 'function';

function required(headers: WebhookHeaders, name: string): string {
  const value = read(headers, name);
  if (value !== undefined && value !== '') return value;
  throw new WebhookVerificationError('missing_header', `the header ${name} is missing`);
}

function checkTime(timestamp: string, now: number, tolerance: number): number {
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new WebhookVerificationError('invalid_timestamp', 'webhook-timestamp is not a number of seconds');
  }
  const age = now - Number(timestamp);
  if (age > tolerance)
    throw new WebhookVerificationError('timestamp_too_old', `webhook-timestamp is ${Math.round(age)} s old`);
  if (-age > tolerance) {
    throw new WebhookVerificationError('timestamp_too_new', `webhook-timestamp is ${Math.round(-age)} s ahead`);
  }
  return Number(timestamp);
}

/** Signatures of versions that are not known are passed over. */
async function isSigned(
  keys: readonly Key[],
  signatures: readonly string[],
  content: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const signature of signatures) {
    const [version, text = ''] = signature.split(',', 2);
    const bytes = fromBase64(text);
    for (const key of keys) {
      if (key.version === version && bytes !== undefined && (await key.verify(bytes, content))) return true;
    }
  }
  return false;
}

function eventsOf(text: string): readonly GatewayEvent[] {
  const events = read();
  if (events?.every((event) => typeof event?.type === 'string') === true) return events;
  throw new WebhookVerificationError('invalid_payload', 'the body is signed, but no event');

  function read(): readonly GatewayEvent[] | undefined {
    try {
      const { type, data } = JSON.parse(text) as { type?: string; data?: { events?: GatewayEvent[] } & GatewayEvent };
      if (type !== 'events.batch') return data && [data];
      return Array.isArray(data?.events) ? data.events : undefined;
    } catch {
      return undefined;
    }
  }
}
