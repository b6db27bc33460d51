import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDatabase, GivenRows } from '@gateway/testing';
import type { PoolClient } from 'pg';
import type { Database } from '../database.js';

const MANY = 300;
/** PostgreSQL keeps a plan for all values after five executions. */
const EXECUTIONS = 6;

describe('statistics of batches that move together', () => {
  let database: Database;
  let client: PoolClient;
  const plans: string[] = [];

  beforeAll(async () => {
    database = await aDatabase(2);
    client = await database.pool.connect();
    client.on('notice', ({ message = '' }) => plans.push(message));
    await client.query(`LOAD 'auto_explain'`);
    for (const setting of ['log_min_duration = 0', 'log_nested_statements = on', 'log_analyze = on']) {
      await client.query(`SET auto_explain.${setting}`);
    }
  });
  afterAll(async () => {
    client.release();
    await database.close();
  });

  const putOff = async (batchIds: readonly string[]): Promise<void> => {
    await client.query(`UPDATE batch SET next_poll_at = now() + interval '1 hour' WHERE id = ANY ($1)`, [batchIds]);
  };

  it('are kept without comparing each with each, by the plan that was made when they moved one by one', async () => {
    const { batchIds } = await new GivenRows(database).message({ batches: Array.from({ length: MANY }, () => 1) });
    for (const id of batchIds.slice(0, EXECUTIONS)) await putOff([id]);
    await client.query('SET client_min_messages = log');
    await putOff(batchIds);
    await client.query('RESET client_min_messages');
    const [plan] = plans.filter((text) => text.includes('Insert on statistic_delta'));
    expect(plan).toMatch(/Tuplestore Scan .*rows=300/);
    const leftOut = [...(plan ?? '').matchAll(/Rows Removed by Join Filter: (\d+)/g)].map(([, rows]) => Number(rows));
    expect(Math.max(0, ...leftOut)).toBeLessThanOrEqual(MANY);
  });
});
