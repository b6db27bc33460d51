import { request } from 'undici';
import type { Case, Effort, Row } from '../case.js';
import { median, percentile } from '../measure.js';
import { API_KEY, Stage } from '../stage.js';

const PER_MESSAGE = 100_000;
const MESSAGES = 100;
const MOST_TIMES = 3;
// As in a process that has run for a while.
const WARM_UP = 1000;

/** Queries of dashboards, with 10,000,000 recipients stored, beside an answer of the same api that reads nothing. */
export const status: Case = {
  name: 'status',
  async run(effort) {
    const messages = MESSAGES;
    const asked = effort.quick ? 500 : 1000;
    const stage = await Stage.open();
    try {
      await stage.start('api');
      await fill(stage, messages, effort);
      return await measure(stage, { messages, asked, rounds: effort.runs });
    } finally {
      await stage.close();
    }
  },
};

/** Delivered campaigns, as tracking leaves them. */
async function fill(stage: Stage, messages: number, { say }: Effort): Promise<void> {
  for (let i = 0; i < messages; i += 1) {
    // Without triggers: what they count is not looked at here.
    await stage.asAdmin(
      `SET session_replication_role = replica; ${FILL.replaceAll('$1', `${PER_MESSAGE}`).replaceAll('$2', `${i}`)}`,
    );
    if ((i + 1) % 10 === 0) say(`${((i + 1) * PER_MESSAGE).toLocaleString('en')} recipients stored`);
  }
  await stage.db.query('ANALYZE');
  await stage.settle();
}

const FILL = `
WITH m AS (
  INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, subject, html, tags,
    on_quota, recipient_count, batch_count, counts, routing, warnings, attachment_ids, completed_at)
  SELECT uuidv7(), id, 'marketing', 'individual', 'auto', 'nhn', 'shop@shop.example.com', 'Sale', '<p>Sale</p>', '{sale}',
    'defer', $1, 1, jsonb_build_object('delivered', $1::int), '{"provider": "nhn"}', '{}', '{}', now()
  FROM client LIMIT 1 RETURNING id
), b AS (
  INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
    follower_count, counts, due_at, next_attempt_at, submitted_at, settled_at)
  SELECT uuidv7(), id, 'nhn', 'marketing', 'settled', 0, $1 - 1, $1, 0, jsonb_build_object('delivered', $1::int), now(),
    now(), now(), now() FROM m
)
INSERT INTO recipient (message_id, position, address, name, type, status, mail_id, updated_at, delivered_at)
SELECT m.id, n, 'customer.' || ($2 * $1 + n) || '@example.com', 'Customer', 'to', 'delivered', 'mail-' || n, now(), now()
FROM m, generate_series(0, $1 - 1) AS n`;

interface Plan {
  readonly messages: number;
  readonly asked: number;
  /** Floor and answers in turn, so that an hour in which the machine is slow does not meet one of them alone. */
  readonly rounds: number;
}

async function measure(stage: Stage, { messages, asked, rounds }: Plan): Promise<readonly Row[]> {
  const { rows } = await stage.db.query<{ id: string }>('SELECT id FROM message');
  const anId = (): string => rows[Math.floor(Math.random() * rows.length)]?.id ?? '';
  const position = (): number => Math.floor(Math.random() * PER_MESSAGE);
  const byKey = (): Promise<unknown> =>
    stage.db.query({
      name: 'by-key',
      text: 'SELECT * FROM recipient WHERE message_id = $1 AND position = $2',
      values: [anId(), position()],
    });
  const list = await get<{ data: { id: string }[] }>(stage, '/v1/messages?limit=100');
  const aMessage = (): string => list.data[Math.floor(Math.random() * list.data.length)]?.id ?? '';
  const paths: Readonly<Record<string, () => string>> = {
    'GET /v1/messages/{id}': () => `/v1/messages/${aMessage()}`,
    'GET /v1/messages/{id}/batches': () => `/v1/messages/${aMessage()}/batches`,
    'GET /v1/messages/{id}/recipients?limit=20': () => `/v1/messages/${aMessage()}/recipients?limit=20`,
    'GET /v1/messages?limit=20': () => '/v1/messages?limit=20',
    'GET /v1/recipients?address=': () =>
      `/v1/recipients?address=customer.${Math.floor(Math.random() * messages * PER_MESSAGE)}@example.com`,
  };
  const [keys, live]: [Latencies[], Latencies[]] = [[], []];
  const answers = new Map(Object.keys(paths).map((what): [string, Latencies[]] => [what, []]));
  for (let round = 0; round < rounds; round += 1) {
    keys.push(await latencies(asked, byKey));
    live.push(await latencies(asked, () => get(stage, '/health/live')));
    for (const [what, path] of Object.entries(paths)) {
      answers.get(what)?.push(await latencies(asked, () => get(stage, path())));
    }
  }
  const floors = { keyP50: middle(keys, 0.5), liveP99: middle(live, 0.99), recipients: messages * PER_MESSAGE };
  return [...answers].map(([what, times]) => rowOf(what, times, floors));
}

type Latencies = readonly number[];

/** The median of the rounds. */
const middle = (rounds: readonly Latencies[], share: number): number =>
  median(rounds.map((times) => percentile(times, share)));

interface Floors {
  /** Milliseconds. */
  readonly keyP50: number;
  readonly liveP99: number;
  readonly recipients: number;
}

function rowOf(what: string, times: readonly Latencies[], { keyP50, liveP99, recipients }: Floors): Row {
  const p99 = middle(times, 0.99);
  return {
    what: `status with ${recipients.toLocaleString('en')} recipients: ${what}`,
    floor: `/health/live p99 ${liveP99.toFixed(2)} ms; SELECT by key p50 ${keyP50.toFixed(2)} ms`,
    gateway: `p50 ${middle(times, 0.5).toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
    ratio: `${(p99 / liveP99).toFixed(1)} ×`,
    target: `≤ ${MOST_TIMES} × p99 of /health/live`,
    met: p99 <= MOST_TIMES * liveP99,
  };
}

async function get<T>(stage: Stage, path: string): Promise<T> {
  const { statusCode, body } = await request(`${stage.apiUrl}${path}`, {
    headers: { authorization: `Bearer ${API_KEY}` },
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}

/** One after the other, the first ones not counted. */
async function latencies(count: number, ask: () => Promise<unknown>): Promise<Latencies> {
  const times: number[] = [];
  for (let i = 0; i < count + WARM_UP; i += 1) {
    const started = performance.now();
    await ask();
    if (i >= WARM_UP) times.push(performance.now() - started);
  }
  return times;
}
