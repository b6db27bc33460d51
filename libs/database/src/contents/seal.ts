import type { KeyObject } from 'node:crypto';
import { ContentLockedError } from './content-locked.error.js';
import { decrypt, encrypt } from './gcm.js';

/** The version of this form, first in every encrypted value. */
export const VERSION = 1;

/** Rows with a key of their own. */
export type SealOwner = 'message' | 'attachment';

/**
 * The key of one message or file, which encrypts all of its values. `sealedKey` is the same key as it is kept in the row,
 * encrypted with one of CONTENT_KEYS.
 */
export class Seal {
  private readonly place: string;

  constructor(
    private readonly key: KeyObject,
    readonly sealedKey: string,
    owner: SealOwner,
    ownerId: string,
  ) {
    this.place = placeOf(owner, ownerId);
  }

  /** @param field the value's own place in the row or message. */
  sealText(field: string, text: string): string {
    return `${VERSION}.${encrypt(this.key, Buffer.from(text), `${this.place}:${field}`).toString('base64')}`;
  }

  /** @throws ContentLockedError when it was sealed for another place, or changed. */
  openText(field: string, sealed: string): string {
    const [version, text = ''] = sealed.split('.', 2);
    return this.open(field, Number(version), () => Buffer.from(text, 'base64')).toString();
  }

  sealBytes(field: string, bytes: Buffer): Buffer {
    return Buffer.concat([Buffer.of(VERSION), encrypt(this.key, bytes, `${this.place}:${field}`)]);
  }

  /** @throws ContentLockedError as `openText`. */
  openBytes(field: string, sealed: Buffer): Buffer {
    return this.open(field, sealed[0], () => sealed.subarray(1));
  }

  private open(field: string, version: number | undefined, bytes: () => Buffer): Buffer {
    try {
      if (version !== VERSION) throw new Error(`of version ${version}`);
      return decrypt(this.key, bytes(), `${this.place}:${field}`);
    } catch (error) {
      throw new ContentLockedError('encrypted content was changed, or belongs to another row', error);
    }
  }
}

export const placeOf = (owner: SealOwner, id: string): string => `${owner}:${id}`;
