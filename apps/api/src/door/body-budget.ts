/** Up to this size a body is small: a login code, a mail to one. */
export const SMALL_BODY_BYTES = 64 * 1024;
/** Kept free of large bodies. */
const SMALL_RESERVE_BYTES = 16 * 1024 * 1024;

/** What one request has of the budget. */
export interface Share {
  /** @returns false, and takes nothing, when there is no room for more. */
  grow(bytes: number): boolean;
  release(): void;
}

/** Bytes of bodies that are in memory. Large ones leave room for small ones: a campaign must not keep out login codes. */
export class BodyBudget {
  private used = 0;

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.used;
  }

  get isFull(): boolean {
    return this.used >= this.maxBytes;
  }

  open(): Share {
    let own = 0;
    return {
      grow: (bytes) => {
        const most = own + bytes > SMALL_BODY_BYTES ? this.maxBytes : this.maxBytes + SMALL_RESERVE_BYTES;
        if (this.used + bytes > most) return false;
        this.used += bytes;
        own += bytes;
        return true;
      },
      release: () => {
        this.used -= own;
        own = 0;
      },
    };
  }
}
