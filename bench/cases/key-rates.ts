import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Case, Row } from '../case.js';
import { callApi } from '../client.js';
import { percentile } from '../measure.js';
import { Stage } from '../stage.js';

const APIS = 10;
/** Requests per second of a key: a rate that each api has a part of, and one that is less than a request for each. */
const RATES = [200, 20, 5];
/** Times the rate that are asked for: enough that each second's rate is used up. */
const EXCESS = 2;
/** Long beside the one that is cut at each end. */
const SECONDS = 40;
const MOST_OFF = 0.05;

/** One key at ten apis at once, each asked for a tenth of twice its rate, at times of chance. */
export const keyRates: Case = {
  name: 'key-rates',
  async run({ quick, say }) {
    const seconds = quick ? SECONDS / 2 : SECONDS;
    return Stage.during({}, async (stage) => {
      await stage.start('sink');
      await stage.start('api');
      const apis = [stage.apiUrl];
      while (apis.length < APIS) apis.push(await stage.startAnotherApi());
      const pools = apis.map((url) => new Pool(url, { connections: 16 }));
      const rows: Row[] = [];
      for (const rate of RATES) {
        const key = await limitedKey(stage, rate);
        // The first second's demand is not known yet.
        await askAll(pools, key, { perSecond: EXCESS * rate, seconds: 2 });
        const before = await askedOf(stage);
        const taken = await askAll(pools, key, { perSecond: EXCESS * rate, seconds });
        const questions = ((await askedOf(stage)) - before) / taken.allowed.length;
        rows.push(rowOf(rate, seconds, taken));
        say(
          `${rate}/s: ${taken.allowed.length} of ${taken.asked} in ${seconds} s, ${questions.toFixed(2)} statements each`,
        );
      }
      await Promise.all(pools.map((pool) => pool.close()));
      return rows;
    });
  },
};

async function limitedKey(stage: Stage, requestsPerSecond: number): Promise<string> {
  const wish = { name: `${requestsPerSecond}/s`, scopes: ['messages:read'], rateLimit: { requestsPerSecond } };
  return (await callApi<{ readonly key: string }>(stage, 'POST', '/v1/api-keys', wish)).key;
}

interface Asked {
  readonly asked: number;
  /** Milliseconds until a request that was let through was answered. */
  readonly allowed: readonly number[];
}

async function askAll(
  pools: readonly Pool[],
  key: string,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Asked> {
  const allowed: number[] = [];
  const count = perSecond * seconds;
  const ask = async (i: number): Promise<void> => {
    await sleep(Math.random() * seconds * 1000);
    const begun = performance.now();
    const headers = { authorization: `Bearer ${key}` };
    const answer = await pools[i % pools.length]?.request({ method: 'GET', path: '/v1/messages?limit=1', headers });
    await answer?.body.dump();
    if (answer?.statusCode === 200) allowed.push(performance.now() - begun);
    else if (answer?.statusCode !== 429) throw new Error(`an answer of ${answer?.statusCode}`);
  };
  await Promise.all(Array.from({ length: count }, (_, i) => ask(i)));
  return { asked: count, allowed };
}

/** How often the rates were asked for, by the transactions of the database that wrote them. */
async function askedOf(stage: Stage): Promise<number> {
  await stage.asAdmin('SELECT pg_stat_force_next_flush()');
  const [row] = await stage.asAdmin<{ writes: number }>(
    `SELECT n_tup_upd::float AS writes FROM pg_stat_user_tables WHERE relname = 'key_pace'`,
  );
  return row?.writes ?? 0;
}

function rowOf(rate: number, seconds: number, { asked, allowed }: Asked): Row {
  const ratio = allowed.length / (rate * seconds);
  return {
    what: `a key of ${rate} requests/s at ${APIS} apis, asked for ${Math.round(asked / seconds)}/s`,
    floor: `${rate}/s`,
    gateway: `${(allowed.length / seconds).toFixed(1)}/s, p99 ${percentile(allowed, 0.99).toFixed(1)} ms`,
    ratio: `${ratio.toFixed(3)} ×`,
    target: `0.95 to 1.05 ×`,
    met: Math.abs(ratio - 1) <= MOST_OFF,
  };
}
