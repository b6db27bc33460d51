import { createHash } from 'node:crypto';
import type { AccessRepository, KeyOwner } from '@gateway/database';
import { Coalescer } from '@gateway/delivery';

/** Maximum time for which another process does not notice that a key was changed or revoked here. */
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
  /** Grows with each change: what was looked up before it is not kept. */
  private changes = 0;

  /** Requests that come together are looked up together; none by what was read before it came. */
  private readonly owners: Coalescer<Buffer, KeyOwner | undefined>;

  constructor(private readonly repository: Pick<AccessRepository, 'findOwners'>) {
    this.owners = new Coalescer((hashes) => repository.findOwners(hashes), { atOnce: 2, most: 1000 });
  }

  findOwner(key: string): Promise<KeyOwner | undefined> {
    return this.findOwnerByHash(hashKey(key));
  }

  async findOwnerByHash(hash: Buffer): Promise<KeyOwner | undefined> {
    const name = hash.toString('base64');
    const before = this.known.get(name);
    if (before !== undefined && before.until > performance.now()) return before.owner;
    const { changes } = this;
    const owner = await this.owners.run(hash);
    if (owner === undefined || changes !== this.changes) this.known.delete(name);
    else this.keep(name, owner);
    return owner;
  }

  /** A key was changed, rotated or revoked here: it is looked up again before its next request. */
  forget(keyId: string): void {
    this.changes += 1;
    for (const [name, { owner }] of this.known) if (owner.keyId === keyId) this.known.delete(name);
  }

  /** By a clock that only counts: whoever sets the clock of this machine does not bring back a key that has ended. */
  private keep(name: string, owner: KeyOwner): void {
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(name, { owner, until: performance.now() + Math.min(KNOWN_MS, owner.endsInMs ?? KNOWN_MS) });
  }
}
