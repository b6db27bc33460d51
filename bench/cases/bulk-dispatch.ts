import { perSecond, ratioRow, type Case, type Row } from '../case.js';
import { callApi, postStream, sinkStats, spanOf, tellSink, untilTaken, SINK_KINDS, type SinkKind } from '../client.js';
import { sendPlainly } from '../floors/bulk.js';
import { median, secondsOf, until } from '../measure.js';
import { ndjsonMessage } from '../recipients.js';
import { Stage } from '../stage.js';

const POLLED_AT_ONCE = 2000;

/** A campaign through each provider: the rates of sending, and of tracking its recipients. */
export const bulkDispatch: Case = {
  name: 'dispatch-bulk',
  async run(effort) {
    const count = effort.quick ? 100_000 : 1_000_000;
    const kinds = SINK_KINDS;
    const runs = new Map<SinkKind, Measured[]>(kinds.map((kind) => [kind, []]));
    for (let run = 0; run < effort.runs; run += 1) {
      for (const provider of kinds) {
        const measured = await Stage.during({}, (stage) => campaign(stage, provider, count));
        runs.get(provider)?.push(measured);
        effort.say(`${provider}: ${told(measured)}`);
      }
    }
    return kinds.flatMap((provider) => rowsOf(provider, count, runs.get(provider) ?? []));
  },
};

interface Measured {
  readonly post: number;
  readonly dispatch: number;
  readonly update: number;
  readonly track: number;
  readonly memory: number;
}

const told = ({ post, dispatch, update, track, memory }: Measured): string =>
  `posts ${post.toFixed(1)} s, dispatch ${dispatch.toFixed(1)} s, updates ${update.toFixed(1)} s, ` +
  `tracking ${track.toFixed(1)} s, worker ${memory} MB`;

async function campaign(stage: Stage, provider: SinkKind, count: number): Promise<Measured> {
  await stage.start('sink', { SINK_HOLD: 'true' });
  await stage.start('api');
  const id = await postStream(stage, ndjsonMessage(count, { provider }));
  await stage.settle();
  await stage.start('worker');
  await untilTaken(stage, count);
  const taken = (await sinkStats(stage))[provider];
  await until(async () => (await counts(stage, id))['dispatching'] === undefined, 60_000);
  await tellSink(stage, 'release');
  // Measures tracking itself, without the pauses between polls.
  await stage.db.query('UPDATE batch SET next_poll_at = now()');
  await until(async () => (await counts(stage, id))['delivered'] === count, 600_000, 200);
  const track = await trackingSeconds(stage);
  const memory = stage.peakMemory('worker');
  await stage.end('worker');
  await stage.end('api');
  await stage.settle();
  return {
    dispatch: spanOf(taken),
    post: await sendPlainly(stage, taken),
    track,
    memory,
    update: await updateSeconds(stage, count),
  };
}

async function counts(stage: Stage, id: string): Promise<Record<string, number | undefined>> {
  const message = await callApi<{ counts: Record<string, number> }>(stage, 'GET', `/v1/messages/${id}`);
  return Object.fromEntries(Object.entries(message.counts).filter(([, n]) => n > 0));
}

/** From the first transaction that wrote a report to the last. */
async function trackingSeconds(stage: Stage): Promise<number> {
  const { rows } = await stage.db.query<{ seconds: number }>(
    'SELECT extract(epoch FROM max(updated_at) - min(updated_at))::float AS seconds FROM recipient',
  );
  return rows[0]?.seconds ?? Number.NaN;
}

/** The same rows written by `UPDATE … FROM unnest` in the same sizes, in a table without triggers. */
async function updateSeconds(stage: Stage, count: number): Promise<number> {
  await stage.db.query('CREATE TABLE bench.recipient (LIKE recipient INCLUDING ALL) WITH (fillfactor = 90)');
  await stage.db.query(
    `INSERT INTO bench.recipient SELECT (r).* FROM (
       SELECT jsonb_populate_record(r, '{"status": null, "updated_at": null, "delivered_at": null}') AS r FROM recipient r
     ) AS t`,
  );
  await stage.settle();
  const { rows } = await stage.db.query<{ id: string }>('SELECT message_id AS id FROM bench.recipient LIMIT 1');
  const client = await stage.db.connect();
  const seconds = await secondsOf(async () => {
    for (let from = 0; from < count; from += POLLED_AT_ONCE) {
      const positions = Array.from({ length: Math.min(POLLED_AT_ONCE, count - from) }, (_, i) => from + i);
      await client.query({
        name: 'floor',
        text: `UPDATE bench.recipient r
               SET status = t.status, mail_id = t.mail_id, delivered_at = t.at, updated_at = now()
               FROM unnest($2::int[], $3::recipient_status[], $4::text[], $5::timestamptz[])
                 AS t (position, status, mail_id, at)
               WHERE r.message_id = $1 AND r.position = t.position`,
        values: [
          rows[0]?.id,
          positions,
          positions.map(() => 'delivered'),
          positions.map((n) => `mail-${n}`),
          positions.map(() => new Date()),
        ],
      });
    }
  });
  client.release();
  return seconds;
}

function rowsOf(provider: string, count: number, runs: readonly Measured[]): readonly Row[] {
  const side = (key: keyof Measured): number => median(runs.map((run) => run[key]));
  const [post, dispatch, update, track] = [side('post'), side('dispatch'), side('update'), side('track')];
  const n = `${count.toLocaleString('en')} recipients through ${provider.toUpperCase()}`;
  return [
    ratioRow(
      {
        what: `bulk dispatch: ${n}`,
        floor: `read by a cursor, written and posted: ${perSecond(count, post)}`,
        gateway: perSecond(count, dispatch),
        note: `peak memory of the worker ${side('memory')} MB`,
      },
      post / dispatch,
      0.6,
    ),
    ratioRow(
      {
        what: `tracking: ${n} polled to final`,
        floor: `UPDATE FROM unnest ${perSecond(count, update)}`,
        gateway: perSecond(count, track),
      },
      update / track,
      0.4,
    ),
  ];
}
