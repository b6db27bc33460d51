import { Pool } from 'undici';
import type { Taken } from '../client.js';
import { secondsOf } from '../measure.js';
import type { Stage } from '../stage.js';

/** As many as the gateway's worker has batches of one lane on their way. */
const POSTS_AT_ONCE = 4;
const FETCHED_AT_ONCE = 1000;

interface ReadRecipient {
  readonly address: string;
  readonly name: string | null;
  readonly variables: unknown;
}

/**
 * The simplest program that sends a campaign: it reads the recipients by a cursor, writes the bodies, and posts them, as
 * many recipients to a request as the gateway does. It writes nothing down, so a crash of it sends everything again.
 * @returns seconds for all.
 */
export async function sendPlainly(stage: Stage, taken: Taken): Promise<number> {
  const perRequest = Math.round(taken.recipients / taken.requests);
  const pool = new Pool(stage.sinkUrl, { connections: POSTS_AT_ONCE, pipelining: 1 });
  const client = await stage.db.connect();
  try {
    return await secondsOf(async () => {
      await client.query('BEGIN');
      await client.query(
        'DECLARE campaign CURSOR FOR SELECT address, name, variables FROM recipient ORDER BY message_id, position',
      );
      const under = new Set<Promise<void>>();
      let waiting: string[] = [];
      const send = async (): Promise<void> => {
        const body = `{"title":"Order","recipients":[${waiting.join(',')}]}`;
        waiting = [];
        if (under.size >= POSTS_AT_ONCE) await Promise.race(under);
        const done = post(pool, body).finally(() => under.delete(done));
        under.add(done);
      };
      for (;;) {
        const { rows } = await client.query<ReadRecipient>(`FETCH ${FETCHED_AT_ONCE} FROM campaign`);
        for (const { address, name, variables } of rows) {
          waiting.push(JSON.stringify({ address, name, type: 'R', parameters: variables }));
          if (waiting.length === perRequest) await send();
        }
        if (rows.length < FETCHED_AT_ONCE) break;
      }
      if (waiting.length > 0) await send();
      await Promise.all(under);
      await client.query('COMMIT');
    });
  } finally {
    client.release();
    await pool.close();
  }
}

async function post(pool: Pool, body: string): Promise<void> {
  const answer = await pool.request({ method: 'POST', path: '/plain', body });
  await answer.body.dump();
}
