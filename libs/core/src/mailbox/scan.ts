import type { AddressFault } from './address-fault.js';

/** A piece of the text, from its first character to the one after its last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One element of a list of mailboxes: where its parts are, none of them interpreted yet. */
export interface Element extends Span {
  /** Quoted strings, with their quotes, before the angle bracket (or anywhere, without one). */
  readonly quotes: readonly Span[];
  /** Comments, with their parentheses. */
  readonly comments: readonly Span[];
  /** The text between the angle brackets. */
  readonly angle: Span | undefined;
}

/** A name has at most 1,000 bytes and an address 254: the rest is for escapes, blanks and comments. */
const LONGEST_ELEMENT = 4096;
const LONGEST_LITERAL = 64;
const LONGEST_SCHEME = 20;
const [QUOTE, BACKSLASH, OPEN_COMMENT, CLOSE_COMMENT] = [0x22, 0x5c, 0x28, 0x29];
const SPECIAL = new Uint8Array(128);
for (const special of '"(),:;<>@') SPECIAL[special.charCodeAt(0)] = 1;

/** So broken that the rest of the string cannot be separated into elements. */
const broken = (detail: string): AddressFault => ({ code: 'invalid_address', detail });
const TOO_LONG: AddressFault = { code: 'too_long', detail: `a mailbox has at most ${LONGEST_ELEMENT} characters` };
const NOT_CLOSED = { quote: 'a double quote is not closed', comment: 'a "(" is not closed' };

/**
 * Finds the end of the element that begins at `from`, by RFC 5322's rules for quoted strings, comments, angle brackets
 * and domain literals. `,` and `;` separate. Each character is looked at a constant number of times.
 */
export function scanElement(text: string, from: number): Element | AddressFault {
  const limit = Math.min(text.length, from + LONGEST_ELEMENT);
  const scan = new ElementScan(text, from, limit);
  for (let at = nextSpecial(text, from, limit); at < limit; at = nextSpecial(text, at, limit)) {
    const step = scan.take(at);
    if (typeof step !== 'number') return step;
    at = step;
  }
  return limit < text.length ? TOO_LONG : scan.end(text.length);
}

/** Where to go on, or how the element ends. */
type Step = number | Element | AddressFault;

class ElementScan {
  private readonly quotes: Span[] = [];
  private readonly comments: Span[] = [];
  private open = -1;
  private close = -1;

  constructor(
    private readonly text: string,
    private readonly from: number,
    private readonly limit: number,
  ) {}

  take(at: number): Step {
    switch (this.text[at]) {
      case '"':
        return this.quote(at);
      case '(':
        return this.comment(at);
      case '<':
        return this.openAngle(at);
      case '>':
        return this.closeAngle(at);
      case '@':
        return this.text[at + 1] === '[' ? endOfLiteral(this.text, at + 1) : at + 1;
      case ')':
        return broken('a ")" has no "("');
      case ':':
        return broken(colon(this.text.slice(Math.max(this.from, at - LONGEST_SCHEME), at)));
      default:
        return this.end(at);
    }
  }

  end(to: number): Element | AddressFault {
    const { from, quotes, comments, open, close } = this;
    if (open >= 0 && close < 0) return broken('a "<" is not closed');
    return { from, to, quotes, comments, angle: angleOf(open, close) };
  }

  private quote(at: number): Step {
    const to = endOfQuote(this.text, at, this.limit);
    if (to < 0) return this.notClosed(NOT_CLOSED.quote);
    if (this.open < 0) this.quotes.push({ from: at, to });
    return to;
  }

  private comment(at: number): Step {
    const to = endOfComment(this.text, at, this.limit);
    if (to < 0) return this.notClosed(NOT_CLOSED.comment);
    this.comments.push({ from: at, to });
    return to;
  }

  private openAngle(at: number): Step {
    if (this.open >= 0) return broken('it has a second "<"; separate mailboxes by commas');
    this.open = at + 1;
    return at + 1;
  }

  private closeAngle(at: number): Step {
    if (this.open < 0 || this.close >= 0) return broken('a ">" has no "<"');
    this.close = at;
    return at + 1;
  }

  private notClosed(detail: string): AddressFault {
    return this.limit < this.text.length ? TOO_LONG : broken(detail);
  }
}

const angleOf = (from: number, to: number): Span | undefined => (from < 0 ? undefined : { from, to });

const colon = (before: string): string =>
  /mailto\s*$/i.test(before)
    ? 'write addresses without "mailto:"'
    : 'groups ("Name: …;") are not supported; put a name that holds ":" into double quotes';

function nextSpecial(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && SPECIAL[text.charCodeAt(at)] !== 1) at += 1;
  return at;
}

/** @returns the place behind the closing quote, or -1 */
function endOfQuote(text: string, from: number, limit: number): number {
  for (let at = from + 1; at < limit; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH) at += 1;
    else if (unit === QUOTE) return at + 1;
  }
  return -1;
}

/** Comments nest. @returns the place behind the last parenthesis, or -1 */
function endOfComment(text: string, from: number, limit: number): number {
  let depth = 0;
  for (let at = from; at < limit; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH) at += 1;
    else if (unit === OPEN_COMMENT) depth += 1;
    else if (unit === CLOSE_COMMENT) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return -1;
}

/** A literal is short; one that seems longer is none. @param from the place of the `[` @returns the place behind `]` */
function endOfLiteral(text: string, from: number): number {
  const end = text.slice(from, from + LONGEST_LITERAL).indexOf(']');
  return end < 0 ? from : from + end + 1;
}

/** The place of the next separator, whatever is before it. */
export function nextSeparator(text: string, from: number): number {
  const limit = Math.min(text.length, from + LONGEST_ELEMENT);
  for (let at = from; at < limit; at += 1) {
    const unit = text[at];
    if (unit === ',' || unit === ';') return at;
  }
  return limit;
}
