import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  actorsAt,
  aMessage,
  aSender,
  eventually,
  freshDatabase,
  queueKinds,
  redisCommand,
  reservePort,
  startRedis,
  TestGateway,
  unique,
  type Actors,
  type TestRedis,
} from '@gateway/testing';
import { consultDoctor } from '../support/consult-doctor.js';

const BULK = 2500;

/** Sweeps come so rarely that they cannot be what finds the work. */
const RARE = { RECOVERY_INTERVAL_MS: '120000' };

// Without redis-server only the queue on PostgreSQL is tested.
(queueKinds().includes('redis') ? describe : describe.skip)('Redis that is away', () => {
  let folder: string;
  let port: number;
  let redis: TestRedis | undefined;
  let running: TestGateway;
  let actors: Actors;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gateway-redis-'));
    port = await reservePort();
  });
  afterEach(async () => {
    await running.stop();
    await redis?.stop();
    redis = undefined;
    rmSync(folder, { recursive: true });
  });

  const bringRedis = async (): Promise<void> => void (redis = await startRedis(folder, port));

  const startGateway = async (): Promise<void> => {
    const redisUrl = `redis://127.0.0.1:${port}`;
    running = await TestGateway.start({ databaseUrl: await freshDatabase(), redisUrl, env: RARE });
    actors = actorsAt(running.address);
  };

  const health = async (): Promise<unknown> => {
    const answer = await fetch(`${actors.address.apiUrl}/health/ready`);
    const { status, checks } = (await answer.json()) as { status: string; checks: { queue: { status: string } } };
    return [answer.status, status, checks.queue.status];
  };
  const isAway = () => eventually(async () => expect(await health()).toEqual([200, 'degraded', 'degraded']));
  const isBack = () => eventually(async () => expect(await health()).toEqual([200, 'up', 'up']));

  /** A campaign, single mails, login codes, one request in doubt: each kind of work once. */
  async function sendEverything(from: string): Promise<() => Promise<void>> {
    const { gateway, simulator } = actors;
    const fault = { kind: 'drop', accept: true, provider: 'nhn', operation: 'send', sender: from, times: 1 } as const;
    await simulator.trouble(fault);
    const doubtful = await gateway.send(aMessage().from(from).through('nhn').to('doubtful@example.com'));
    const campaign = await gateway.send(aMessage().from(from).through('nhn').marketing().toMany(BULK, unique('c')));
    const later = await gateway.send(aMessage().from(from).through('nhn').to('later@example.com').dueIn(1000));
    const mails = Array.from({ length: 50 }, (_, n) => aMessage().from(from).through('ncp').to(`r.${n}@example.com`));
    const single = await Promise.all(mails.map((mail) => gateway.send(mail)));
    const codes = await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        gateway.send(aMessage().from(from).through('nhn').authentication().to(`code.${n}@example.com`)),
      ),
    );
    return async () => {
      await gateway.waitUntil(campaign.id, ({ counts }) => counts.delivered === BULK);
      for (const { id } of [doubtful, later, ...single, ...codes]) {
        await gateway.waitUntil(id, ({ counts }) => counts.delivered === 1);
      }
      expect(await simulator.summary(from)).toMatchObject({
        recipients: BULK + 57,
        repeatedAddresses: { count: 0 },
        duplicates: { count: 0 },
      });
    };
  }

  it('delays nothing for long, and loses and repeats nothing: killed, away, and back without its jobs', async () => {
    await bringRedis();
    await startGateway();
    const { gateway } = actors;
    await isBack();
    await gateway.deliver(aMessage().from(aSender()));
    // These have jobs when Redis dies.
    const before = aSender();
    await running.end('worker', 'SIGKILL');
    const beforeArrived = await sendEverything(before);
    await redis?.stop();
    await isAway();
    await running.start('worker');
    await beforeArrived();
    const duringArrived = await sendEverything(aSender());
    await duringArrived();
    const { applicationUrl, redisUrl = '' } = running.address;
    const doctor = await consultDoctor({ DATABASE_URL: applicationUrl, REDIS_URL: redisUrl });
    expect(doctor).toEqual({
      code: 2,
      said: expect.stringMatching(/jobs without batches .*not done: the queue is away/),
    });
    expect(await (await fetch(`${actors.address.apiUrl}/metrics`)).text()).toMatch(/^gateway_queue_away\{.*\} 1$/m);
    // These are accepted while it comes back, empty.
    const returning = await sendEverything(aSender());
    await bringRedis();
    await isBack();
    await returning();
    const afterwards = await sendEverything(aSender());
    await afterwards();
    expect(await redisCommand(port, 'DBSIZE')).not.toMatch(/^:[01]\r/);
  }, 120_000);

  it('need not be there when api and worker start, and is used once it is', async () => {
    await startGateway();
    await isAway();
    const arrived = await sendEverything(aSender());
    await arrived();
    expect(await running.end('worker', 'SIGTERM')).toBe('0');
    await running.start('worker');
    const again = await sendEverything(aSender());
    await again();
    await bringRedis();
    await isBack();
    const afterwards = await sendEverything(aSender());
    await afterwards();
    await eventually(async () => expect(await redisCommand(port, 'DBSIZE')).not.toMatch(/^:[01]\r/));
    expect(await running.end('worker', 'SIGTERM')).toBe('0');
    expect(await running.end('api', 'SIGTERM')).toBe('0');
  }, 120_000);
});
