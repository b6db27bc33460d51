import type { HttpResponse } from '@gateway/platform';
import { createHmac } from 'node:crypto';

/** The keys of a NAVER Cloud account. */
export interface ApigwKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

interface Signed {
  readonly method: string;
  /** Path with prefix and query exactly as they are sent (ncp.md §1.3). */
  readonly path: string;
  /** Milliseconds since 1970 as text, the same as in the header. */
  readonly timestamp: string;
}

/** Signature v2: Base64 of an HMAC-SHA256. The body is not signed. */
export const signature = ({ method, path, timestamp }: Signed, accessKey: string, secretKey: string): string =>
  createHmac('sha256', secretKey).update(`${method} ${path}\n${timestamp}\n${accessKey}`, 'utf8').digest('base64');

/** Headers that sign a call at a moment. */
export function signedHeaders(
  { accessKey, secretKey }: ApigwKeys,
  method: string,
  path: string,
  now: Date,
): Readonly<Record<string, string>> {
  const timestamp = String(now.getTime());
  return {
    accept: 'application/json',
    'x-ncp-apigw-timestamp': timestamp,
    'x-ncp-iam-access-key': accessKey,
    'x-ncp-apigw-signature-v2': signature({ method, path, timestamp }, accessKey, secretKey),
  };
}

export type Query = readonly (readonly [name: string, value: string | number])[];

/** The query as it is signed and sent: `%20` for a space, never `+` (ncp.md §1.3). */
export const queryText = (query: Query): string =>
  query.length === 0 ? '' : `?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;

export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** A timestamp that is 5 minutes off is refused like a wrong key (§1.2); the answer's `Date` tells them apart. */
export function clockHint(answer: HttpResponse, now: Date): string | undefined {
  const theirs = Date.parse(answer.headers['date'] ?? '');
  if (Number.isNaN(theirs)) return undefined;
  const seconds = Math.round((now.getTime() - theirs) / 1000);
  if (Math.abs(seconds) * 1000 < CLOCK_TOLERANCE_MS - 5000) return undefined;
  const side = seconds > 0 ? 'ahead of' : 'behind';
  return `the clock here is ${Math.abs(seconds)} s ${side} the provider's, which refuses 300 s and more`;
}
