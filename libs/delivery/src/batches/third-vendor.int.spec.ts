import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { Database, DatabaseModule } from '@gateway/database';
import {
  createContext,
  createHttpClient,
  loadConfig,
  PlatformModule,
  silentLogger,
  systemClock,
} from '@gateway/platform';
import { QueueModule } from '@gateway/queue';
import { acme, freshDatabase, GivenRows, SimulatorVendor } from '@gateway/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { acmeSimulator } from '../../../../apps/simulator/src/testing/acme/acme.fixture.js';
import { acmeKeys } from '../../../../apps/simulator/src/testing/acme/keys.js';
import { ProvidersModule } from '../shared/providers.module.js';
import { SharedModule } from '../shared/shared.module.js';
import { BatchesModule } from './batches.module.js';
import { DispatchBatchesService } from './dispatch/dispatch-batches.service.js';
import { ReconcileBatchesService } from './reconcile/reconcile-batches.service.js';
import { ApplyPushService } from './track/apply-push.service.js';

/** The delivery side as the worker composes it, with an account that is unlike the two that there are. */
describe('an account that repeats and pushes', () => {
  const vendor = new SimulatorVendor('acme', acmeSimulator);
  let context: INestApplicationContext;
  let database: Database;

  beforeAll(async () => {
    await vendor.start();
    const env = { ACME_BASE_URL: vendor.origin, ACME_TOKEN: acmeKeys.token, ACME_PUSH_SECRET: acmeKeys.pushSecret };
    const provider = acme.readAccount(env)?.create({ http: createHttpClient, clock: systemClock, timeoutMs: 2000 });
    if (provider === undefined) throw new Error('no account');
    const config = loadConfig({ PROVIDER_TIMEOUT_MS: '2000', RETRY_BASE_MS: '10', BOUNCE_SUPPRESSION_DAYS: '0' });
    const url = await freshDatabase();
    const onePart = { databaseUrl: url, connections: 4, after: Database };
    context = await createContext([
      PlatformModule.forRoot({ name: 'test', config, log: silentLogger() }),
      DatabaseModule.forRoot({ url, connections: 8, applicationName: 'test' }),
      QueueModule.forRoot(onePart),
      ProvidersModule.forRoot(() => ({ providers: [provider], close: async () => undefined })),
      SharedModule,
      BatchesModule,
    ]);
    database = context.get(Database, { strict: false });
  });
  beforeEach(async () => {
    await vendor.reset();
    await database.pool.query('TRUNCATE message, batch, attempt, recipient, event');
  });
  afterAll(async () => {
    await context.close();
    await vendor.stop();
  });

  const query = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await database.pool.query<T>(text, values)).rows;

  async function given(...addresses: readonly string[]): Promise<string> {
    const { batchIds } = await new GivenRows(database).message({ batches: [addresses.length], provider: 'acme' });
    await query('UPDATE recipient SET address = ($1::text[])[position + 1]', [addresses]);
    return batchIds[0] ?? '';
  }

  const dispatch = (ids: readonly string[]) =>
    context
      .get(DispatchBatchesService, { strict: false })
      .execute({ provider: 'acme', category: 'transactional' }, ids);

  /** Everything that the vendor has to report by now. */
  async function takePushes(): Promise<void> {
    const service = context.get(ApplyPushService, { strict: false });
    for (const { headers, body } of await vendor.pushes()) {
      await service.execute('acme', { headers, body: Buffer.from(body) });
    }
  }

  const batches = () =>
    query<{ id: string; status: string }>(
      'SELECT id, status::text FROM batch ORDER BY parent_id NULLS FIRST, position_from',
    );
  const recipients = async (): Promise<readonly string[]> =>
    (
      await query<{ status: string }>('SELECT coalesce(status::text, $1) AS status FROM recipient ORDER BY position', [
        '-',
      ])
    ).map(({ status }) => status);
  const message = async () => (await query<{ status: string }>('SELECT status::text FROM message'))[0]?.status;
  const mailed = async () => (await vendor.mails()).map(({ address }) => address).sort();

  it('is sent to, and followed to the end by pushes', async () => {
    await dispatch([await given('kim@example.com', 'bounce+unknown_user@example.com', 'invalid@example.com')]);
    expect([(await batches()).map(({ status }) => status), await recipients()]).toEqual([
      ['submitted'],
      ['-', '-', 'rejected'],
    ]);
    await sleep(700);
    await takePushes();
    expect([await recipients(), await message()]).toEqual([['delivered', 'bounced', 'rejected'], 'partially_failed']);
    const ids = await query<{ id: string }>('SELECT mail_id AS id FROM recipient WHERE mail_id IS NOT NULL');
    expect(ids).toHaveLength(2);
  });

  it('settles a doubt by the same request, and no one is mailed twice', async () => {
    const batchId = await given('kim@example.com', 'lee@example.com');
    await vendor.trouble({ kind: 'accept_then_drop', operation: 'send' });
    await dispatch([batchId]);
    expect((await batches()).map(({ status }) => status)).toEqual(['unconfirmed']);
    await vendor.untrouble();
    await query('UPDATE batch SET next_attempt_at = now()');
    await query('UPDATE provider_account SET failures = 0, open_until = NULL');
    await context.get(ReconcileBatchesService, { strict: false }).execute([batchId]);
    expect((await batches()).map(({ status }) => status)).toEqual(['submitted']);
    expect(await mailed()).toEqual(['kim@example.com', 'lee@example.com']);
    expect(await query('SELECT outcome::text FROM attempt')).toEqual([{ outcome: 'adopted' }]);
  });

  it('settles a doubt by a push', async () => {
    const batchId = await given('kim@example.com');
    await vendor.trouble({ kind: 'accept_then_500', operation: 'send' });
    await dispatch([batchId]);
    await vendor.untrouble();
    await sleep(700);
    await takePushes();
    expect([await recipients(), await message()]).toEqual([['delivered'], 'completed']);
    expect(await mailed()).toEqual(['kim@example.com']);
  });

  it('sends to postponed recipients later, and to no one twice', async () => {
    await dispatch([await given('a@example.com', 'later.1@example.com', 'b@example.com', 'later.2@example.com')]);
    const parts = await batches();
    expect(parts.map(({ status }) => status)).toEqual(['replanned', 'submitted', 'deferred', 'submitted', 'deferred']);
    await query(`UPDATE batch SET next_attempt_at = now() WHERE status = 'deferred'`);
    await dispatch(parts.filter(({ status }) => status === 'deferred').map(({ id }) => id));
    await sleep(700);
    await takePushes();
    expect([await recipients(), await message()]).toEqual([Array(4).fill('delivered'), 'completed']);
    expect(await mailed()).toEqual(['a@example.com', 'b@example.com', 'later.1@example.com', 'later.2@example.com']);
  });
});
