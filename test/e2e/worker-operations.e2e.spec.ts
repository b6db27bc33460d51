import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actorsAt, aMessage, eventually, freshDatabase, reservePort, TestGateway, type Actors } from '@gateway/testing';

describe('a worker with a port of its own', () => {
  let running: TestGateway;
  let actors: Actors;
  let url: string;

  beforeAll(async () => {
    const port = await reservePort();
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
    // The example of the documentation is sent through ncp, at any time after the start.
    const before = await metrics();
    await gateway.deliver(aMessage().through('nhn').toMany(3));
    const from = 'refused@shop.example.com';
    await simulator.trouble({ provider: 'nhn', operation: 'send', kind: 'throttle_429', times: 1, sender: from });
    await gateway.deliver(aMessage().through('nhn').from(from));
    await eventually(async () => {
      const text = await metrics();
      const grown = (start: string): number => valueOf(text, start) - valueOf(before, start);
      const lane = 'provider="nhn",category="transactional"';
      expect(grown(`gateway_attempts_total{${lane},outcome="accepted"`)).toBe(2);
      expect(grown(`gateway_attempts_total{${lane},outcome="refused"`)).toBe(1);
      expect(grown('gateway_refusals_total{provider="nhn",reason="throttled"')).toBe(1);
      const calls = 'gateway_provider_call_seconds_count{process="worker",provider="nhn"';
      expect(grown(`${calls},call="send",outcome="accepted"`)).toBe(2);
      expect(grown(`${calls},call="poll",outcome="answered"`)).toBeGreaterThanOrEqual(2);
      expect(valueOf(text, 'gateway_sweep_ended_timestamp_seconds{sweep="lost"')).toBeGreaterThan(1.7e9);
      expect(text.replaceAll(/^#.*$/gm, '')).not.toMatch(/@|msg_|bat_|[0-9a-f]{8}-[0-9a-f]{4}/);
    });
  });
});

/** The value of the first sample that begins like this; 0 when there is none. */
function valueOf(text: string, start: string): number {
  const line = text.split('\n').find((each) => each.startsWith(start));
  return Number(line?.split(' ').at(-1) ?? 0);
}
