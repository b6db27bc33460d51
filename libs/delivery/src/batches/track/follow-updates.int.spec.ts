import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { Database, DatabaseModule } from '@gateway/database';
import {
  createContext,
  createHttpClient,
  loadConfig,
  PlatformModule,
  silentLogger,
  systemClock,
  type HttpClient,
} from '@gateway/platform';
import { readAccounts } from '@gateway/providers';
import { QueueModule } from '@gateway/queue';
import { freshDatabase, GivenRows, SimulatorVendor } from '@gateway/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../../../../apps/simulator/src/config.js';
import { buildServer } from '../../../../../apps/simulator/src/server.js';
import { nhnKeys } from '../../../../../apps/simulator/src/vendors/nhn/keys.js';
import { ProvidersModule } from '../../shared/providers.module.js';
import { SharedModule } from '../../shared/shared.module.js';
import { BatchesModule } from '../batches.module.js';
import { DispatchBatchesService } from '../dispatch/dispatch-batches.service.js';
import { DueWork } from '../recover/due-work.js';
import { FollowUpdatesService } from './follow-updates.service.js';
import { TrackBatchesService } from './track-batches.service.js';

const MAILS = 200;
const POLL_INTERVAL_MS = 150;
const LANE = { provider: 'nhn', category: 'transactional' } as const;

/** The delivery side as the worker composes it, with an account of one version of the vendor's API. */
describe.each(['v1.5', 'v2.1'] as const)('many small requests through API %s', (version) => {
  const vendor = new SimulatorVendor('nhn', async () => {
    const { app } = await buildServer(readConfig({}));
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    return { origin, stop: () => app.close() };
  });
  let context: INestApplicationContext;
  let database: Database;
  /** Questions to the vendor, by the call's name. */
  const asked = new Map<string, number>();

  /** The vendor has answered each question with this. */
  const countingHttp = (options: Parameters<typeof createHttpClient>[0]): HttpClient => {
    const client = createHttpClient(options);
    const request: HttpClient['request'] = (call) => {
      const name = /appKeys\/[^/]+\/([^?]+)/.exec(call.path)?.[1] ?? '';
      if (call.method === 'GET') asked.set(name, (asked.get(name) ?? 0) + 1);
      return client.request(call);
    };
    return { ...client, request, close: () => client.close() };
  };

  beforeAll(async () => {
    await vendor.start();
    const { appKey, secretKey } = nhnKeys;
    const env = {
      NHN_BASE_URL: vendor.origin,
      NHN_APP_KEY: appKey,
      ...(version === 'v2.1' && { NHN_SECRET_KEY: secretKey }),
      NHN_API_VERSION: version,
    };
    const providers = readAccounts(env).map((account) =>
      account.create({ http: countingHttp, clock: systemClock, timeoutMs: 2000 }),
    );
    const config = loadConfig({ POLL_INTERVAL_MS: String(POLL_INTERVAL_MS), BOUNCE_SUPPRESSION_DAYS: '0' });
    const url = await freshDatabase();
    context = await createContext([
      PlatformModule.forRoot({ name: 'test', config, log: silentLogger() }),
      DatabaseModule.forRoot({ url, connections: 8, applicationName: 'test' }),
      QueueModule.forRoot({ databaseUrl: url, connections: 4, after: Database }),
      ProvidersModule.forRoot(() => ({ providers, close: async () => undefined })),
      SharedModule,
      BatchesModule,
    ]);
    database = context.get(Database, { strict: false });
  });
  beforeEach(async () => {
    await vendor.reset();
    asked.clear();
    await database.pool.query('TRUNCATE message, batch, attempt, recipient, event');
    await database.pool.query(
      'UPDATE provider_updates SET cursor = NULL, next_at = now(), read_at = NULL, lease_until = NULL',
    );
  });
  afterAll(async () => {
    await context.close();
    await vendor.stop();
  });

  const get = <T>(part: Type<T>): T => context.get(part, { strict: false });
  const updates = (): FollowUpdatesService => get(FollowUpdatesService);

  /** Messages to one recipient each, and their addresses. */
  async function sent(addresses: readonly string[]): Promise<void> {
    const rows = new GivenRows(database);
    const ids: string[] = [];
    for (const address of addresses) {
      const { messageId, batchIds } = await rows.message({ provider: 'nhn' });
      await database.pool.query('UPDATE recipient SET address = $2 WHERE message_id = $1', [messageId, address]);
      ids.push(...batchIds);
    }
    await get(DispatchBatchesService).execute(LANE, ids);
  }

  const statuses = async (): Promise<Readonly<Record<string, number>>> => {
    const { rows } = await database.pool.query<{ status: string; n: number }>(
      `SELECT coalesce(r.status::text, b.status::text) AS status, count(*)::int AS n
       FROM recipient r JOIN batch b ON b.message_id = r.message_id GROUP BY 1`,
    );
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  };

  /** Works as a worker does, until so many recipients are where they belong. */
  async function follow(wanted: Readonly<Record<string, number>>): Promise<void> {
    const total = Object.values(wanted).reduce((sum, n) => sum + n, 0);
    for (let round = 0; round < 100; round += 1) {
      for (const account of updates().accounts) await updates().sweep(account);
      await get(TrackBatchesService).execute(await get(DueWork).track('nhn', 1000));
      const now = await statuses();
      const ended = Object.entries(now).reduce((sum, [status, n]) => (status in wanted ? sum + n : sum), 0);
      if (ended >= total) break;
      await sleep(50);
    }
    expect(await statuses()).toEqual(wanted);
  }

  const calls = (): number => [...asked.values()].reduce((sum, n) => sum + n, 0);

  it('costs a few calls where there is a list of all updates, else at least one for each', async () => {
    await sent(
      Array.from({ length: MAILS }, (_, n) => (n % 20 === 0 ? `bounce+unknown_user.${n}@x.kr` : `r.${n}@x.kr`)),
    );
    await follow({ delivered: MAILS - 10, [version === 'v1.5' ? 'failed' : 'bounced']: 10 });
    if (version === 'v1.5') expect(calls()).toBeGreaterThanOrEqual(MAILS);
    else expect(calls()).toBeLessThanOrEqual(20);
  });

  it('finds what the list leaves out, by polls of the requests', async () => {
    await fetch(`${vendor.origin}/control/settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      // As if the vendor's times were not those of Korea: every window is empty.
      body: JSON.stringify({ nhn: { utcOffsetMinutes: 0 } }),
    });
    await sent(['a@x.kr', 'b@x.kr']);
    await follow({ delivered: 2 });
    expect(asked.get('sender/mails')).toBeGreaterThanOrEqual(2);
  });

  it('follows a request to several recipients by a poll as soon as it has news', async () => {
    const { messageId, batchIds } = await new GivenRows(database).message({ provider: 'nhn', batches: [3] });
    await get(DispatchBatchesService).execute(LANE, batchIds);
    await follow({ delivered: 3 });
    const { rows } = await database.pool.query('SELECT counts FROM message WHERE id = $1', [messageId]);
    expect(rows).toEqual([{ counts: expect.objectContaining({ delivered: 3 }) }]);
  });

  if (version === 'v1.5') return;

  it('reads the list with one worker at a time, and applies nothing twice', async () => {
    await sent(['a@x.kr']);
    await sleep(200);
    await Promise.all([1, 2, 3, 4].map(() => updates().sweep('nhn')));
    expect([await statuses(), asked.get('sender/update-mails')]).toEqual([{ delivered: 1 }, 1]);
    await sleep(2 * POLL_INTERVAL_MS);
    await updates().sweep('nhn');
    expect(asked.get('sender/update-mails')).toBe(2);
    const { rows } = await database.pool.query(`SELECT count(*)::int AS n FROM event WHERE type LIKE 'recipient%'`);
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('goes on after a vendor that did not answer, from where it was', async () => {
    await sent(['a@x.kr']);
    await sleep(200);
    await fetch(`${vendor.origin}/control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'html', status: 200, provider: 'nhn', operation: 'updates', times: 1 }),
    });
    await updates().sweep('nhn');
    expect(await statuses()).toEqual({ submitted: 1 });
    await database.pool.query('UPDATE provider_updates SET next_at = now()');
    await updates().sweep('nhn');
    expect(await statuses()).toEqual({ delivered: 1 });
  });
});
