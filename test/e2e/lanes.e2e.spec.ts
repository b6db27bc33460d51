import { getPriority } from 'node:os';
import { expect, it } from '@jest/globals';
import { aMessage, aSender, eventually, onEachQueue, useOwnGateway } from '@gateway/testing';

onEachQueue('a worker for some lanes', (queue) => {
  const actors = useOwnGateway({ queue, env: { WORKER_LANES: 'authentication' } });

  it('sends what is its own and leaves the rest to others', async () => {
    const { gateway, simulator, running } = actors;
    const [codes, receipts] = [aSender(), aSender()];
    const receipt = await gateway.send(aMessage().from(receipts));
    const sent = await Promise.all(
      ['ncp', 'nhn'].map((provider) =>
        gateway.send(
          aMessage().from(codes).through(provider).to(`${provider}@example.com`).with({ category: 'authentication' }),
        ),
      ),
    );
    await eventually(async () => expect((await simulator.summary(codes)).recipients).toBe(2));
    for (const { id } of sent) await gateway.waitUntil(id, ({ counts }) => counts.submitted + counts.sending === 1);
    expect((await simulator.summary(receipts)).requests).toBe(0);
    expect((await gateway.message(receipt.id)).status).toBe('queued');

    await running.start('other-worker', { WORKER_LANES: 'transactional,marketing,upkeep' });
    for (const { id } of [receipt, ...sent]) expect((await gateway.waitUntilFinal(id)).status).toBe('completed');
    // The worker with login codes has the higher priority.
    const [own, others] = (['worker', 'other-worker'] as const).map((part) => getPriority(running.pidOf(part)));
    expect(others).toBeGreaterThan(own ?? 0);
    expect(await simulator.summary(codes)).toMatchObject({ recipients: 2, repeatedAddresses: { count: 0 } });
  });
});
