import { ratioRow, type Case, type Row } from '../case.js';
import { callApi, load, postMessage, sinkStats, spanOf, tellSink, untilTaken } from '../client.js';
import { median, pause, percentile } from '../measure.js';
import { ENVELOPE, recipientJson } from '../recipients.js';
import { Stage } from '../stage.js';

const PER_REQUEST = 1000;
const CONNECTIONS = 8;
const CODE_EVERY_MS = 50;
const CODE_TARGET_MS = 2000;

interface Measured {
  /** Accepted per second over keep-alive connections, without a worker. */
  readonly accepted: number;
  /** Mails of a backlog that the provider gets per second, login codes meanwhile. */
  readonly sent: number;
  /** Milliseconds from a login code's accept to the provider's yes, during the backlog. */
  readonly codeP99: number;
}

/** The same work with Redis, and after Redis was killed. */
export const redisAway: Case = {
  name: 'redis-away',
  async run({ quick, runs, say }) {
    const mails = quick ? 5000 : 20_000;
    const [there, away]: [Measured[], Measured[]] = [[], []];
    for (let run = 0; run < runs; run += 1) {
      there.push(await Stage.during({ redis: true }, (stage) => measure(stage, mails, false)));
      away.push(await Stage.during({ redis: true }, (stage) => measure(stage, mails, true)));
      say(`with Redis ${JSON.stringify(there.at(-1))}, without ${JSON.stringify(away.at(-1))}`);
    }
    return rowsOf(mails, medianOf(there), medianOf(away));
  },
};

async function measure(stage: Stage, mails: number, kill: boolean): Promise<Measured> {
  for (const program of ['sink', 'api'] as const) await stage.start(program);
  if (kill) {
    await stage.endRedis();
    await pause(1000);
  }
  const accepting = await load({
    origin: stage.apiUrl,
    path: '/v1/messages',
    connections: CONNECTIONS,
    seconds: 5,
    bodyOf: (i) =>
      JSON.stringify({ ...ENVELOPE, provider: 'ncp', recipients: [JSON.parse(recipientJson(i)) as object] }),
  });
  const single = accepting.latencies.length;
  for (let i = 0; i < mails; i += PER_REQUEST) {
    const messages = Array.from({ length: PER_REQUEST }, (_, j) => ({
      ...ENVELOPE,
      provider: 'ncp',
      recipients: [JSON.parse(recipientJson(i + j)) as object],
    }));
    await callApi(stage, 'POST', '/v1/messages/batch', { messages });
  }
  await stage.settle();
  // As `npm start` and the composition start them.
  await stage.start('login-worker', { WORKER_LANES: 'authentication' });
  // It is up when the provider has a first code.
  await postMessage(stage, 'application/json', CODE);
  await untilTaken(stage, 1);
  await tellSink(stage, 'reset');
  await stage.start('worker', { WORKER_LANES: 'transactional,marketing,upkeep' });
  const codes = await codesUntil(stage, untilTaken(stage, mails + single));
  const { ncp } = await sinkStats(stage);
  return { accepted: single / accepting.seconds, sent: ncp.recipients / spanOf(ncp), codeP99: percentile(codes, 0.99) };
}

/** Sends a login code now and then until the rest is over. @returns their latencies, as the database has them. */
async function codesUntil(stage: Stage, rest: Promise<void>): Promise<readonly number[]> {
  const { rows: began } = await stage.db.query<{ at: Date }>('SELECT now() AS at');
  let over = false;
  const ended = rest.finally(() => (over = true));
  while (!over) {
    await postMessage(stage, 'application/json', CODE);
    await pause(CODE_EVERY_MS);
  }
  await ended;
  await pause(2000);
  const { rows } = await stage.db.query<{ ms: number }>(
    `SELECT extract(epoch FROM coalesce(b.submitted_at, now()) - m.created_at)::float * 1000 AS ms
     FROM message m JOIN batch b ON b.message_id = m.id WHERE m.category = 'authentication' AND m.created_at > $1`,
    [began[0]?.at],
  );
  return rows.map(({ ms }) => ms);
}

const CODE = JSON.stringify({
  category: 'authentication',
  provider: 'ncp',
  from: 'login@shop.example.com',
  subject: 'Your code',
  text: 'Your code is 123456',
  to: 'kim@example.com',
});

const medianOf = (all: readonly Measured[]): Measured => ({
  accepted: median(all.map(({ accepted }) => accepted)),
  sent: median(all.map(({ sent }) => sent)),
  codeP99: median(all.map(({ codeP99 }) => codeP99)),
});

function rowsOf(mails: number, there: Measured, away: Measured): readonly Row[] {
  const [what, rate] = ['Redis is away', (n: number): string => `${Math.round(n).toLocaleString('en')}/s`];
  const ms = (n: number): string => `p99 ${n.toFixed(0)} ms`;
  return [
    ratioRow(
      {
        what: `${what}: single accepts, no worker`,
        floor: `with Redis ${rate(there.accepted)}`,
        gateway: rate(away.accepted),
      },
      away.accepted / there.accepted,
      0.9,
    ),
    ratioRow(
      {
        what: `${what}: single dispatch of ${mails.toLocaleString('en')} and more that wait`,
        floor: `with Redis ${rate(there.sent)}`,
        gateway: rate(away.sent),
      },
      away.sent / there.sent,
      0.5,
    ),
    {
      what: `${what}: login code meanwhile, accept to provider's yes`,
      floor: `with Redis ${ms(there.codeP99)}`,
      gateway: ms(away.codeP99),
      ratio: `${(away.codeP99 / there.codeP99).toFixed(1)} ×`,
      target: `p99 ≤ ${CODE_TARGET_MS / 1000} s`,
      met: away.codeP99 <= CODE_TARGET_MS,
    },
  ];
}
