import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Category } from '@gateway/core';
import type { ContentConfig } from '@gateway/platform';
import { ContentLockedError } from './content-locked.error.js';
import { decrypt, encrypt, KEY_BYTES } from './gcm.js';
import { placeOf, Seal, VERSION, type SealOwner } from './seal.js';

/**
 * Encrypts contents where they are kept, and decrypts them. Each message and each file has a key of its own, which its
 * row has in encrypted form (`1.<key id>.<base64>`): when CONTENT_KEYS change, only that is written again.
 */
export class ContentVault {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor(private readonly config: Pick<ContentConfig, 'keys' | 'scope'>) {
    this.keys = new Map(config.keys.map(({ id, key }) => [id, createSecretKey(key)]));
  }

  /** Ids of the keys that it has; the first encrypts. */
  get keyIds(): readonly string[] {
    return [...this.keys.keys()];
  }

  /** Are texts and variables of such mail encrypted? */
  protects(category: Category): boolean {
    return this.protectsFiles || (this.keys.size > 0 && category === 'authentication');
  }

  /** Are files encrypted, and everything else as well? */
  get protectsFiles(): boolean {
    return this.keys.size > 0 && this.config.scope === 'all';
  }

  /** A new key for a message or a file. */
  newSeal(owner: SealOwner, id: string): Seal {
    const key = randomBytes(KEY_BYTES);
    return new Seal(createSecretKey(key), this.sealKey(key, owner, id), owner, id);
  }

  /** The key of a message, where its contents are to be encrypted. */
  sealFor(category: Category, messageId: string): Seal | undefined {
    return this.protects(category) ? this.newSeal('message', messageId) : undefined;
  }

  /** @throws ContentLockedError when the key is missing or another one. */
  openSeal(owner: SealOwner, id: string, sealedKey: string): Seal {
    return new Seal(createSecretKey(this.openKey(owner, id, sealedKey)), sealedKey, owner, id);
  }

  /** The same key, encrypted with the first of CONTENT_KEYS. @throws ContentLockedError as `openSeal`. */
  resealed(owner: SealOwner, id: string, sealedKey: string): string {
    return this.sealKey(this.openKey(owner, id, sealedKey), owner, id);
  }

  private sealKey(key: Buffer, owner: SealOwner, id: string): string {
    const [first] = this.keys;
    if (first === undefined) throw new Error('there are no CONTENT_KEYS');
    const [keyId, current] = first;
    return [VERSION, keyId, encrypt(current, key, keyPlace(owner, id)).toString('base64')].join('.');
  }

  private openKey(owner: SealOwner, id: string, sealedKey: string): Buffer {
    const [version, keyId = '', text = ''] = sealedKey.split('.', 3);
    if (Number(version) !== VERSION)
      throw new ContentLockedError(`content is encrypted in the unknown form ${version}`);
    const key = this.keys.get(keyId);
    if (key === undefined) {
      throw new ContentLockedError(`content is encrypted with the key "${keyId}", which is not in CONTENT_KEYS`);
    }
    try {
      return decrypt(key, Buffer.from(text, 'base64'), keyPlace(owner, id));
    } catch (error) {
      const detail = `the key "${keyId}" in CONTENT_KEYS is not the one that encrypted the content, or the content was changed`;
      throw new ContentLockedError(detail, error);
    }
  }
}

const keyPlace = (owner: SealOwner, id: string): string => `${placeOf(owner, id)}:key`;

/** Of a process that is given no keys: encrypts nothing, and can read nothing that is encrypted. */
export const EMPTY_VAULT = new ContentVault({ keys: [], scope: 'authentication' });
