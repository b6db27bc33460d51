import type { SealOwner } from './seal.js';

/** Messages and files are in tables of their names. The index is by the id of the key, then by the id of the row. */
const idOf = (alias: string): string => `split_part(${alias}.content_key, '.', 2)`;

/** Finds the ids of the keys that rows need, and how many rows need each: at most $1. */
export const countRows = (table: SealOwner): string => `
  WITH RECURSIVE found AS (
    (SELECT ${idOf('t')} AS id FROM ${table} t WHERE t.content_key IS NOT NULL ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT (
      SELECT ${idOf('t')} FROM ${table} t WHERE t.content_key IS NOT NULL AND ${idOf('t')} > found.id ORDER BY 1 LIMIT 1
    ) FROM found WHERE found.id IS NOT NULL
  )
  SELECT id AS "keyId", (
    SELECT count(*)::int
    FROM (SELECT FROM ${table} t WHERE t.content_key IS NOT NULL AND ${idOf('t')} = found.id LIMIT $1) AS counted
  ) AS rows FROM found WHERE id IS NOT NULL`;

/** Finds rows that need a key ($1), after a row ($2). Nothing is locked. */
export const findRows = (table: SealOwner): string => `
  SELECT t.id, t.content_key AS "contentKey" FROM ${table} t
  WHERE t.content_key IS NOT NULL AND ${idOf('t')} = $1 AND t.id > $2 ORDER BY t.id LIMIT $3`;

/** Replaces keys of rows ($1) that still have the old one ($2); rows that others hold have their turn another time. */
export const replaceKeys = (table: SealOwner): string => `
  WITH free AS (SELECT id FROM ${table} WHERE id = ANY ($1::uuid[]) FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE ${table} t SET content_key = n.new_key
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS n (id, old_key, new_key) JOIN free ON free.id = n.id
  WHERE t.id = n.id AND t.content_key = n.old_key`;
