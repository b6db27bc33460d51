import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { aMessage, eventually, unique, useOwnGateway } from '@gateway/testing';

const [OLD, NEW] = [randomBytes(32).toString('base64'), randomBytes(32).toString('hex')];

describe('ERASURE_KEY', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { ERASURE_KEY: OLD } });

  const optOutAndErase = async (): Promise<string> => {
    const { gateway } = actors;
    const address = `${unique('out-')}@example.com`;
    await gateway.post('/v1/suppressions', { addresses: [address], scope: 'all' });
    const { body } = await gateway.post<{ id: string }>('/v1/erasures', { addresses: [address] });
    await eventually(async () =>
      expect(await gateway.get(`/v1/erasures/${body.id}`)).toMatchObject({ status: 'completed' }),
    );
    return address;
  };
  const both = async (key: string): Promise<void> => {
    const { running } = actors;
    await Promise.all([running.end('api'), running.end('worker')]);
    await Promise.all((['api', 'worker'] as const).map((part) => running.start(part, { ERASURE_KEY: key })));
  };
  const suppressedOf = async (...addresses: readonly string[]): Promise<number> =>
    (await actors.gateway.deliver(aMessage().to(...addresses, 'kim@example.com'))).counts['suppressed'] ?? 0;

  it('keeps mail back, and says so, in a process that runs without a key that is needed', async () => {
    const { gateway, running } = actors;
    const address = `${unique('out-')}@example.com`;
    const { id } = await gateway.send(aMessage().with({ hold: true }).to(address, 'kim@example.com'));
    await gateway.post('/v1/suppressions', { addresses: [address], scope: 'all' });
    // Another worker has the new key already, and erases; this one was not told.
    process.kill(running.pidOf('worker'), 'SIGSTOP');
    await running.start('other-worker', { ERASURE_KEY: `${NEW},${OLD}` });
    const { body } = await gateway.post<{ id: string }>('/v1/erasures', { addresses: [address] });
    await eventually(async () => expect(await gateway.get(`/v1/erasures/${body.id}`)).toMatchObject({ pending: 1 }));
    await running.end('other-worker');
    process.kill(running.pidOf('worker'), 'SIGCONT');
    const refused = await gateway.post('/v1/messages', aMessage().to(address).build());
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      503,
      'overloaded',
      expect.stringContaining('ERASURE_KEY'),
    ]);
    expect((await gateway.call('POST', `/v1/messages/${id}/release`)).status).toBeLessThan(300);
    await sleep(3000);
    expect((await gateway.message(id)).counts).toMatchObject({ delivered: 0, submitted: 0, sending: 0 });
    await both(`${NEW},${OLD}`);
    expect((await gateway.waitUntilFinal(id)).counts).toMatchObject({ suppressed: 1, delivered: 1 });
  });

  it('is rotated with the old key behind the new one, and no opt-out of an erased address is lost', async () => {
    const first = await optOutAndErase();
    await both(`${NEW},${OLD}`);
    const second = await optOutAndErase();
    expect(await suppressedOf(first, second)).toBe(2);
    await both(`${OLD},${NEW}`);
    expect(await suppressedOf(first, second)).toBe(2);
  });

  it('refuses a start without a key that is needed, and names it', async () => {
    const { running, address } = actors;
    await running.end('worker');
    const worker = await running.start('worker', { ERASURE_KEY: randomBytes(32).toString('hex') });
    await eventually(async () => expect(worker.running).toBe(false));
    expect(await worker.end('SIGKILL')).toBe('1');
    expect(readFileSync(join(address.logs, 'worker.log'), 'utf8')).toMatch(/^ERASURE_KEY lacks a key: .*[0-9a-f]{8}/m);
    await running.start('worker', { ERASURE_KEY: `${NEW},${OLD}` });
  });
});
