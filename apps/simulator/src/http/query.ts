import type { FastifyRequest } from 'fastify';

/** Query values by name; each name may be repeated. */
export type Query = ReadonlyMap<string, readonly string[]>;

/** The query of a call as strings. */
export function queryOf(request: FastifyRequest): Query {
  const query = new Map<string, string[]>();
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>)) {
    query.set(name, Array.isArray(value) ? value : [value]);
  }
  return query;
}

/** The last value of a name; undefined when absent or empty, as vendors' consoles send empty fields. */
export const lastOf = (query: Query, name: string): string | undefined => query.get(name)?.at(-1) || undefined;
