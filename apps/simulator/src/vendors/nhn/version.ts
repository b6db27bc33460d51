import type { FastifyRequest } from 'fastify';
import type { Simulator } from '../../state/simulator.js';
import { NhnError } from './envelope.js';
import { keysOf } from './keys.js';

/** The versions that are answered; everything but the segment in the path stays the same (nhn.md §6). */
export const NHN_VERSIONS = ['v1.5', 'v1.6', 'v1.7', 'v2.0', 'v2.1'] as const;

/** Version of a call as a number, 1.5 to 2.1. */
export const versionOf = (request: FastifyRequest): number => Number(/\/email\/v(\d\.\d)\//.exec(request.url)?.[1]);

/** The app key in the path; it separates the data of projects. */
export const appKeyOf = (request: FastifyRequest): string => (request.params as { appKey?: string }).appKey ?? '';

/** Throws -1000 for a foreign app key and, from v2.0 on, -1004 for a missing or wrong X-Secret-Key. */
export function checkKeys(simulator: Simulator, request: FastifyRequest): void {
  const keys = keysOf(simulator);
  if (appKeyOf(request) !== keys.appKey) throw new NhnError(-1000, 'Invalid appKey.');
  if (versionOf(request) >= 2 && request.headers['x-secret-key'] !== keys.secretKey) {
    throw new NhnError(-1004, 'Invalid secretKey.');
  }
}

/** @throws NhnError -9998 for a call that an older version does not have. */
export function requireVersion(request: FastifyRequest, since: number): void {
  if (versionOf(request) < since) throw new NhnError(-9998, 'API not found.');
}
