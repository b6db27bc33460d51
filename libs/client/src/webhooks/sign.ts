import type { GatewayEvent } from '../event.types.js';
import { signedContent } from './content.js';
import { keyOf, toBase64 } from './keys.js';

export interface Signing {
  readonly id: string;
  readonly body: string;
  /** `whsec_…`, or `whsk_…` with an ed25519 seed; several sign as during a rotation. */
  readonly keys: string | readonly string[];
  /** In milliseconds; now unless given. */
  readonly now?: number;
}

/** A type, not an interface, so that it fits wherever headers are a record. */
export type SignedHeaders = Readonly<
  Record<'content-type' | 'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
>;

/** Headers as the gateway sends them, to test a handler. */
export async function sign({ id, body, keys, now = Date.now() }: Signing): Promise<SignedHeaders> {
  const timestamp = String(Math.floor(now / 1000));
  const content = signedContent(id, timestamp, body);
  const signatures: string[] = [];
  for (const text of typeof keys === 'string' ? [keys] : keys) {
    const key = await keyOf(text);
    if (key.sign === undefined) throw new TypeError('a public key (whpk_) cannot sign');
    signatures.push(`${key.version},${toBase64(await key.sign(content))}`);
  }
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** The body of a webhook: of one event, or of a list as a batch. */
export function webhookBody(events: GatewayEvent | readonly GatewayEvent[]): string {
  if (!('type' in events)) {
    return JSON.stringify({ type: 'events.batch', timestamp: events[0]?.at, data: { events } });
  }
  return JSON.stringify({ type: events.type, timestamp: events.at, data: events });
}

/** A `whsec_` secret of 32 random bytes. */
export const newSecret = (): string => `whsec_${toBase64(crypto.getRandomValues(new Uint8Array(32)).buffer)}`;
