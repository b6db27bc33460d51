import { randomUUID } from 'node:crypto';
import type { Case, Row } from '../case.js';
import { load } from '../client.js';
import { median } from '../measure.js';
import { ENVELOPE, recipientJson } from '../recipients.js';
import { Stage } from '../stage.js';

const MESSAGES = 1000;
const CONNECTIONS = [1, 4] as const;
const TARGET = 5000;

/** `POST /v1/messages/batch` of a thousand different messages with an Idempotency-Key, no worker. */
export const batchAccept: Case = {
  name: 'accept-batch',
  async run({ quick, runs, say }) {
    const seconds = quick ? 6 : 20;
    const rates = new Map<number, number[]>(CONNECTIONS.map((connections) => [connections, []]));
    for (let run = 0; run < runs; run += 1) {
      for (const connections of CONNECTIONS) {
        const rate = await Stage.during({}, (stage) => rateOf(stage, connections, seconds));
        rates.get(connections)?.push(rate);
        say(`${connections} at once: ${Math.round(rate)} messages/s`);
      }
    }
    return CONNECTIONS.map((connections) => rowOf(connections, median(rates.get(connections) ?? [])));
  },
};

async function rateOf(stage: Stage, connections: number, seconds: number): Promise<number> {
  await stage.start('api');
  const plan = {
    origin: stage.apiUrl,
    path: '/v1/messages/batch',
    connections,
    bodyOf,
    headersOf: () => ({ 'idempotency-key': randomUUID() }),
  };
  await load({ ...plan, seconds: 2 });
  const { latencies, seconds: took } = await load({ ...plan, seconds });
  return (latencies.length * MESSAGES) / took;
}

function bodyOf(i: number): string {
  const head = JSON.stringify(ENVELOPE).slice(0, -1);
  const messages = Array.from(
    { length: MESSAGES },
    (_, n) => `${head},"recipients":[${recipientJson(i * MESSAGES + n)}]}`,
  );
  return `{"messages":[${messages.join(',')}]}`;
}

const rowOf = (connections: number, rate: number): Row => ({
  what: `/v1/messages/batch of ${MESSAGES} with Idempotency-Key, ${connections} at once`,
  floor: '–',
  gateway: `${Math.round(rate).toLocaleString('en')} messages/s`,
  ratio: `${((MESSAGES * connections) / rate).toFixed(2)} s a request`,
  target: `≥ ${TARGET.toLocaleString('en')} messages/s`,
  met: rate >= TARGET,
});
