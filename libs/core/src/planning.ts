import type { Delivery, RecipientType } from './message.js';

/** A contiguous range of positions that goes to the provider in one request; both ends are included. */
export interface BatchRange {
  readonly from: number;
  readonly to: number;
}

export interface PlanLimits {
  readonly delivery: Delivery;
  /** Most recipients in one request, of all types together. */
  readonly maxRecipients: number;
  /** Most bytes of recipients (addresses, names, values) in one request: bounds the gateway's own memory. */
  readonly maxBytes: number;
  /** May a shared mail become several mails? */
  readonly allowSplit: boolean;
}

/** The recipients can't be cut as the caller wants it. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

interface Piece {
  from: number;
  to: number;
  bytes: number;
  /** Positions of its last two `to` recipients: the last one may have to move to the next piece. */
  lastTo: number;
  toCount: number;
}

/**
 * Cuts recipients into batches while they stream by: contiguous, in order, the same input always the same cut.
 * Individual mail is cut by number and bytes. Shared mail is one piece; only with `allowSplit` several, each with at
 * least one `to`, because neither provider documents a mail without one.
 */
export class BatchPlanner {
  private readonly pieces: Piece[] = [];
  private current: Piece | undefined;
  private next = 0;

  constructor(private readonly limits: PlanLimits) {}

  /** @param bytes size of the recipient as it goes over the wire, about. */
  add(type: RecipientType, bytes: number): void {
    const position = this.next;
    this.next += 1;
    const piece = this.pieceFor(position, bytes);
    piece.to = position;
    piece.bytes += bytes;
    if (type !== 'to') return;
    piece.lastTo = position;
    piece.toCount += 1;
  }

  private pieceFor(position: number, bytes: number): Piece {
    const { current, limits } = this;
    if (current !== undefined) {
      const full =
        position - current.from >= limits.maxRecipients ||
        (limits.delivery === 'individual' && current.bytes + bytes > limits.maxBytes);
      if (!full) return current;
      this.pieces.push(current);
    }
    this.current = { from: position, to: position, bytes: 0, lastTo: -1, toCount: 0 };
    return this.current;
  }

  /** @throws PlanError when shared mail does not fit into one request, or a piece of it would have no `to`. */
  finish(): readonly BatchRange[] {
    if (this.current !== undefined) this.pieces.push(this.current);
    this.current = undefined;
    if (this.limits.delivery === 'shared') this.checkShared();
    return this.pieces.map(({ from, to }) => ({ from, to }));
  }

  private checkShared(): void {
    const { maxRecipients, allowSplit } = this.limits;
    if (this.pieces.length > 1 && !allowSplit) {
      throw new PlanError(`one shared mail takes at most ${maxRecipients} recipients; there are ${this.next}`);
    }
    for (let i = this.pieces.length - 1; i > 0; i -= 1) this.lendTo(this.pieces[i - 1], this.pieces[i]);
    if (this.pieces[0]?.toCount === 0) throw new PlanError('a shared mail needs a recipient of type "to"');
  }

  /** Moves the border so that the later piece begins with the earlier one's last `to`, if it has none of its own. */
  private lendTo(earlier: Piece | undefined, later: Piece | undefined): void {
    if (earlier === undefined || later === undefined || later.toCount > 0) return;
    const fits = earlier.toCount > 1 && later.to - earlier.lastTo < this.limits.maxRecipients;
    if (!fits) {
      throw new PlanError(
        `recipients ${later.from} to ${later.to} would be a shared mail without "to"; put cc and bcc between the others`,
      );
    }
    later.from = earlier.lastTo;
    later.toCount = 1;
    earlier.to = earlier.lastTo - 1;
    earlier.toCount -= 1;
  }
}
