import type { PoolClient } from 'pg';

/** Anything that runs a statement: the pool, or the connection of a transaction. */
export type Queryable = Pick<PoolClient, 'query'>;
