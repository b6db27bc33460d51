import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { GatewayProblem } from '@gateway/core';
import { CONFIG, type GatewayConfig } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';

export const signings = ['hmac', 'ed25519'] as const;
export type Signing = (typeof signings)[number];

/** One version of an endpoint's secret; the secret itself is derived and never stored. */
export interface SecretVersion {
  readonly version: number;
  /** The master key from which it is derived. */
  readonly keyId: string;
  /** Null for the current one. */
  readonly validUntil: string | null;
}

/** Both within what Standard Webhooks allows (24 to 64 bytes). */
const SECRET_BYTES = 32;
const SEED_BYTES = 32;
/** Of AES-256. */
const HEADER_KEY_BYTES = 32;
/** The encoding before the 32 bytes of an ed25519 key in PKCS #8 and in SPKI. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX_BYTES = 12;

interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Derives the secrets of endpoints from the master keys by HKDF. The first master key makes new secrets; the others stay
 * for the secrets that were made with them.
 */
@Injectable()
export class WebhookKeys {
  private readonly keys: readonly MasterKey[];

  constructor(@Inject(CONFIG) { webhooks }: Pick<GatewayConfig, 'webhooks'>) {
    this.keys = webhooks.masterKeys.map((key) => ({ id: idOf(key), key }));
  }

  get configured(): boolean {
    return this.keys.length > 0;
  }

  /** The id of the key that makes new secrets. @throws GatewayProblem `webhooks_not_configured` */
  get currentId(): string {
    const [first] = this.keys;
    if (first !== undefined) return first.id;
    const detail = 'The gateway has no WEBHOOK_MASTER_KEY, so it cannot make or use secrets of webhook endpoints.';
    throw new GatewayProblem('webhooks_not_configured', detail);
  }

  /** Whether the master key of a secret is still configured. */
  has(keyId: string): boolean {
    return this.keys.some(({ id }) => id === keyId);
  }

  /** `whsec_…`, as Standard Webhooks writes a symmetric secret. */
  secret(endpointId: string, version: SecretVersion): string {
    return `whsec_${this.secretBytes(endpointId, version).toString('base64')}`;
  }

  /** `whpk_…`: the public key of an endpoint that is signed for by ed25519. */
  publicKey(endpointId: string, version: SecretVersion): string {
    const spki = createPublicKey(this.privateKey(endpointId, version)).export({ format: 'der', type: 'spki' });
    return `whpk_${spki.subarray(SPKI_PREFIX_BYTES).toString('base64')}`;
  }

  secretBytes(endpointId: string, version: SecretVersion): Buffer {
    return this.derive(endpointId, version, { purpose: 'hmac', bytes: SECRET_BYTES });
  }

  privateKey(endpointId: string, version: SecretVersion): KeyObject {
    const seed = this.derive(endpointId, version, { purpose: 'ed25519', bytes: SEED_BYTES });
    return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  }

  /** Seals the values of an endpoint's own headers. @throws MasterKeyMissing */
  headerKey(endpointId: string, keyId: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.masterKey(keyId), endpointId, 'webhook headers', HEADER_KEY_BYTES));
  }

  private derive(
    endpointId: string,
    { version, keyId }: SecretVersion,
    { purpose, bytes }: { readonly purpose: Signing; readonly bytes: number },
  ): Buffer {
    const info = `webhook ${purpose} ${version}`;
    return Buffer.from(hkdfSync('sha256', this.masterKey(keyId), endpointId, info, bytes));
  }

  private masterKey(keyId: string): Buffer {
    const master = this.keys.find(({ id }) => id === keyId);
    if (master === undefined) throw new MasterKeyMissing(keyId);
    return master.key;
  }
}

/** The master key of a secret is not configured any more, so nothing can be signed with that secret. */
export class MasterKeyMissing extends Error {
  override readonly name = 'MasterKeyMissing';

  constructor(keyId: string) {
    super(
      `WEBHOOK_MASTER_KEY does not contain the key ${keyId}, from which a secret or the seal of headers was derived`,
    );
  }
}

/** Enough to distinguish keys, and no help to guess one. */
const idOf = (key: Buffer): string =>
  createHash('sha256').update('webhook master key').update(key).digest('hex').slice(0, 12);
