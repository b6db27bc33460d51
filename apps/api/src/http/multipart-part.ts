import { parse } from 'content-disposition';

/** What stands above the content of one part. */
export interface PartHead {
  readonly field: string;
  /** Absent: the part is a field of text. */
  readonly fileName: string | undefined;
  readonly declaredType: string;
}

/** Header lines of a part by lower-case name, each byte a character. */
export type PartHeader = Readonly<Record<string, readonly string[] | undefined>>;

const EXTENDED = /;\s*filename\*=/i;

/**
 * Reads the headers of a part. Browsers write names in UTF-8 and escape `"` as `%22`; others write `filename*`
 * (RFC 5987), which says it best where both stand.
 */
export function readPartHead(header: PartHeader): PartHead {
  const value = utf8(header['content-disposition']?.[0] ?? '');
  const { parameters } = parse(value, { multipart: !EXTENDED.test(value) && !value.includes('\\"') });
  return {
    field: parameters['name'] ?? '',
    fileName: parameters['filename'],
    declaredType: header['content-type']?.[0] ?? '',
  };
}

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;

/** @returns `undefined` when the media type names none. */
export function boundaryOf(contentType: string): string | undefined {
  const found = BOUNDARY.exec(contentType);
  return found?.[1] ?? found?.[2];
}
