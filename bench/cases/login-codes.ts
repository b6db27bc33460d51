import type { Case, Row } from '../case.js';
import { postMessage, postStream, untilTaken } from '../client.js';
import { median, pause, percentile } from '../measure.js';
import { ndjsonMessage } from '../recipients.js';
import { Stage } from '../stage.js';

const EVERY_MS = 50;

/** A login code while a campaign is sent through the same account. */
export const loginCodes: Case = {
  name: 'login-codes',
  async run({ quick, runs, say }) {
    const campaign = quick ? 100_000 : 1_000_000;
    const codes = quick ? 60 : 300;
    const measured: Measured[] = [];
    for (let run = 0; run < runs; run += 1) {
      const { idle, busy } = await Stage.during({}, (stage) => measure(stage, { campaign, codes }));
      measured.push({ idle, busy });
      say(`p99 idle ${idle.p99.toFixed(0)} ms, during the campaign ${busy.p99.toFixed(0)} ms`);
    }
    const all = (side: 'idle' | 'busy'): Latencies => ({
      p50: median(measured.map((each) => each[side].p50)),
      p99: median(measured.map((each) => each[side].p99)),
    });
    return [rowOf(campaign, all('idle'), all('busy'))];
  },
};

/** In milliseconds. */
interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

interface Measured {
  readonly idle: Latencies;
  readonly busy: Latencies;
}

async function measure(
  stage: Stage,
  { campaign, codes }: { readonly campaign: number; readonly codes: number },
): Promise<Measured> {
  for (const program of ['sink', 'api'] as const) await stage.start(program);
  // As `npm start` and the composition do it.
  await stage.start('worker', { WORKER_LANES: 'transactional,marketing,upkeep' });
  await stage.start('login-worker', { WORKER_LANES: 'authentication' });
  await sendCodes(stage, 40);
  const idle = await latenciesOf(stage, () => sendCodes(stage, codes));
  return { idle, busy: await latenciesOf(stage, () => duringCampaign(stage, campaign)) };
}

const code = (): string =>
  JSON.stringify({
    category: 'authentication',
    provider: 'ncp',
    from: 'login@shop.example.com',
    subject: 'Your code',
    text: 'Your code is 123456',
    to: 'kim@example.com',
  });

async function sendCodes(stage: Stage, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await postMessage(stage, 'application/json', code());
    await pause(EVERY_MS);
  }
  await pause(1000);
}

/** Codes from the first byte of the campaign to its last recipient at the provider. */
async function duringCampaign(stage: Stage, count: number): Promise<void> {
  let over = false;
  const campaign = postStream(stage, ndjsonMessage(count, { category: 'marketing', provider: 'ncp', ...MARKETING }))
    .then(() => untilTaken(stage, count))
    .finally(() => (over = true));
  while (!over) {
    await postMessage(stage, 'application/json', code());
    await pause(EVERY_MS);
  }
  await campaign;
  await pause(1000);
}

const MARKETING = { subject: '(광고) Sale {{code}}', html: '<p>Hello {{name}}, {{code}}</p><p>{{unsubscribe}}</p>' };

/** From the request to the provider's yes, as the database has it. */
async function latenciesOf(stage: Stage, send: () => Promise<void>): Promise<Latencies> {
  const { rows: before } = await stage.db.query<{ at: Date }>('SELECT now() AS at');
  await send();
  const { rows } = await stage.db.query<{ ms: number }>(
    `SELECT extract(epoch FROM b.submitted_at - m.created_at)::float * 1000 AS ms
     FROM message m JOIN batch b ON b.message_id = m.id
     WHERE m.category = 'authentication' AND m.created_at > $1 AND b.submitted_at IS NOT NULL`,
    [before[0]?.at],
  );
  if (rows.length === 0) throw new Error('no login code was taken by the provider');
  const times = rows.map(({ ms }) => ms);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

function rowOf(campaign: number, idle: Latencies, busy: Latencies): Row {
  return {
    what: `login code, accept to provider's yes, during a campaign of ${campaign.toLocaleString('en')}`,
    floor: `idle gateway: p50 ${idle.p50.toFixed(0)} ms, p99 ${idle.p99.toFixed(0)} ms`,
    gateway: `p50 ${busy.p50.toFixed(0)} ms, p99 ${busy.p99.toFixed(0)} ms`,
    ratio: `${(busy.p99 / idle.p99).toFixed(1)} ×`,
    target: '≤ 3 ×',
    met: busy.p99 <= 3 * idle.p99,
  };
}
