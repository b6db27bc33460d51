const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACE = 0x20;
const NAME = Buffer.from('"recipients"');

/** Where a list stands in a body: from its `[` to its `]`. */
export interface FoundList {
  readonly from: number;
  readonly to: number;
  /** Commas between elements at which it can be cut into pages. */
  readonly cuts: readonly number[];
  /** Number of its elements, if it is valid JSON. */
  readonly count: number;
}

/**
 * Looks for the list `recipients` of a JSON object, and for places to cut it, without parsing anything. It follows
 * nesting and strings only; whether the pieces are JSON shows when they are parsed, and if each of them is, and the
 * rest around an empty list is, then the whole is.
 */
export class RecipientsFinder {
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Of the last string directly in the object. */
  private stringFrom = 0;
  private stringTo = 0;
  /** The last byte that was no white space. */
  private previous = 0;
  private from = -1;
  private to = -1;
  private pageFrom = 0;
  private commas = 0;
  private cuts: number[] = [];
  /** There is more than one, or its brackets do not match. */
  private broken = false;

  /** @param pageBytes how long a page is, about */
  constructor(
    private readonly body: Buffer,
    private readonly pageBytes: number,
  ) {}

  /** Looks at these bytes, which follow those that it has seen. */
  look(from: number, to: number): void {
    const { body } = this;
    for (let at = from; at < to; at += 1) {
      const byte = body[at] ?? 0;
      if (this.inString) this.inText(byte, at);
      else if (byte > SPACE) this.structure(byte, at);
    }
  }

  /** `undefined` when there is none, it has no end, there is more than one, or a bracket is wrong. */
  get list(): FoundList | undefined {
    if (this.to < 0 || this.broken) return undefined;
    return { from: this.from, to: this.to, cuts: this.cuts, count: this.commas + 1 };
  }

  private inText(byte: number, at: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) {
      this.inString = false;
      if (this.depth === 1) this.stringTo = at;
    }
  }

  private structure(byte: number, at: number): void {
    if (byte === QUOTE) this.beginString(at);
    else if (byte === COMMA) this.comma(at);
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) this.open(byte, at);
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) this.close(byte, at);
    this.previous = byte;
  }

  private beginString(at: number): void {
    this.inString = true;
    if (this.depth === 1) this.stringFrom = at;
  }

  private comma(at: number): void {
    if (this.depth !== 2 || !this.inList) return;
    this.commas += 1;
    if (at - this.pageFrom < this.pageBytes) return;
    this.cuts.push(at);
    this.pageFrom = at;
  }

  private open(byte: number, at: number): void {
    if (byte === OPEN_BRACKET && this.depth === 1 && this.previous === COLON && this.isNamed) {
      this.broken ||= this.from >= 0;
      if (!this.broken) [this.from, this.pageFrom] = [at, at];
    }
    this.depth += 1;
  }

  private close(byte: number, at: number): void {
    this.depth -= 1;
    if (this.depth !== 1 || !this.inList) return;
    this.to = at;
    this.broken ||= byte !== CLOSE_BRACKET;
  }

  private get inList(): boolean {
    return this.from >= 0 && this.to < 0;
  }

  private get isNamed(): boolean {
    return this.body.subarray(this.stringFrom, this.stringTo + 1).equals(NAME);
  }
}
