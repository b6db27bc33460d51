import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';

const FRESH_MS = 1000;

/**
 * Watches the disk under the embedded database. PostgreSQL stops altogether when it cannot write its log any more, so
 * nothing new is taken while there is still room for what was accepted before.
 */
export class DiskGuard {
  private readonly watches: boolean;
  private known: { readonly free: number; readonly at: number } | undefined;

  /** @param dataDir where an embedded database would be. @param minFreeBytes 0: the disk is not watched. */
  constructor(
    private readonly dataDir: string,
    private readonly minFreeBytes: number,
  ) {
    this.watches = minFreeBytes > 0 && existsSync(join(dataDir, 'postgres'));
  }

  /** Is there less room than there must be? Looks at most once a second. */
  async isFull(): Promise<boolean> {
    if (!this.watches) return false;
    const at = performance.now();
    if (this.known === undefined || at - this.known.at > FRESH_MS) {
      const { bavail, bsize } = await statfs(this.dataDir);
      this.known = { free: bavail * bsize, at };
    }
    return this.known.free < this.minFreeBytes;
  }

  /** As a health check: rejects when the disk is full. */
  readonly check = async (): Promise<void> => {
    if (await this.isFull())
      throw new Error(`less than ${this.minFreeBytes} bytes are free on the disk of the database`);
  };
}
