import { createHmac, sign as signBytes } from 'node:crypto';
import type { SecretVersion, Signing, WebhookKeys } from './keys.js';

export interface Signable {
  readonly webhookId: string;
  readonly at: Date;
  readonly body: string;
}

export interface Signer {
  readonly id: string;
  readonly signing: Signing;
  readonly secrets: readonly SecretVersion[];
}

/** Secrets that count at a time: the current one, and older ones until their own end. */
export const validAt = (secrets: readonly SecretVersion[], at: Date): readonly SecretVersion[] =>
  secrets.filter(({ validUntil }) => validUntil === null || Date.parse(validUntil) > at.getTime());

/**
 * The headers of Standard Webhooks, with a signature for each secret that is valid. An older secret whose master key is
 * gone is left out.
 * @throws MasterKeyMissing if that is so of the current one
 */
export function signedHeaders(keys: WebhookKeys, signer: Signer, message: Signable): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  const content = `${message.webhookId}.${timestamp}.${message.body}`;
  const usable = validAt(signer.secrets, message.at).filter((s) => s.validUntil === null || keys.has(s.keyId));
  return {
    'webhook-id': message.webhookId,
    'webhook-timestamp': timestamp,
    'webhook-signature': usable.map((secret) => signature(keys, signer, { secret, content })).join(' '),
  };
}

function signature(
  keys: WebhookKeys,
  { id, signing }: Signer,
  { secret, content }: { readonly secret: SecretVersion; readonly content: string },
): string {
  if (signing === 'hmac') {
    return `v1,${createHmac('sha256', keys.secretBytes(id, secret)).update(content).digest('base64')}`;
  }
  return `v1a,${signBytes(null, Buffer.from(content), keys.privateKey(id, secret)).toString('base64')}`;
}
