import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { GatewayProblem } from '@gateway/core';
import { Injectable } from '@nestjs/common';
import { WebhookKeys } from './keys.js';

export type Headers = Readonly<Record<string, string>>;

/** In place of a value, which may be a credential. */
export const HIDDEN = '***';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** No value that came from outside is stored as it is, so what begins like this was sealed here. */
const SEALED = /^sealed:v1:([0-9a-f]{12}):([A-Za-z0-9+/=]+)$/;

/**
 * Values of an endpoint's own headers at rest: sealed by AES-256-GCM with a key derived from the master key, each for its
 * endpoint and its name. Names stay readable.
 */
@Injectable()
export class HeaderSeal {
  constructor(private readonly keys: WebhookKeys) {}

  /** How the values begin that are sealed with the newest master key. */
  get prefix(): string {
    return `sealed:v1:${this.keys.currentId}:`;
  }

  /**
   * @param before sealed values; a hidden value in `given` keeps the one of its name.
   * @throws GatewayProblem `validation_failed` for a hidden value that stands for none, `webhooks_not_configured`
   */
  seal(endpointId: string, given: Headers, before: Headers = {}): Headers {
    return mapValues(given, (value, name) => {
      if (value !== HIDDEN) return this.sealValue(endpointId, name, value);
      const kept = Object.hasOwn(before, name) ? before[name] : undefined;
      if (kept === undefined) throw nothingHidden(name);
      return kept;
    });
  }

  /** The same values under the newest master key; those of rows from before they were sealed are clear. */
  renew(endpointId: string, stored: Headers): Headers {
    return mapValues(this.open(endpointId, stored), (value, name) => this.sealValue(endpointId, name, value));
  }

  /** @throws MasterKeyMissing */
  open(endpointId: string, stored: Headers): Headers {
    return mapValues(stored, (value, name) => {
      const [, keyId, sealed] = SEALED.exec(value) ?? [];
      return keyId === undefined || sealed === undefined ? value : this.openValue({ endpointId, name, keyId }, sealed);
    });
  }

  private sealValue(endpointId: string, name: string, value: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const key = this.keys.headerKey(endpointId, this.keys.currentId);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
    const bytes = Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${this.prefix}${bytes.toString('base64')}`;
  }

  private openValue(
    of: { readonly endpointId: string; readonly name: string; readonly keyId: string },
    sealed: string,
  ): string {
    const bytes = Buffer.from(sealed, 'base64');
    const key = this.keys.headerKey(of.endpointId, of.keyId);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(of.name)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }
}

/** Names without values. */
export const hideValues = (headers: Headers): Headers => mapValues(headers, () => HIDDEN);

const mapValues = (headers: Headers, to: (value: string, name: string) => string): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, to(value, name)]));

function nothingHidden(name: string): GatewayProblem {
  const detail = `"${HIDDEN}" keeps the value of a header, and there is none of this name`;
  const pointer = `/headers/${name}`;
  return new GatewayProblem('validation_failed', `${pointer}: ${detail}`, {
    fieldErrors: [{ pointer, code: 'not_allowed', detail }],
  });
}
