/** Signs or verifies one kind of signature (Standard Webhooks 1.0). */
export interface Key {
  readonly version: 'v1' | 'v1a';
  readonly verify: (signature: Uint8Array<ArrayBuffer>, content: Uint8Array<ArrayBuffer>) => Promise<boolean>;
  readonly sign?: (content: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;
}

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;
const EDWARDS = { name: 'Ed25519' } as const;
/** PKCS #8 before the 32 bytes of an ed25519 seed (RFC 8410). */
const SEED_PREFIX = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

const SECRET = /^whsec_(.+)$/;
const PUBLIC = /^whpk_(.+)$/;
const PRIVATE = /^whsk_(.+)$/;

/** @throws TypeError, without the key in its text */
export async function keyOf(text: string): Promise<Key> {
  const [, secret] = SECRET.exec(text) ?? [];
  if (secret !== undefined) return hmacKey(bytesOf(secret, 'whsec_', [1, 1024]));
  const [, open] = PUBLIC.exec(text) ?? [];
  if (open !== undefined) return publicKey(bytesOf(open, 'whpk_', [32, 32]));
  const [, hidden] = PRIVATE.exec(text) ?? [];
  if (hidden !== undefined) return privateKey(bytesOf(hidden, 'whsk_', [32, 64]));
  throw new TypeError('a key must begin with whsec_ (HMAC) or whpk_ (ed25519)');
}

async function hmacKey(secret: Uint8Array<ArrayBuffer>): Promise<Key> {
  const key = await crypto.subtle.importKey('raw', secret, HMAC, false, ['sign', 'verify']);
  return {
    version: 'v1',
    // Compares in constant time.
    verify: (signature, content) => crypto.subtle.verify(HMAC, key, signature, content),
    sign: (content) => crypto.subtle.sign(HMAC, key, content),
  };
}

async function publicKey(raw: Uint8Array<ArrayBuffer>): Promise<Key> {
  const key = await crypto.subtle.importKey('raw', raw, EDWARDS, false, ['verify']);
  return { version: 'v1a', verify: (signature, content) => crypto.subtle.verify(EDWARDS, key, signature, content) };
}

/** A seed, with or without its public half behind it. */
async function privateKey(raw: Uint8Array<ArrayBuffer>): Promise<Key> {
  const seed = new Uint8Array([...SEED_PREFIX, ...raw.subarray(0, 32)]);
  const key = await crypto.subtle.importKey('pkcs8', seed, EDWARDS, false, ['sign']);
  return {
    version: 'v1a',
    verify: () => Promise.resolve(false),
    sign: (content) => crypto.subtle.sign(EDWARDS, key, content),
  };
}

function bytesOf(text: string, prefix: string, [least, most]: readonly [number, number]): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(text);
  if (bytes !== undefined && bytes.length >= least && bytes.length <= most) return bytes;
  const size = least === most ? `${least} bytes` : `${least} to ${most} bytes`;
  throw new TypeError(`${prefix} must be followed by ${size} in base64`);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export const toBase64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));
