import type { Case, Row } from '../case.js';
import { postMessage, postStream, untilTaken } from '../client.js';
import { pause, percentile } from '../measure.js';
import { ndjsonMessage } from '../recipients.js';
import { Stage } from '../stage.js';

const EVERY_MS = 50;

/** A login code while a campaign goes out through the same account. */
export const loginCodes: Case = {
  name: 'login-codes',
  async run({ quick, say }) {
    const campaign = quick ? 100_000 : 1_000_000;
    const codes = quick ? 60 : 300;
    const stage = await Stage.open();
    try {
      for (const program of ['sink', 'api'] as const) await stage.start(program);
      // As `npm start` and the composition do it.
      await stage.start('worker', { WORKER_LANES: 'transactional,marketing,upkeep' });
      await stage.start('login-worker', { WORKER_LANES: 'authentication' });
      await sendCodes(stage, 40);
      const idle = await latenciesOf(stage, () => sendCodes(stage, codes));
      say(`idle: p99 ${percentile(idle, 0.99).toFixed(0)} ms`);
      const busy = await latenciesOf(stage, () => duringCampaign(stage, campaign));
      say(`busy: p99 ${percentile(busy, 0.99).toFixed(0)} ms of ${busy.length} codes`);
      return [rowOf(campaign, idle, busy)];
    } finally {
      await stage.close();
    }
  },
};

const code = (): string =>
  JSON.stringify({
    ...{ category: 'authentication', provider: 'ncp', from: 'login@shop.example.com', subject: 'Your code' },
    ...{ text: 'Your code is 123456', to: 'kim@example.com' },
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

/** Milliseconds from the request to the provider's yes, as the database has it. */
async function latenciesOf(stage: Stage, send: () => Promise<void>): Promise<readonly number[]> {
  const { rows: before } = await stage.db.query<{ at: Date }>('SELECT now() AS at');
  await send();
  const { rows } = await stage.db.query<{ ms: number }>(
    `SELECT extract(epoch FROM b.submitted_at - m.created_at)::float * 1000 AS ms
     FROM message m JOIN batch b ON b.message_id = m.id
     WHERE m.category = 'authentication' AND m.created_at > $1 AND b.submitted_at IS NOT NULL`,
    [before[0]?.at],
  );
  if (rows.length === 0) throw new Error('no login code was taken by the provider');
  return rows.map(({ ms }) => ms);
}

function rowOf(campaign: number, idle: readonly number[], busy: readonly number[]): Row {
  const [quiet, loud] = [percentile(idle, 0.99), percentile(busy, 0.99)];
  return {
    what: `login code, accept to provider's yes, during a campaign of ${campaign.toLocaleString('en')}`,
    floor: `idle gateway: p50 ${percentile(idle, 0.5).toFixed(0)} ms, p99 ${quiet.toFixed(0)} ms`,
    gateway: `p50 ${percentile(busy, 0.5).toFixed(0)} ms, p99 ${loud.toFixed(0)} ms`,
    ratio: `${(loud / quiet).toFixed(1)} ×`,
    target: '≤ 3 ×',
    met: loud <= 3 * quiet,
  };
}
