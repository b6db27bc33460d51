import type { IncomingMessage } from 'node:http';

/** Addresses that are kept in one string, and the largest page that either vendor gives. */
export const PAGE = 1000;

/**
 * The body, byte for byte: characters beyond ASCII stay the bytes they are, to be written back as such. Nothing here
 * is parsed as JSON, as the machine is for what is measured.
 */
export function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first] = chunks;
    done(chunks.length === 1 && first !== undefined ? bytesOf(first) : bytesOf(Buffer.concat(chunks)));
  });
}

/** Reads a body that nobody looks at. */
export function skipBody(request: IncomingMessage, done: () => void): void {
  request.on('end', done);
  request.resume();
}

export const bytesOf = (text: Buffer | string): string =>
  (typeof text === 'string' ? Buffer.from(text) : text).toString('latin1');

/** Where the addresses of a body are: what stands before the first and before each other one. */
export interface AddressPlace {
  readonly first: string;
  readonly next: string;
}

/** What a send says, as far as an answer needs it. */
export interface ReadSend {
  /** Everything before the recipients. */
  readonly head: string;
  /** Addresses joined by line feeds, 1,000 in a string: 1,000,000 of them take as many bytes as they have. */
  readonly pages: readonly string[];
  readonly count: number;
}

/**
 * Finds the addresses by the quotes around them. That is exact for a body whose recipients stand last, each with its
 * address first: within a JSON string a quote has a backslash before it. @returns nothing where there are none.
 */
export function readSend(body: string, { first, next }: AddressPlace): ReadSend | undefined {
  const begin = body.indexOf(first);
  if (begin < 0) return undefined;
  const pages: string[] = [];
  let page: string[] = [];
  let count = 0;
  for (let at = begin, skip = first.length; at >= 0; skip = next.length) {
    const end = body.indexOf('"', at + skip);
    page.push(body.slice(at + skip, end));
    count += 1;
    if (page.length === PAGE) {
      pages.push(copyOf(page.join('\n')));
      page = [];
    }
    at = body.indexOf(next, end);
  }
  if (page.length > 0) pages.push(copyOf(page.join('\n')));
  return { head: body.slice(0, begin), pages, count };
}

/** A part of a string holds on to the whole, which may be a body of megabytes. */
const copyOf = (part: string): string => Buffer.from(part, 'latin1').toString('latin1');

/** A member that is a string, with its quotes and escapes, or `null`. */
export const textMember = (head: string, name: string): string => member(head, `"${name}":`, /"(?:[^"\\]|\\.)*"/y);

/** A member whose members are strings, as it stands there, or `null`. */
export const mapMember = (head: string, name: string): string =>
  member(head, `"${name}":`, /\{(?:"(?:[^"\\]|\\.)*"[:,]?)*\}/y);

function member(head: string, name: string, value: RegExp): string {
  const at = head.indexOf(name);
  if (at < 0) return 'null';
  value.lastIndex = at + name.length;
  const found = value.exec(head)?.[0];
  return found === undefined ? 'null' : copyOf(found);
}
