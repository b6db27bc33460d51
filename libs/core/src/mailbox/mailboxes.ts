import { addressFault, type AddressFault } from './address-fault.js';
import { addressKey, normaliseAddress, type Mailbox } from './address.js';
import { nextSeparator, scanElement, type Element, type Span } from './scan.js';

/** One mailbox of a string: what it is, or what is wrong with it. */
export type ReadMailbox = { readonly mailbox: Mailbox } | { readonly fault: AddressFault };

/** Which mailbox of its string it is. */
export interface MailboxPlace {
  /** From 1; empty elements do not count. */
  readonly number: number;
  /** As written. */
  readonly text: string;
  /** The string holds nothing else. */
  readonly alone: boolean;
}

/** By their name a mail client may show an address, and separate mailboxes that the gateway took for one. */
const AT_SIGN = /[@\u{ff20}\u{fe6b}]/u;
const ENCODED_WORD = /=\?[^?\s]{1,40}\?[BbQq]\?[^?\s]*\?=/;

const invalid = (detail: string): { readonly fault: AddressFault } => ({ fault: { code: 'invalid_address', detail } });

/**
 * Reads a string as a list of mailboxes (RFC 5322 §3.4, without groups; `;` separates like `,`, empty elements are
 * skipped): `kim@example.com`, `Kim <kim@example.com>`, `"Kim, Minsu" <kim@example.com>`. Linear in the length of the
 * string, and lazy: a caller may stop early. Nothing follows after a structural fault.
 *
 * More tolerant than the grammar where input is unambiguous: a name may contain letters of any script, dots, brackets
 * and backslashes. Stricter where a reader could be misled: an `@` is accepted only in a name that is quoted as a whole.
 */
export function* readMailboxes(text: string): Generator<ReadMailbox & { readonly place: MailboxPlace }> {
  let number = 0;
  for (let from = skipEmpty(text, 0); from < text.length;) {
    const { read, to } = quickElement(text, from) ?? carefulElement(text, from);
    if (read !== undefined) {
      number += 1;
      yield { ...read, place: placeOf(text, number, { from, to }) };
    }
    from = skipEmpty(text, to + 1);
  }
}

const EMPTY = /[\s,;]*/y;

/** Passes over blanks and empty elements at once. */
function skipEmpty(text: string, from: number): number {
  EMPTY.lastIndex = from;
  EMPTY.exec(text);
  return from < text.length ? EMPTY.lastIndex : from;
}

const placeOf = (text: string, number: number, { from, to }: Span): MailboxPlace => ({
  number,
  text: text.slice(from, to).trim(),
  alone: number === 1 && to >= text.length,
});

/** The mailbox in an element, none if it is empty, and the end of the element. */
interface ReadElement {
  readonly read: ReadMailbox | undefined;
  readonly to: number;
}

/** Most need no parser. */
function quickElement(text: string, from: number): ReadElement | undefined {
  const to = nextSeparator(text, from);
  const mailbox = plainMailbox(text.slice(from, to));
  return mailbox && { read: { mailbox }, to };
}

function carefulElement(text: string, from: number): ReadElement {
  const element = scanElement(text, from);
  return 'detail' in element
    ? { read: { fault: element }, to: text.length }
    : { read: readElement(text, element), to: element.to };
}

/** Name and address without anything that means something to the grammar. Neither class holds what ends it. */
const PLAIN = /^([^"(),:;<>@\\=\u{ff20}\u{fe6b}]*)<([^"(),:;<>\s]+)>$/u;

/** Reads a mailbox as most are written, `kim@example.com` or `Kim <kim@example.com>`; `undefined` for any other text. */
export function plainMailbox(text: string): Mailbox | undefined {
  const address = normaliseAddress(text);
  if (address !== undefined) return { address };
  const [, name, written] = PLAIN.exec(text.trim()) ?? [];
  if (name === undefined || written === undefined) return undefined;
  const normal = normaliseAddress(written);
  return normal === undefined ? undefined : mailboxOf(normal, name.trim());
}

const mailboxOf = (address: string, name: string | undefined): Mailbox =>
  name === undefined || name === '' ? { address } : { address, name };

/** @returns `undefined` for an empty one. */
function readElement(text: string, element: Element): ReadMailbox | undefined {
  const { from, to, angle, quotes } = element;
  if (angle === undefined) {
    const address = withoutComments(text, element, { from, to });
    if (address === '') return undefined;
    const [quote] = quotes;
    const isName = quote !== undefined && text.slice(quote.from, quote.to) === address;
    return isName ? invalid('is a name in quotes without an address') : readAddress(address, undefined);
  }
  if (withoutComments(text, element, { from: angle.to + 1, to }) !== '') {
    return invalid('text follows the ">"; separate mailboxes by commas');
  }
  const address = withoutComments(text, element, angle);
  const name = readName(text, quotes, { from, to: angle.from - 1 }, address);
  return typeof name === 'object' ? name : readAddress(address, name);
}

function readAddress(text: string, name: string | undefined): ReadMailbox {
  const address = normaliseAddress(text);
  if (address === undefined) return { fault: addressFault(text) };
  return { mailbox: mailboxOf(address, name) };
}

/** The name before the angle bracket, or what is wrong with it. */
function readName(
  text: string,
  quotes: readonly Span[],
  { from, to }: Span,
  address: string,
): string | { readonly fault: AddressFault } {
  const written = text.slice(from, to).trim();
  if (quotes.length === 0) return checkUnquoted(written, written, address);
  const pieces: string[] = [];
  let plain = '';
  let at = from;
  for (const quote of quotes) {
    const between = text.slice(at, quote.from);
    plain += between;
    pieces.push(between, unquote(text.slice(quote.from, quote.to)));
    at = quote.to;
  }
  plain += text.slice(at, to);
  pieces.push(text.slice(at, to));
  // A name that is quoted as a whole may contain anything; of several words it is unknown which were quoted.
  if (quotes.length === 1 && plain.trim() === '') return pieces[1] ?? '';
  return checkUnquoted(pieces.join('').trim(), plain, address);
}

function checkUnquoted(name: string, plain: string, address: string): string | { readonly fault: AddressFault } {
  if (ENCODED_WORD.test(plain)) return invalid('holds an encoded word ("=?…?="); write the name itself, in UTF-8');
  if (!AT_SIGN.test(name)) return name;
  // Mail clients write `kim@example.com <kim@example.com>`: a name that says nothing more.
  const own = normaliseAddress(name);
  if (own !== undefined && addressKey(own) === addressKey(normaliseAddress(address) ?? '')) return '';
  return invalid('an "@" is in a name that is not quoted; separate mailboxes by commas, or quote the whole name');
}

const ESCAPED = /\\(.)/gs;

const unquote = (quoted: string): string => quoted.slice(1, -1).replaceAll(ESCAPED, '$1');

/** A piece of an element, its comments as blanks. */
function withoutComments(text: string, { comments }: Element, { from, to }: Span): string {
  const pieces: string[] = [];
  let at = from;
  for (const comment of comments) {
    if (comment.from < at || comment.to > to) continue;
    pieces.push(text.slice(at, comment.from), ' ');
    at = comment.to;
  }
  pieces.push(text.slice(at, to));
  return pieces.join('').trim();
}
