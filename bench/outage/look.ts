import { postMessage } from '../client.js';
import { pause } from '../measure.js';
import type { Stage } from '../stage.js';

const CODE_EVERY_MS = 50;

const CODE = JSON.stringify({
  category: 'authentication',
  provider: 'ncp',
  from: 'login@shop.example.com',
  subject: 'Your code',
  text: 'Your code is 123456',
  to: 'kim@example.com',
});

/** Login codes, one after the other, up to so many, or until it is over. */
export async function sendCodes(stage: Stage, most: number, isOver: () => boolean = () => false): Promise<void> {
  for (let i = 0; i < most && !isOver(); i += 1) {
    await postMessage(stage, 'application/json', CODE);
    await pause(CODE_EVERY_MS);
  }
}

/** Milliseconds from the accept of each login code that `send` sends to the provider's yes, as the database has them. */
export async function codeLatencies(stage: Stage, send: () => Promise<void>): Promise<readonly number[]> {
  const { rows: began } = await stage.db.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  await send();
  await pause(2000);
  const { rows } = await stage.db.query<{ ms: number }>(
    `SELECT extract(epoch FROM coalesce(b.submitted_at, now()) - m.created_at)::float * 1000 AS ms
     FROM message m JOIN batch b ON b.message_id = m.id WHERE m.category = 'authentication' AND m.created_at > $1`,
    [began[0]?.at],
  );
  return rows.map(({ ms }) => ms);
}

/** The most places by which a mail of the lane was overtaken by others that were due later. */
export async function overtakings(stage: Stage): Promise<number> {
  const { rows } = await stage.db.query<{ places: number }>(
    `SELECT coalesce(max(taken - due), 0)::int AS places FROM (
       SELECT rank() OVER (ORDER BY submitted_at) AS taken, rank() OVER (ORDER BY due_at, id) AS due
       FROM batch WHERE category = 'transactional' AND provider = 'ncp' AND submitted_at IS NOT NULL
     ) AS places`,
  );
  return rows[0]?.places ?? 0;
}
