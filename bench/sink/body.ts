import type { IncomingMessage } from 'node:http';
import { setImmediate as breathe } from 'node:timers/promises';

/** Addresses that are kept in one string, and the largest page that either vendor gives. */
export const PAGE = 1000;

/** Nothing here is parsed as JSON: the machine is for what is measured. */
export function readBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first] = chunks;
    done(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
  });
}

/** Reads a body and drops it. */
export function skipBody(request: IncomingMessage, done: () => void): void {
  request.on('end', done);
  request.resume();
}

/** One character per byte: text beyond ASCII keeps its bytes, to be written back unchanged. */
export const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');

/** The position of the addresses in a body: the text before the first, and before each other one. */
export interface AddressPlace {
  readonly first: string;
  readonly next: Buffer;
}

/** The parts of a send that an answer needs; one character per byte. */
export interface ReadSend {
  /** Everything before the recipients. */
  readonly head: string;
  /** Addresses joined by line feeds, 1,000 in a string: 1,000,000 of them take as many bytes as they have. */
  readonly pages: readonly string[];
  readonly count: number;
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
/** For the addresses of one page; the longest that either vendor takes has 254 bytes. */
const PAGE_BYTES = PAGE * 320;

/**
 * Finds the addresses by the quotes around them. That is exact for a body whose recipients stand last, each with its
 * address first: within a JSON string a quote has a backslash before it. Others have their turn after each page, as at a
 * provider that is no single process. @returns nothing where there are none.
 */
export async function readSend(body: Buffer, { first, next }: AddressPlace): Promise<ReadSend | undefined> {
  const begin = body.indexOf(first);
  if (begin < 0) return undefined;
  const found = Buffer.allocUnsafe(Math.min(body.length, PAGE_BYTES));
  const pages: string[] = [];
  let [count, end] = [0, 0];
  for (let hit = begin, skip = first.length; hit >= 0; skip = next.length) {
    let at = hit + skip;
    if (end > 0) found[end++] = LINE_FEED;
    for (; at < body.length && body[at] !== QUOTE; at += 1) found[end++] = body[at] as number;
    count += 1;
    hit = body.indexOf(next, at);
    if (count % PAGE > 0) continue;
    pages.push(found.toString('latin1', 0, end));
    end = 0;
    await breathe();
  }
  if (end > 0) pages.push(found.toString('latin1', 0, end));
  return { head: body.toString('latin1', 0, begin), pages, count };
}

/** A part of a string holds on to the whole, which may be a body of megabytes. */
const copyOf = (part: string): string => Buffer.from(part, 'latin1').toString('latin1');

/** A member that is a string, with its quotes and escapes, or `null`. */
export const textMember = (head: string, name: string): string => member(head, `"${name}":`, /"(?:[^"\\]|\\.)*"/y);

/** A member whose members are strings, unchanged, or `null`. */
export const mapMember = (head: string, name: string): string =>
  member(head, `"${name}":`, /\{(?:"(?:[^"\\]|\\.)*"[:,]?)*\}/y);

function member(head: string, name: string, value: RegExp): string {
  const at = head.indexOf(name);
  if (at < 0) return 'null';
  value.lastIndex = at + name.length;
  const found = value.exec(head)?.[0];
  return found === undefined ? 'null' : copyOf(found);
}
