import { randomUUID } from 'node:crypto';
import { perSecond, type Case, type Row } from '../case.js';
import { callApi, load } from '../client.js';
import { growthExponent, median } from '../measure.js';
import { pgbenchRate } from '../pgbench.js';
import { ENVELOPE, recipientJson } from '../recipients.js';
import { API_KEY, Stage } from '../stage.js';

const MESSAGES = 1000;
const SIZES = [100, 300, MESSAGES] as const;
const [TARGET, SHARE] = [5000, 0.4];

/** Requests that are made, by what is in each message. */
const KINDS = [
  { name: 'plain', connections: 1 },
  { name: 'plain', connections: 4 },
  { name: 'with a template', connections: 4 },
  { name: 'with an attachment', connections: 4 },
] as const;
type Kind = (typeof KINDS)[number];

/** `POST /v1/messages/batch` of a thousand different messages with an Idempotency-Key, no worker. */
export const batchAccept: Case = {
  name: 'accept-batch',
  async run({ quick, runs, say }) {
    const seconds = quick ? 4 : 20;
    const rates = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]));
    const floors: number[] = [];
    const growth: (readonly Point[])[] = [];
    for (let run = 0; run < runs; run += 1) {
      floors.push((await Stage.during({}, (stage) => pgbenchRate(stage, seconds, 32))) ?? Number.NaN);
      await Stage.during({}, async (stage) => {
        await stage.start('api');
        for (const kind of KINDS) {
          const rate = await rateOf(stage, kind, MESSAGES, seconds);
          rates.get(kind)?.push(rate);
          say(`${kind.name}, ${kind.connections} at once: ${Math.round(rate)} messages/s; pgbench ${floors.at(-1)}/s`);
        }
        growth.push(await grow(stage, seconds / 2));
      });
    }
    const floor = median(floors);
    return [...KINDS.map((kind) => rowOf(kind, median(rates.get(kind) ?? []), floor)), growthRow(growth)];
  },
};

interface Point {
  readonly size: number;
  readonly seconds: number;
}

async function grow(stage: Stage, seconds: number): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const size of SIZES) {
    points.push({ size, seconds: size / (await rateOf(stage, { name: 'plain', connections: 1 }, size, seconds)) });
  }
  return points;
}

/** @returns messages per second. */
async function rateOf(stage: Stage, kind: Kind, size: number, seconds: number): Promise<number> {
  const head = await headOf(stage, kind.name);
  const plan = {
    origin: stage.apiUrl,
    path: '/v1/messages/batch',
    connections: kind.connections,
    bodyOf: (i: number) => bodyOf(head, i, size),
    headersOf: () => ({ 'idempotency-key': randomUUID() }),
  };
  await load({ ...plan, seconds: 1 });
  const { latencies, seconds: took } = await load({ ...plan, seconds });
  return (latencies.length * size) / took;
}

/** A message but for its recipients, as JSON that is still open. */
async function headOf(stage: Stage, kind: Kind['name']): Promise<string> {
  if (kind === 'plain') return JSON.stringify(ENVELOPE).slice(0, -1);
  if (kind === 'with an attachment') {
    return JSON.stringify({ ...ENVELOPE, attachments: [await upload(stage)] }).slice(0, -1);
  }
  const { category, from, subject, html } = ENVELOPE;
  const name = `bench ${randomUUID()}`;
  const { id } = await callApi<{ id: string }>(stage, 'POST', '/v1/templates', { name, subject, html });
  return JSON.stringify({ category, from, template: { id } }).slice(0, -1);
}

async function upload(stage: Stage): Promise<string> {
  const body = new FormData();
  body.set('file', new Blob(['terms of the order']), 'terms.txt');
  const answer = await fetch(`${stage.apiUrl}/v1/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
    body,
  });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { readonly id: string }).id;
}

function bodyOf(head: string, i: number, size: number): string {
  const messages = Array.from({ length: size }, (_, n) => `${head},"recipients":[${recipientJson(i * size + n)}]}`);
  return `{"messages":[${messages.join(',')}]}`;
}

const rowOf = ({ name, connections }: Kind, rate: number, floor: number): Row => ({
  what: `/v1/messages/batch of ${MESSAGES} ${name} with Idempotency-Key, ${connections} at once`,
  floor: `pgbench, the rows of a message: ${perSecond(floor, 1)}`,
  gateway: `${perSecond(rate, 1)}, ${((MESSAGES * connections) / rate).toFixed(2)} s a request`,
  ratio: `${(rate / floor).toFixed(2)} ×`,
  target: `≥ ${TARGET.toLocaleString('en')} messages/s, ≥ ${SHARE} ×`,
  met: rate >= TARGET && !(rate < SHARE * floor),
});

function growthRow(growth: readonly (readonly Point[])[]): Row {
  const points = SIZES.map((size, i) => ({ size, seconds: median(growth.map((points) => points[i]?.seconds ?? NaN)) }));
  const exponent = growthExponent(points);
  return {
    what: `growth: /v1/messages/batch of ${SIZES.join(', ')}, alone`,
    floor: 'linear',
    gateway: points.map(({ seconds }) => `${seconds.toFixed(3)} s`).join(', '),
    ratio: `exponent ${exponent.toFixed(2)}`,
    target: '≤ 1.05',
    met: exponent <= 1.05,
  };
}
