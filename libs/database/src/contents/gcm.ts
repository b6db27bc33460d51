import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
export const KEY_BYTES = 32;
/** 96 bits, as GCM wants them; random, because several processes encrypt with one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Random bytes are fetched for many nonces at once: one call for each costs as much as the encryption. */
const pool = Buffer.alloc(NONCE_BYTES * 1024);
let used = pool.length;

/** Valid until the next call. */
function nextNonce(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += NONCE_BYTES;
  return pool.subarray(used - NONCE_BYTES, used);
}

/**
 * @param key an object: to make one of bytes takes longer than to encrypt a recipient's values with it
 * @param place what the bytes belong to: they can be decrypted for the same place only
 * @returns nonce, text and tag
 */
export function encrypt(key: KeyObject, plain: Buffer, place: string): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(place));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error for another key, another place, or bytes that were changed. */
export function decrypt(key: KeyObject, sealed: Buffer, place: string): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('too short');
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(place))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
