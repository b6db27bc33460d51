import { createHmac } from 'node:crypto';

export interface Signed {
  readonly method: string;
  /** Path with prefix and query exactly as they are sent (ncp.md §1.3). */
  readonly path: string;
  /** Milliseconds since 1970 as text, the same as in the header. */
  readonly timestamp: string;
}

/** Signature v2: Base64 of an HMAC-SHA256. The body is not signed. */
export const signature = ({ method, path, timestamp }: Signed, accessKey: string, secretKey: string): string =>
  createHmac('sha256', secretKey).update(`${method} ${path}\n${timestamp}\n${accessKey}`, 'utf8').digest('base64');
