import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'sealed.';
const SEALED = /^sealed\.[A-Za-z0-9_-]{40,2000}$/;

/** An address, and the path of the answer that showed it masked. */
export interface SealedAddress {
  readonly address: string;
  readonly place: string;
}

/** Of one session only. Every process derives it from the cookie's token, and no one can without it. */
const keyOf = (token: string): Buffer => createHash('sha256').update('addresses of a session\n').update(token).digest();

/**
 * @returns a text that goes with a masked address, and that only the same session can have opened. The same each time, so
 * that a page that asks again still knows what was revealed: its vector is a keyed hash of what it seals.
 */
export function seal({ address, place }: SealedAddress, token: string): string {
  const [key, plain] = [keyOf(token), JSON.stringify([address, place])];
  const iv = createHmac('sha256', key).update(plain).digest().subarray(0, IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return PREFIX + Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
}

/** @returns nothing for what this session was not given. */
export function unseal(sealed: string, token: string): SealedAddress | undefined {
  if (!SEALED.test(sealed)) return undefined;
  const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
  const decipher = createDecipheriv(CIPHER, keyOf(token), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    const [address = '', place = ''] = JSON.parse(text.toString('utf8')) as string[];
    return { address, place };
  } catch {
    return undefined;
  }
}
