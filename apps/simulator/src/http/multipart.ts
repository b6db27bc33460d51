import type { FastifyInstance } from 'fastify';

/** One part of a multipart/form-data body; `fileName` is undefined for a plain field. */
export interface Part {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly bytes: Buffer;
}

/** The body is not multipart/form-data, or breaks off. */
export class MalformedMultipartError extends Error {}

const DASHES = Buffer.from('--');
const LINE_END = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const ESCAPES: Readonly<Record<string, string>> = { '%22': '"', '%0D': '\r', '%0A': '\n' };

/** Makes a scope take multipart bodies and nothing else; the body of a call becomes its `Part[]`. */
export function acceptMultipartOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(
        null,
        parseMultipart(Buffer.isBuffer(body) ? body : Buffer.from(body), request.headers['content-type'] ?? ''),
      );
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** Cuts a body at its boundary; parts are views on it, not copies. Throws MalformedMultipartError. */
export function parseMultipart(body: Buffer, contentType: string): Part[] {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const mark = Buffer.from(`--${boundary?.[1] ?? boundary?.[2] ?? ''}`);
  if (!boundary) throw new MalformedMultipartError('the boundary is missing');
  // The text before the first boundary is a preamble and is ignored.
  let at = body.indexOf(mark);
  const parts: Part[] = [];
  while (at >= 0) {
    const from = at + mark.length;
    if (body.subarray(from, from + 2).equals(DASHES)) return parts;
    const head = body.indexOf(LINE_END, from);
    const next = body.indexOf(Buffer.concat([LINE_END, mark]), from);
    if (head < 0 || next < 0) break;
    parts.push(parsePart(body.subarray(head, next)));
    at = next + LINE_END.length;
  }
  throw new MalformedMultipartError('the closing boundary is missing');
}

/** `section` begins with the line end of its boundary, so a part without headers is CRLF CRLF too. */
function parsePart(section: Buffer): Part {
  const split = section.indexOf(HEAD_END);
  if (split < 0) throw new MalformedMultipartError('a part has no end of headers');
  const headers = section.subarray(0, split).toString('utf8');
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(headers)?.[1] ?? '';
  const name = parameter(disposition, 'name');
  if (name === undefined) throw new MalformedMultipartError('a part has no name');
  return { name, fileName: fileNameOf(disposition), bytes: section.subarray(split + HEAD_END.length) };
}

/** RFC 5987's `filename*` wins; otherwise the plain one, which today's clients write in UTF-8. */
function fileNameOf(disposition: string): string | undefined {
  const extended = /;?\s*filename\*=UTF-8'[^']*'([^\s;]+)/i.exec(disposition)?.[1];
  if (extended !== undefined && /^(?:[^%]|%[0-9A-Fa-f]{2})*$/.test(extended)) return decodeURIComponent(extended);
  return parameter(disposition, 'filename');
}

function parameter(disposition: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|;)\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, 'i').exec(disposition);
  const text = match?.[1]?.replace(/\\(["\\])/g, '$1') ?? match?.[2];
  return text?.replace(/%(?:22|0D|0A)/gi, (code) => ESCAPES[code.toUpperCase()] ?? code);
}
