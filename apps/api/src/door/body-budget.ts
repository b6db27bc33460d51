/** Up to this size a body is small: a login code, a mail to one recipient. */
export const SMALL_BODY_BYTES = 64 * 1024;
/** Kept free of large bodies. */
const SMALL_RESERVE_BYTES = 16 * 1024 * 1024;

/** The reason for a lack of room: the client uses its whole share, or all clients together fill the budget. */
export type NoRoom = 'client' | 'all';

/** The part of the budget that one request uses. */
export interface Share {
  /** @returns why there is no room for more; then nothing is taken. */
  grow(bytes: number): NoRoom | undefined;
  release(): void;
}

/**
 * Bytes of bodies that are in memory. Large ones leave room for small ones, so that a campaign does not keep out login
 * codes, and one client leaves room for the others.
 */
export class BodyBudget {
  private used = 0;
  private readonly byClient = new Map<string, number>();

  constructor(
    private readonly maxBytes: number,
    private readonly maxClientBytes: number,
  ) {}

  get bytes(): number {
    return this.used;
  }

  get isFull(): boolean {
    return this.used >= this.maxBytes;
  }

  /** @param isLarge whether the request has announced more than a small body */
  open(client: string, isLarge = false): Share {
    let own = 0;
    let isOpen = true;
    return {
      grow: (bytes) => {
        // Bytes that arrive after the end of their request are dropped.
        if (!isOpen) return undefined;
        const small = !isLarge && own + bytes <= SMALL_BODY_BYTES;
        const reserve = small ? SMALL_RESERVE_BYTES : 0;
        if (this.usedBy(client) + bytes > this.maxClientBytes + reserve / 2) return 'client';
        if (this.used + bytes > this.maxBytes + reserve) return 'all';
        own += bytes;
        this.add(client, bytes);
        return undefined;
      },
      release: () => {
        if (isOpen) this.add(client, -own);
        isOpen = false;
      },
    };
  }

  private usedBy(client: string): number {
    return this.byClient.get(client) ?? 0;
  }

  private add(client: string, bytes: number): void {
    this.used += bytes;
    const left = this.usedBy(client) + bytes;
    if (left === 0) this.byClient.delete(client);
    else this.byClient.set(client, left);
  }
}
