import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Simulator } from '../../state/simulator.js';
import { gatewayError, unauthenticated } from './errors.js';
import { keysOf } from './keys.js';
import { settingsOf } from './state.js';

const MAX_SKEW_MS = 5 * 60_000;

/** The signed parts of a call: method in upper case, path and query exactly as sent, epoch ms and the access key. */
export interface SignedCall {
  readonly method: string;
  readonly pathAndQuery: string;
  readonly timestamp: string;
  readonly accessKey: string;
}

/** Signature v2 in Base64 (ncp.md §1.3; vectors in §13). The body is not signed. */
export function sign(call: SignedCall, secretKey: string): string {
  const message = `${call.method.toUpperCase()} ${call.pathAndQuery}\n${call.timestamp}\n${call.accessKey}`;
  return createHmac('sha256', secretKey).update(message, 'utf8').digest('base64');
}

/** Throws the gateway's refusal unless the call carries a fresh and correct signature. */
export function checkSignature(simulator: Simulator, request: FastifyRequest): void {
  const timestamp = headerOf(request, 'x-ncp-apigw-timestamp');
  const accessKey = headerOf(request, 'x-ncp-iam-access-key');
  const signature = headerOf(request, 'x-ncp-apigw-signature-v2');
  if (!/^\d{1,16}$/.test(timestamp)) throw unauthenticated('x-ncp-apigw-timestamp is not epoch milliseconds');
  if (Math.abs(simulator.now() - Number(timestamp)) >= MAX_SKEW_MS) {
    throw unauthenticated('x-ncp-apigw-timestamp is 5 minutes or more away');
  }
  const keys = keysOf(simulator);
  if (accessKey !== keys.accessKey) throw unknownKey(simulator);
  const call = { method: request.method, pathAndQuery: request.raw.url ?? '', timestamp, accessKey };
  if (!sameText(signature, sign(call, keys.secretKey))) {
    throw unauthenticated(`signature does not match ${call.method} ${call.pathAndQuery}`);
  }
}

function unknownKey(simulator: Simulator): Error {
  const code = settingsOf(simulator).unknownKeyErrorCode;
  if (code === '210') return gatewayError(401, '210', 'Permission Denied', 'unknown access key');
  return unauthenticated('unknown access key');
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  if (typeof value !== 'string' || value === '') throw unauthenticated(`${name} is missing`);
  return value;
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
