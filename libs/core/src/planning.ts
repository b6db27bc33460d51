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
}

/**
 * Cuts recipients into batches while they stream by: contiguous, in order, the same input always the same cut.
 * Individual mail is cut by number and bytes. Shared mail is one piece; only with `allowSplit` several, each with at
 * least one `to`, because neither provider documents a mail without one.
 */
export class BatchPlanner {
  private readonly pieces: Piece[] = [];
  private next = 0;
  /** Positions of `cc` and `bcc` in shared mail: callers may have few of them. */
  private readonly copies: number[] = [];

  constructor(private readonly limits: PlanLimits) {}

  /**
   * @param bytes approximate size of the recipient in the request.
   * @param growth bytes by which every other recipient of the same request grows because of this one: a value that is
   * the same for all is in the text; as soon as one recipient has its own, every recipient carries the value.
   */
  add(type: RecipientType, bytes: number, growth = 0): void {
    const position = this.next;
    this.next += 1;
    const piece = this.pieceFor(position, bytes, growth);
    piece.bytes += bytes + growth * (position - piece.from);
    piece.to = position;
    if (type !== 'to' && this.limits.delivery === 'shared') this.copies.push(position);
  }

  private pieceFor(position: number, bytes: number, growth: number): Piece {
    const { limits } = this;
    const current = this.pieces.at(-1);
    if (current !== undefined) {
      const count = position - current.from;
      const grown = current.bytes + bytes + growth * count;
      const full = count >= limits.maxRecipients || (limits.delivery === 'individual' && grown > limits.maxBytes);
      if (!full) return current;
    }
    const piece = { from: position, to: position, bytes: 0 };
    this.pieces.push(piece);
    return piece;
  }

  /** @throws PlanError when shared mail does not fit into one request, or can't be cut so that each piece has a `to`. */
  finish(): readonly BatchRange[] {
    const { delivery, maxRecipients, allowSplit } = this.limits;
    if (delivery === 'shared' && this.next > 0) {
      if (this.copies.length === this.next) throw new PlanError('a shared mail needs a recipient of type "to"');
      if (this.pieces.length > 1 && !allowSplit) {
        throw new PlanError(`one shared mail takes at most ${maxRecipients} recipients; there are ${this.next}`);
      }
      if (this.pieces.length > 1 && this.copies.length > 0) {
        return cutShared({ total: this.next, copies: new Set(this.copies), max: maxRecipients });
      }
    }
    return this.pieces.map(({ from, to }) => ({ from, to }));
  }
}

interface SharedMail {
  readonly total: number;
  /** Positions of `cc` and `bcc`. */
  readonly copies: ReadonlySet<number>;
  readonly max: number;
}

/** Takes the longest piece each time that leaves a rest which can be cut; finds a cut whenever there is one. */
function cutShared(mail: SharedMail): readonly BatchRange[] {
  const { total, copies, max } = mail;
  const possible = possibleStarts(mail);
  if (!possible[0]) {
    throw new PlanError(
      `the ${copies.size} cc and bcc can't be cut into mails of at most ${max} recipients with a "to" in each; put them between the others`,
    );
  }
  const ranges: BatchRange[] = [];
  for (let from = 0; from < total;) {
    let end = Math.min(total, from + max);
    while (!possible[end]) end -= 1;
    ranges.push({ from, to: end - 1 });
    from = end;
  }
  return ranges;
}

/** Marks each position from which on the rest can be cut, found from the end; the position after the last can. */
function possibleStarts({ total, copies, max }: SharedMail): Uint8Array {
  const possible = new Uint8Array(total + 1);
  possible[total] = 1;
  let nearest = total;
  /** The first possible border after the next `to`: a piece has to reach at least there. */
  let reach = Number.POSITIVE_INFINITY;
  for (let from = total - 1; from >= 0; from -= 1) {
    if (!copies.has(from)) reach = nearest;
    if (reach - from > max) continue;
    possible[from] = 1;
    nearest = from;
  }
  return possible;
}
