import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

const MAX_SKEW_MS = 5 * 60_000;

/** The signed parts of a call: method in upper case, path and query exactly as sent, epoch ms and the access key. */
export interface SignedCall {
  readonly method: string;
  readonly pathAndQuery: string;
  readonly timestamp: string;
  readonly accessKey: string;
}

/** NAVER's signature v2 in Base64 (ncp.md §1.3, vectors in ncp.md §13 and sens.md §9). The body is not signed. */
export function sign(call: SignedCall, secretKey: string): string {
  const message = `${call.method.toUpperCase()} ${call.pathAndQuery}\n${call.timestamp}\n${call.accessKey}`;
  return createHmac('sha256', secretKey).update(message, 'utf8').digest('base64');
}

/** Why a call is not authenticated. */
export interface SignatureFault {
  readonly kind: 'unauthenticated' | 'unknown-key';
  readonly reason: string;
}

/** @returns `undefined` for a call that carries a fresh and correct signature. `now`: epoch ms. */
export function signatureFault(
  request: FastifyRequest,
  keys: { readonly accessKey: string; readonly secretKey: string },
  now: number,
): SignatureFault | undefined {
  const fault = (reason: string): SignatureFault => ({ kind: 'unauthenticated', reason });
  const [timestamp, accessKey, signature] = HEADERS.map((name) => request.headers[name]);
  for (const name of HEADERS) if (!request.headers[name]) return fault(`${name} is missing`);
  const at = String(timestamp);
  if (!/^\d{1,16}$/.test(at)) return fault('x-ncp-apigw-timestamp is not epoch milliseconds');
  if (Math.abs(now - Number(at)) >= MAX_SKEW_MS) return fault('x-ncp-apigw-timestamp is 5 minutes or more away');
  if (accessKey !== keys.accessKey) return { kind: 'unknown-key', reason: 'unknown access key' };
  const call = { method: request.method, pathAndQuery: request.raw.url ?? '', timestamp: at, accessKey };
  if (sameText(String(signature), sign(call, keys.secretKey))) return undefined;
  return fault(`signature does not match ${call.method} ${call.pathAndQuery}`);
}

const HEADERS = ['x-ncp-apigw-timestamp', 'x-ncp-iam-access-key', 'x-ncp-apigw-signature-v2'] as const;

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
