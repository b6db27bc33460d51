import type { ClientBase } from 'pg';

/** For `onConnect` of a pool. The pool waits for the statements, although the type of the option does not say so. */
export const setUpBy =
  (sql: string): ((client: ClientBase) => void) =>
  (client) =>
    client.query(sql) as unknown as void;
