import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  aMessage,
  actorsAt,
  aSender,
  freshDatabase,
  onEachQueue,
  ownRedis,
  TestGateway,
  type Actors,
} from '@gateway/testing';

const MESSAGES = 120;

onEachQueue('a rolling restart', (queue) => {
  let first: TestGateway;
  let second: TestGateway;
  let actors: readonly [Actors, Actors];

  beforeAll(async () => {
    const redisUrl = queue === 'redis' ? await ownRedis() : undefined;
    const databaseUrl = await freshDatabase();
    const env = { PROVIDER_TIMEOUT_MS: '5000' };
    first = await TestGateway.start({ databaseUrl, redisUrl, env });
    const { simulatorUrl, apiKey: GATEWAY_API_KEY } = first.address;
    const places = { SIMULATOR_URL: simulatorUrl, NCP_BASE_URL: `${simulatorUrl}/api/v1`, NHN_BASE_URL: simulatorUrl };
    const shared = { GATEWAY_API_KEY, ...places };
    second = await TestGateway.start({ databaseUrl, redisUrl, env: { ...env, ...shared } });
    actors = [actorsAt(first.address), actorsAt(second.address)];
  }, 120_000);
  afterAll(() => Promise.all([first.stop(), second.stop()]));

  /** As a balancer does: a request that reaches no api, or gets no answer, is sent to the other one with the same key. */
  async function send(from: string, i: number): Promise<string> {
    const body = aMessage().from(from).to(`r${i}@example.com`).build();
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const { gateway } = actors[(i + attempt) % 2 === 0 ? 0 : 1];
      const headers = { 'idempotency-key': `${from}-${i}` };
      const answer = await gateway
        .call<{ id: string }>('POST', '/v1/messages', { body, headers })
        .catch(() => undefined);
      if (answer?.status === 202) return answer.body.id;
      if (answer !== undefined && ![409, 503].includes(answer.status)) throw new Error(JSON.stringify(answer.body));
      await sleep(50);
    }
    throw new Error(`message ${i} was never taken`);
  }

  it('of two apis and two workers under load loses no request and repeats no mail', async () => {
    const from = aSender();
    const campaign = await actors[0].gateway.send(aMessage().from(from).through('nhn').marketing().toMany(8000, 'c'));
    const sending = (async () => {
      const ids: string[] = [];
      for (let i = 0; i < MESSAGES; i += 4) {
        ids.push(...(await Promise.all([0, 1, 2, 3].map((n) => send(from, i + n)))));
      }
      return ids;
    })();
    for (const gateway of [first, second]) {
      for (const part of ['api', 'worker'] as const) {
        expect(await gateway.end(part, 'SIGTERM')).toBe('0');
        await gateway.start(part);
      }
    }
    const ids = await sending;
    expect(new Set(ids).size).toBe(MESSAGES);
    const [{ gateway, simulator }] = actors;
    for (const id of ids) expect((await gateway.waitUntilFinal(id)).status).toBe('completed');
    await gateway.waitUntil(campaign.id, ({ counts }) => counts.delivered === 8000);
    expect(await simulator.summary(from)).toMatchObject({
      recipients: 8000 + MESSAGES,
      repeatedAddresses: { count: 0 },
      duplicates: { count: 0 },
    });
  });
});
