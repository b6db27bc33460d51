import { describe, expect, it } from '@jest/globals';
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { newUuid } from '@gateway/platform';
import { Webhook } from 'standardwebhooks';
import { signedHeaders, type Signer } from './sign.js';
import { MasterKeyMissing, WebhookKeys, type SecretVersion } from './keys.js';

const keysOf = (...masterKeys: Buffer[]): WebhookKeys => new WebhookKeys({ webhooks: { masterKeys } as never });
const [first, second] = [randomBytes(32), randomBytes(40)];
const id = newUuid();
const body = JSON.stringify({ type: 'message.completed', timestamp: '2026-12-01T00:00:00.000Z', data: { 이름: '값' } });
const now = new Date();

const version = (keys: WebhookKeys, more: Partial<SecretVersion> = {}): SecretVersion => ({
  version: 1,
  keyId: keys.currentId,
  validUntil: null,
  ...more,
});
const headersFor = (keys: WebhookKeys, signer: Omit<Signer, 'id'>) =>
  signedHeaders(keys, { id, ...signer }, { webhookId: 'evt_1', at: now, body });

describe('signatures', () => {
  it('v1 is what standardwebhooks verifies, and it refuses another body, id or secret', () => {
    const keys = keysOf(first);
    const headers = headersFor(keys, { signing: 'hmac', secrets: [version(keys)] });
    const verifier = new Webhook(keys.secret(id, version(keys)));
    expect(verifier.verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => verifier.verify(`${body} `, headers)).toThrow();
    expect(() => verifier.verify(body, { ...headers, 'webhook-id': 'evt_2' })).toThrow();
    expect(() => new Webhook(keys.secret(newUuid(), version(keys))).verify(body, headers)).toThrow();
  });

  it('v1a is what node:crypto verifies with the public key', () => {
    const keys = keysOf(first);
    const headers = headersFor(keys, { signing: 'ed25519', secrets: [version(keys)] });
    const [kind, signature = ''] = headers['webhook-signature']?.split(',') ?? [];
    const raw = Buffer.from(keys.publicKey(id, version(keys)).replace(/^whpk_/, ''), 'base64');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
    const content = Buffer.from(`evt_1.${headers['webhook-timestamp']}.${body}`);
    expect(kind).toBe('v1a');
    expect(verify(null, content, key, Buffer.from(signature, 'base64'))).toBe(true);
    expect(verify(null, Buffer.concat([content, Buffer.from(' ')]), key, Buffer.from(signature, 'base64'))).toBe(false);
  });

  it('every secret that is valid signs, and one that has ended does not', () => {
    const keys = keysOf(first);
    const older = version(keys, { validUntil: new Date(now.getTime() + 1000).toISOString() });
    const ended = version(keys, { version: 2, validUntil: new Date(now.getTime() - 1).toISOString() });
    const current = version(keys, { version: 3 });
    const headers = headersFor(keys, { signing: 'hmac', secrets: [current, ended, older] });
    for (const secret of [current, older]) new Webhook(keys.secret(id, secret)).verify(body, headers);
    expect(() => new Webhook(keys.secret(id, ended)).verify(body, headers)).toThrow();
  });

  it('a secret has 24 to 64 bytes, and depends on endpoint, version and master key', () => {
    const keys = keysOf(first, second);
    const secrets = [
      keys.secret(id, version(keys)),
      keys.secret(id, version(keys, { version: 2 })),
      keys.secret(newUuid(), version(keys)),
      keys.secret(id, version(keysOf(second))),
    ];
    expect(new Set(secrets).size).toBe(secrets.length);
    for (const secret of secrets) expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  it('a new first master key leaves older secrets as they are', () => {
    const made = version(keysOf(first));
    expect(keysOf(second, first).secret(id, made)).toBe(keysOf(first).secret(id, made));
    expect(keysOf(second, first).currentId).not.toBe(made.keyId);
    expect(() => keysOf(second).secret(id, made)).toThrow(MasterKeyMissing);
  });

  it('without master key nothing is configured', () => {
    expect(keysOf().configured).toBe(false);
    expect(() => keysOf().currentId).toThrow(expect.objectContaining({ code: 'webhooks_not_configured' }));
  });
});
