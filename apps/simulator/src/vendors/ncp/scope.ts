import type { FastifyRequest } from 'fastify';

/** Regions live under their own prefix on one host (ncp.md §1.1). */
export const NCP_PREFIXES = ['/api/v1', '/api/v1-sgn', '/api/v1-jpn'] as const;

/** The path prefix of a call; requests of one region are not seen in another. */
export function scopeOf(request: FastifyRequest): string {
  const [, api = '', version = ''] = request.url.split(/[/?]/);
  return `/${api}/${version}`;
}
