import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@gateway/platform';
import type { FastifyRequest } from 'fastify';
import { KeyBrake, peerOf } from './key-brake.js';

const LIMITS = { burst: 3, intervalMs: 50, longestWaitMs: 200, maxPeers: 2, maxWaiting: 100 };
const from = (ip: string) => ({ ip }) as unknown as FastifyRequest;

function aBrake() {
  const metrics = new Metrics({ process: 'api', defaults: false });
  const brake = new KeyBrake(metrics, LIMITS);
  const refuse = async (peer: string) => {
    const started = performance.now();
    const instead = await brake.slow(from(peer), 'unknown');
    return { status: instead?.status ?? 401, ms: performance.now() - started };
  };
  return { metrics, refuse };
}

describe(KeyBrake.name, () => {
  it('answers a few refusals at once, then one per interval, and what is too much with 429', async () => {
    const { refuse, metrics } = aBrake();
    const answers = await Promise.all(Array.from({ length: 12 }, () => refuse('10.0.0.1')));
    expect(answers.slice(0, 3).every(({ ms }) => ms < 40)).toBe(true);
    expect(answers[5]?.ms).toBeGreaterThan(100);
    expect(answers.map(({ status }) => status)).toEqual([...Array(7).fill(401), ...Array(5).fill(429)]);
    expect(await metrics.text()).toMatch(/gateway_unauthorized_requests_total\{.*reason="unknown".*\} 12\n/);
  });

  it('does not let one peer pay for another', async () => {
    const { refuse } = aBrake();
    const slow = Promise.all(Array.from({ length: 6 }, () => refuse('10.0.0.1')));
    expect((await refuse('10.0.0.2')).ms).toBeLessThan(40);
    await slow;
  });

  it('remembers a bounded number of peers', async () => {
    const { refuse } = aBrake();
    await Promise.all(Array.from({ length: 3 }, () => refuse('10.0.0.1')));
    await refuse('10.0.0.2');
    await refuse('10.0.0.3');
    expect((await refuse('10.0.0.1')).ms).toBeLessThan(40);
  });
});

describe(peerOf.name, () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
  ])('takes %s for %s', (address, peer) => {
    expect(peerOf(address)).toBe(peer);
  });
});
