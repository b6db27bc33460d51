import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { request } from 'undici';
import { perSecond, ratioRow, type Case, type Effort, type Row } from '../case.js';
import { growthExponent, median, secondsOf } from '../measure.js';
import { copyPages, jsonMessage, ndjsonMessage } from '../recipients.js';
import { API_KEY, Stage } from '../stage.js';

const COPY = 'COPY bench.recipient (message_id, position, address, name, type, variables) FROM STDIN';

/** Due far from now: what is measured is taking it, not sending it. */
const LATER = { sendAt: new Date(Date.now() + 30 * 24 * 3_600_000).toISOString() };

/** Taking many recipients in one request, as JSON and as a stream, beside COPY of the same rows. */
export const bulkAccept: Case = {
  name: 'accept-bulk',
  async run(effort) {
    const bulk = effort.quick ? 20_000 : 100_000;
    const stream = effort.quick ? 100_000 : 1_000_000;
    const stage = await openStage();
    try {
      await stage.start('api');
      const json = await compare(stage, { effort, count: bulk, post: jsonPost(stage, bulk) });
      const jsonPeak = stage.peakMemory('api');
      await stage.end('api');
      await stage.start('api');
      const ndjson = await compare(stage, { effort, count: stream, post: () => postStream(stage, stream) });
      const streamPeak = stage.peakMemory('api');
      const growth = await grow(stage, effort);
      return [
        bulkRow(bulk, json, jsonPeak),
        ratioRow(
          { ...sides(stream, ndjson), what: `stream accept: NDJSON, ${stream.toLocaleString('en')} recipients` },
          ndjson.floor / ndjson.gateway,
          0.7,
        ),
        memoryRow(streamPeak, jsonPeak),
        growth,
      ];
    } finally {
      await stage.close();
    }
  },
};

/** The floor's table has the columns and indexes of the real one, and none of its triggers. */
async function openStage(): Promise<Stage> {
  const stage = await Stage.open();
  await stage.db.query('CREATE TABLE bench.recipient (LIKE recipient INCLUDING ALL) WITH (fillfactor = 90)');
  return stage;
}

interface Seconds {
  readonly floor: number;
  readonly gateway: number;
}

async function compare(
  stage: Stage,
  what: { readonly effort: Effort; readonly count: number; readonly post: () => Promise<void> },
): Promise<Seconds> {
  const [floor, gateway]: [number[], number[]] = [[], []];
  const pages = [...copyPages(what.count)];
  await what.post();
  for (let run = 0; run < what.effort.runs; run += 1) {
    await stage.db.query('TRUNCATE bench.recipient');
    await stage.settle();
    floor.push(await secondsOf(() => copy(stage, pages)));
    await stage.db.query('TRUNCATE message, recipient, batch, attempt, event, statistic_delta, idempotency_key');
    await stage.settle();
    gateway.push(await secondsOf(what.post));
    what.effort.say(`${what.count}: COPY ${floor.at(-1)?.toFixed(2)} s, gateway ${gateway.at(-1)?.toFixed(2)} s`);
  }
  return { floor: median(floor), gateway: median(gateway) };
}

async function copy(stage: Stage, pages: readonly string[]): Promise<void> {
  const client = await stage.db.connect();
  try {
    await pipeline(Readable.from(pages), client.query(copyFrom(COPY)));
  } finally {
    client.release();
  }
}

function jsonPost(stage: Stage, count: number): () => Promise<void> {
  const body = jsonMessage(count, LATER);
  return () => post(stage, 'application/json', body);
}

const postStream = (stage: Stage, count: number): Promise<void> =>
  post(stage, 'application/x-ndjson', Readable.from(ndjsonMessage(count, LATER)));

async function post(stage: Stage, type: string, body: Buffer | Readable): Promise<void> {
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': type };
  const answer = await request(`${stage.apiUrl}/v1/messages`, {
    method: 'POST',
    headers,
    body,
    headersTimeout: 600_000,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 202) throw new Error(`${answer.statusCode}: ${text.slice(0, 500)}`);
}

/** Stream accepts of ten times as many each: how the time grows, and whether memory does. */
async function grow(stage: Stage, { quick, say }: Effort): Promise<Row> {
  const sizes = quick ? [10_000, 30_000, 100_000] : [10_000, 100_000, 1_000_000];
  const points = [];
  const peaks = [];
  for (const size of sizes) {
    await stage.end('api');
    await stage.start('api');
    await postStream(stage, 10_000);
    await stage.settle();
    points.push({ size, seconds: await secondsOf(() => postStream(stage, size)) });
    peaks.push(stage.peakMemory('api'));
    say(`growth ${size}: ${points.at(-1)?.seconds.toFixed(2)} s, ${peaks.at(-1)} MB`);
  }
  const exponent = growthExponent(points);
  const flat = Math.max(...peaks) / Math.min(...peaks);
  return {
    what: `growth: stream accept of ${sizes.map((n) => n.toLocaleString('en')).join(', ')}`,
    floor: 'linear',
    gateway: points.map(({ seconds }) => `${seconds.toFixed(2)} s`).join(', '),
    ratio: `exponent ${exponent.toFixed(2)}; memory ${peaks.join(', ')} MB`,
    target: 'exponent ≤ 1.05, memory flat',
    met: exponent <= 1.05 && flat <= 1.2,
  };
}

const sides = (count: number, { floor, gateway }: Seconds): { readonly floor: string; readonly gateway: string } => ({
  floor: `COPY ${perSecond(count, floor)}`,
  gateway: `${perSecond(count, gateway)} (${gateway.toFixed(2)} s)`,
});

const bulkRow = (count: number, seconds: Seconds, peak: number): Row =>
  ratioRow(
    {
      ...sides(count, seconds),
      what: `bulk accept: one JSON POST, ${count.toLocaleString('en')} personalised recipients`,
      note: `peak memory of the api ${peak} MB`,
    },
    seconds.floor / seconds.gateway,
    0.5,
  );

const memoryRow = (stream: number, bulk: number): Row => ({
  what: 'memory of the api: stream beside bulk',
  floor: `bulk ${bulk} MB`,
  gateway: `stream ${stream} MB`,
  ratio: `${(stream / bulk).toFixed(2)} ×`,
  target: '≤ 1.2 ×, ≤ 400 MB',
  met: stream <= 1.2 * bulk && stream <= 400,
});
