import type { PoolClient } from 'pg';
import { Pool } from 'undici';
import { secondsOf } from '../measure.js';
import type { Stage } from '../stage.js';

/** Requests on their way, as many as the gateway's lane has at most. */
const AT_ONCE = 100;

interface Waiting {
  readonly id: string;
  readonly body: string;
}

/**
 * The simplest program that is as durable as the gateway: it reads the mails that wait, writes that it begins, posts
 * each, and writes what came of it, a hundred to a transaction, in a table without triggers. It has no queue, no second
 * worker beside it, and follows nothing. @returns seconds for all.
 */
export async function dispatchPlainly(stage: Stage): Promise<number> {
  await stage.db
    .query(`CREATE TABLE bench.mail AS SELECT b.id, 'queued' AS status, NULL::text AS request_id, m.from_address,
    m.subject, m.html, r.address, r.name, r.variables FROM batch b JOIN message m ON m.id = b.message_id
    JOIN recipient r ON r.message_id = m.id WHERE b.status = 'queued' AND m.recipient_count = 1`);
  await stage.db.query('ALTER TABLE bench.mail ADD PRIMARY KEY (id)');
  await stage.db.query(`CREATE INDEX ON bench.mail (id) WHERE status = 'queued'`);
  await stage.settle();
  const pool = new Pool(stage.sinkUrl, { connections: AT_ONCE, pipelining: 1 });
  const client = await stage.db.connect();
  try {
    return await secondsOf(async () => {
      // The next hundred are posted while the last are written.
      let written: Promise<unknown> = Promise.resolve();
      for (let mails = await begin(client); mails.length > 0; mails = await begin(client)) {
        const ids = await Promise.all(mails.map(({ body }) => post(pool, body)));
        await written;
        written = finish(client, mails, ids);
      }
      await written;
    });
  } finally {
    client.release();
    await pool.close();
    await stage.db.query('DROP TABLE bench.mail');
  }
}

async function begin(client: PoolClient): Promise<readonly Waiting[]> {
  const { rows } = await client.query<Waiting>({
    name: 'begin',
    text: `WITH due AS (
        SELECT id FROM bench.mail WHERE status = 'queued' ORDER BY id LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
      )
      UPDATE bench.mail m SET status = 'posting' FROM due WHERE m.id = due.id
      RETURNING m.id, json_build_object('from', from_address, 'title', subject, 'body', html, 'recipients',
        json_build_array(json_build_object('address', address, 'name', name, 'variables', variables)))::text AS body`,
  });
  return rows;
}

async function finish(client: PoolClient, mails: readonly Waiting[], requests: readonly string[]): Promise<void> {
  await client.query({
    name: 'finish',
    text: `UPDATE bench.mail m SET status = 'submitted', request_id = d.request
      FROM unnest($1::uuid[], $2::text[]) AS d (id, request) WHERE m.id = d.id`,
    values: [mails.map(({ id }) => id), requests],
  });
}

async function post(pool: Pool, body: string): Promise<string> {
  const answer = await pool.request({ method: 'POST', path: '/plain', body });
  return answer.body.text();
}
