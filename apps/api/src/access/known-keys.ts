import { createHash } from 'node:crypto';
import type { AccessRepository, KeyOwner, Revocation } from '@gateway/database';
import { Coalescer } from '@gateway/delivery';

/** Maximum time for which another process accepts a key that was revoked here. */
const KNOWN_MS = 1000;
const MOST = 10_000;

interface Known {
  readonly owner: KeyOwner;
  readonly until: number;
}

/** Keys are long random strings, so a fast hash is enough, and a slow one would be the slowest part of a request. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Finds the owner of a key. A caller with many requests per second is not looked up each time. */
export class KnownKeys {
  private readonly known = new Map<string, Known>();
  /** Grows with each revocation: what was looked up before it is not kept. */
  private revocations = 0;

  /** Requests that come together are looked up together; none by what was read before it came. */
  private readonly owners: Coalescer<Buffer, KeyOwner | undefined>;

  constructor(private readonly repository: Pick<AccessRepository, 'findOwners' | 'revoke'>) {
    this.owners = new Coalescer((hashes) => repository.findOwners(hashes), { atOnce: 2, most: 1000 });
  }

  findOwner(key: string): Promise<KeyOwner | undefined> {
    return this.findOwnerByHash(hashKey(key));
  }

  async findOwnerByHash(hash: Buffer): Promise<KeyOwner | undefined> {
    const name = hash.toString('base64');
    const before = this.known.get(name);
    if (before !== undefined && before.until > performance.now()) return before.owner;
    const { revocations } = this;
    const owner = await this.owners.run(hash);
    if (owner === undefined || revocations !== this.revocations) this.known.delete(name);
    else this.keep(name, owner);
    return owner;
  }

  /** It stops working here with this. @param by the key that revokes it. */
  async revoke(keyId: string, by: string): Promise<Revocation> {
    const revoked = await this.repository.revoke(keyId, by);
    this.revocations += 1;
    for (const [name, { owner }] of this.known) if (owner.keyId === keyId) this.known.delete(name);
    return revoked;
  }

  private keep(name: string, owner: KeyOwner): void {
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(name, { owner, until: performance.now() + KNOWN_MS });
  }
}
