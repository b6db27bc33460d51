import { expect, it } from '@jest/globals';
import { aMessage, aSender, onEachQueue, useSharedGateway } from '@gateway/testing';
import { Client } from 'pg';

onEachQueue('a batch that always fails', (queue) => {
  const actors = useSharedGateway(queue);

  /** Breaks the row of a message, or of its batch, in the database; no caller can do that. */
  async function damage(sql: string, id: string): Promise<void> {
    const client = new Client({ connectionString: actors.address.databaseUrl });
    await client.connect();
    try {
      const uuid = `(SELECT id FROM message WHERE metadata ->> 'story' = $1)`;
      expect((await client.query(sql.replace('THIS', uuid), [id])).rowCount).toBe(1);
    } finally {
      await client.end();
    }
  }

  it('ends as failed with its history, does not hold up the others, and can be sent again', async () => {
    const { gateway, simulator } = actors;
    const [from, story] = [aSender(), aSender()];
    const waiting = aMessage().from(from).through('nhn').toMany(3).with({ metadata: { story } }).dueIn(1500);
    const { id } = await gateway.send(waiting);
    await damage(`UPDATE message SET html = '{{' WHERE id = THIS`, story);
    const others = await Promise.all(
      [1, 2, 3].map(() => gateway.send(aMessage().from(from).through('nhn').dueIn(1600))),
    );
    for (const other of others) expect((await gateway.waitUntilFinal(other.id)).status).toBe('completed');

    const message = await gateway.waitUntilFinal(id);
    expect(message).toMatchObject({ status: 'failed', counts: { failed: 3 } });
    const [batch] = await gateway.batches(id);
    expect(batch).toMatchObject({ status: 'failed', reason: 'unknown', attempts: [] });
    const events = await gateway.events(id);
    const tries = events.filter(({ type, data }) => type === 'batch.deferred' && data['reason'] === 'unknown');
    expect(tries).toHaveLength(9);
    expect(events.find(({ type }) => type === 'batch.refused')?.data).toMatchObject({
      message: expect.stringContaining('could not make it ready'),
    });
    const redrive = await gateway.call('POST', `/v1/messages/${id}/redrive`, { body: { dryRun: true } });
    expect([redrive.status, redrive.body]).toMatchObject([200, { recipientCount: 3 }]);
    expect((await simulator.summary(from)).recipients).toBe(3);
  });

  it('ends as failed, too, when it kills its workers', async () => {
    const { gateway, simulator } = actors;
    const [from, story] = [aSender(), aSender()];
    const { id } = await gateway.send(aMessage().from(from).with({ metadata: { story } }).dueIn(3_600_000));
    await damage(
      `UPDATE batch SET status = 'dispatching', attempt_count = 1, lease_until = now() - interval '1 s', loss_count = 9
       WHERE message_id = THIS`,
      story,
    );
    expect((await gateway.waitUntilFinal(id)).status).toBe('failed');
    const events = await gateway.events(id);
    expect(events.find(({ type }) => type === 'batch.refused')?.data).toMatchObject({
      message: 'its worker was lost 10 times before it could post',
    });
    expect((await simulator.summary(from)).requests).toBe(0);
  });
});
