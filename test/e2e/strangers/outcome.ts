import type { Answer, ProblemView } from '@gateway/testing';

/** Status and, for invalid fields, where and why: `422 /to invalid_address`. */
export function outcomeOf({ status, body }: Answer<unknown>): string {
  const { errors = [], code } = (typeof body === 'object' ? body : {}) as Partial<ProblemView>;
  const fields = errors.map((error) => `${error.pointer} ${error.code}`);
  return [status, ...(fields.length > 0 ? fields : status < 300 ? [] : [code])].join(' ');
}

export const NDJSON = 'application/x-ndjson';

/** A form with one file, whose part is written by hand. */
export function formOf(disposition: Uint8Array | string, content: string, more = ''): Buffer {
  const head = Buffer.from('--b\r\nContent-Disposition: ');
  const rest = Buffer.from(`\r\nContent-Type: text/plain${more}\r\n\r\n${content}\r\n--b--\r\n`);
  return Buffer.concat([head, Buffer.from(disposition as string), rest]);
}

export const FORM = { 'content-type': 'multipart/form-data; boundary=b' };
