import type { ClientBase } from 'pg';

/**
 * For `onConnect` of a pool. The pool waits for the statements, although the type of the option does not say so.
 * @param more what statements without parameters cannot do
 */
export const setUpBy =
  (sql: string, more?: (client: ClientBase) => Promise<void>): ((client: ClientBase) => void) =>
  (client) =>
    client.query(sql).then(() => more?.(client)) as unknown as void;
