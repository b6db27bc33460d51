import { createHash } from 'node:crypto';
import type { AccessRepository, KeyOwner } from '@gateway/database';

/** So long another process may take a key for good that was revoked here. */
const KNOWN_MS = 1000;
const MOST = 10_000;

interface Known {
  readonly owner: KeyOwner;
  readonly until: number;
}

/** Keys are long random strings, so a fast hash is enough, and a slow one would be the slowest part of a request. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Whose key it is. A caller that asks many times a second is not looked up each time. */
export class KnownKeys {
  private readonly known = new Map<string, Known>();
  /** Grows with each revocation: what was looked up before it is not kept. */
  private revocations = 0;

  constructor(private readonly repository: Pick<AccessRepository, 'findOwner' | 'revoke'>) {}

  async findOwner(key: string): Promise<KeyOwner | undefined> {
    const hash = hashKey(key);
    const name = hash.toString('base64');
    const before = this.known.get(name);
    if (before !== undefined && before.until > performance.now()) return before.owner;
    const { revocations } = this;
    const owner = await this.repository.findOwner(hash);
    if (owner === undefined || revocations !== this.revocations) this.known.delete(name);
    else this.keep(name, owner);
    return owner;
  }

  /** It stops working here with this. @returns false when there is no such key. */
  async revoke(keyId: string): Promise<boolean> {
    const revoked = await this.repository.revoke(keyId);
    this.revocations += 1;
    for (const [name, { owner }] of this.known) if (owner.keyId === keyId) this.known.delete(name);
    return revoked;
  }

  private keep(name: string, owner: KeyOwner): void {
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(name, { owner, until: performance.now() + KNOWN_MS });
  }
}
