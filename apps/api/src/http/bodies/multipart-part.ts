import { isUtf8 } from 'node:buffer';
import { parse } from 'content-disposition';

/** The headers of one part. */
export interface PartHead {
  readonly field: string;
  /** Absent: the part is a field of text. */
  readonly fileName: string | undefined;
  readonly declaredType: string;
  /** Why its name or content cannot be read as it was meant. */
  readonly fault: string | undefined;
}

/** Header lines of a part by lower-case name, each byte a character. */
export type PartHeader = Readonly<Record<string, readonly string[] | undefined>>;

const EXTENDED = /;\s*filename\*=/i;

/**
 * Reads the headers of a part. Browsers write names in UTF-8 and escape `"` as `%22`; others write `filename*`
 * (RFC 5987), which wins if both are present.
 */
export function readPartHead(header: PartHeader): PartHead {
  const bytes = Buffer.from(header['content-disposition']?.[0] ?? '', 'latin1');
  const value = bytes.toString('utf8');
  const { parameters } = parse(value, { multipart: !EXTENDED.test(value) && !value.includes('\\"') });
  const extended = parameters['filename*'];
  return {
    field: parameters['name'] ?? '',
    fileName: parameters['filename'] ?? extended,
    declaredType: header['content-type']?.[0] ?? '',
    fault:
      nameFault(bytes, extended, parameters['filename']) ?? encodingFault(header['content-transfer-encoding']?.[0]),
  };
}

/** A name that would have to be guessed: a recipient would get the file under the guess. */
function nameFault(bytes: Buffer, extended: string | undefined, name: string | undefined): string | undefined {
  if (!isUtf8(bytes)) return 'has a file name that is not UTF-8';
  if (extended !== undefined && !isReadable(extended)) {
    return 'has a filename* that is not UTF-8 in percent-encoding (RFC 5987)';
  }
  if (ENCODED_WORD.test(name ?? '')) return 'has an encoded word (RFC 2047) as its file name; write it in UTF-8';
  return undefined;
}

function isReadable(extended: string): boolean {
  const [, charset = '', text = ''] = /^([^']*)'[^']*'(.*)$/s.exec(extended) ?? [];
  if (charset.toLowerCase() === 'iso-8859-1') return true;
  try {
    return charset.toLowerCase() === 'utf-8' && decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}

/** RFC 7578 knows no such header any more; what comes encoded would be mailed as it came. */
function encodingFault(encoding: string | undefined): string | undefined {
  if (encoding === undefined || PLAIN.test(encoding)) return undefined;
  return `has the Content-Transfer-Encoding "${encoding.slice(0, 40)}"; send the file as it is`;
}

const ENCODED_WORD = /^=\?[\w-]+\?[bq]\?/i;
const PLAIN = /^\s*(?:7bit|8bit|binary)?\s*$/i;

const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;

/** @returns `undefined` when the media type names none. */
export function boundaryOf(contentType: string): string | undefined {
  const found = BOUNDARY.exec(contentType);
  return found?.[1] ?? found?.[2];
}
