import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findFreePort } from '@gateway/platform';
import { actorsAt, aMessage, eventually, freshDatabase, TestGateway, type Actors } from '@gateway/testing';

describe('a worker with a port of its own', () => {
  let running: TestGateway;
  let actors: Actors;
  let url: string;

  beforeAll(async () => {
    const port = await findFreePort();
    url = `http://127.0.0.1:${port}`;
    running = await TestGateway.start({ databaseUrl: await freshDatabase(), env: { WORKER_PORT: String(port) } });
    actors = actorsAt(running.address);
    await eventually(async () => expect((await fetch(`${url}/health/live`)).status).toBe(200));
  }, 120_000);
  afterAll(() => running.stop());

  const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();

  it('is ready: database, queue and sweeps', async () => {
    const answer = await fetch(`${url}/health/ready`);
    const { checks } = (await answer.json()) as { checks: object };
    expect([answer.status, Object.keys(checks)]).toEqual([200, ['database', 'queue', 'sweeps']]);
  });

  it('counts posts by outcome, refusals by reason, and measures calls', async () => {
    const { gateway, simulator } = actors;
    await gateway.deliver(aMessage().through('ncp').toMany(3));
    const from = 'refused@shop.example.com';
    await simulator.trouble({ provider: 'ncp', operation: 'send', kind: 'throttle_429', times: 1, sender: from });
    await gateway.deliver(aMessage().through('ncp').from(from));
    await eventually(async () => {
      const text = await metrics();
      expect(text).toMatch(
        /^gateway_attempts_total\{provider="ncp",category="transactional",outcome="accepted".*\} 2$/m,
      );
      expect(text).toMatch(
        /^gateway_attempts_total\{provider="ncp",category="transactional",outcome="refused".*\} 1$/m,
      );
      expect(text).toMatch(/^gateway_refusals_total\{provider="ncp",reason="throttled".*\} 1$/m);
      expect(text).toMatch(/^gateway_provider_call_seconds_count\{.*call="send",outcome="accepted".*\} 2$/m);
      expect(text).toMatch(/^gateway_provider_call_seconds_count\{.*call="poll",outcome="answered".*\} [1-9]/m);
      expect(text).toMatch(/^gateway_sweep_ended_timestamp_seconds\{sweep="lost".*\} 1\d{9}/m);
      expect(text.replaceAll(/^#.*$/gm, '')).not.toMatch(/@|msg_|bat_|[0-9a-f]{8}-[0-9a-f]{4}/);
    });
  });
});
