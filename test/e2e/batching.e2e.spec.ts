import { expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  onEachQueue,
  onOneQueue,
  useSharedGateway,
  type BatchView,
  type RecipientView,
} from '@gateway/testing';

const ranges = (batches: readonly BatchView[]) => batches.map((b) => [b.positionFrom, b.positionTo, b.recipientCount]);

onEachQueue('batching', (queue) => {
  const actors = useSharedGateway(queue);

  it('cuts 2,500 recipients into three contiguous requests for NHN', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const message = aMessage().from(from).through('nhn').toMany(2500);
    const { id, batchCount } = await gateway.send(message);
    expect(batchCount).toBe(3);
    const final = await gateway.waitUntil(id, ({ counts }) => counts.delivered === 2500);
    expect(final.status).toBe('completed');
    const planned = [
      [0, 999, 1000],
      [1000, 1999, 1000],
      [2000, 2499, 500],
    ];
    const batches = await gateway.batches(id);
    expect(ranges(batches)).toEqual(planned);
    const requests = new Map((await simulator.requests(from)).map((request) => [request.requestId, request]));
    expect(requests.size).toBe(3);
    const mails = await simulator.mails(from);
    for (const { positionFrom, positionTo, providerRequestId, status } of batches) {
      expect(status).toBe('settled');
      const got = mails.filter(({ requestId }) => requestId === providerRequestId).map(({ address }) => address);
      const wanted = Array.from(
        { length: positionTo - positionFrom + 1 },
        (_, n) => `r.${positionFrom + n}@example.com`,
      );
      expect(got).toEqual(wanted);
    }
    expect((await simulator.summary(from)).repeatedAddresses.count).toBe(0);
    const again = await gateway.post<{ batches: unknown[] }>('/v1/messages/preview', message.build());
    expect(again.body.batches).toEqual(
      planned.map(([positionFrom, positionTo, recipientCount]) => ({ positionFrom, positionTo, recipientCount })),
    );
  });

  it('makes one request of 5,000 recipients for NCP', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const { counts } = await gateway.deliver(aMessage().from(from).through('ncp').toMany(5000));
    expect(counts.delivered).toBe(5000);
    expect(await simulator.summary(from)).toMatchObject({
      requests: 1,
      ncp: { recipients: 5000 },
      repeatedAddresses: { count: 0 },
    });
  });

  onOneQueue(queue, () => {
    it('takes 100,000 recipients, and not one more', async () => {
      const { gateway } = actors;
      const full = aMessage().dueIn(3_600_000).through('ncp').toMany(100_000);
      const tooMany = await gateway.post('/v1/messages', full.toMany(100_001).build());
      expect([tooMany.status, tooMany.body.code]).toEqual([422, 'validation_failed']);
      expect(tooMany.body.errors).toEqual([expect.objectContaining({ pointer: '/recipients', code: 'too_many' })]);
      const { id, recipientCount } = await gateway.send(full);
      expect(recipientCount).toBe(100_000);
      expect(ranges(await gateway.batches(id))).toEqual([[0, 99_999, 100_000]]);
      const last = await gateway.all<RecipientView>(`/v1/messages/${id}/recipients`, {
        address: 'r.99999@example.com',
      });
      expect(last).toEqual([expect.objectContaining({ position: 99_999, status: 'scheduled' })]);
      expect((await gateway.post(`/v1/messages/${id}/cancel`)).body).toEqual({ cancelled: 100_000, tooLate: 0 });
    });

    it('never splits shared mail on its own', async () => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const people = Array.from({ length: 31 }, (_, n) => `r.${n}@example.com`);
      const shared = aMessage()
        .from(from)
        .shared()
        .to(...people);
      const refused = await gateway.post('/v1/messages', shared.through('ncp').build());
      expect([refused.status, refused.body.code]).toEqual([422, 'unsupported_by_provider']);
      expect(refused.body.detail).toContain('30');
      expect((await simulator.summary(from)).requests).toBe(0);

      const wide = await gateway.send(shared);
      expect(wide).toMatchObject({ batchCount: 1, routing: { provider: 'nhn' } });
      await gateway.waitUntilFinal(wide.id);
      expect(await simulator.requests(from)).toEqual([
        expect.objectContaining({ provider: 'nhn', recipientCount: 31, mailCount: 1 }),
      ]);
    });

    it('splits shared mail when it is allowed to', async () => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const people = Array.from({ length: 31 }, (_, n) => `r.${n}@example.com`);
      const message = aMessage()
        .from(from)
        .shared()
        .to(...people)
        .through('ncp')
        .with({ allowSplit: true });
      const { id } = await gateway.deliver(message);
      expect(ranges(await gateway.batches(id))).toEqual([
        [0, 29, 30],
        [30, 30, 1],
      ]);
      expect((await simulator.requests(from)).map(({ recipientCount }) => recipientCount).sort()).toEqual([1, 30]);
    });

    it('keeps the visible and the hidden readers of shared mail', async () => {
      const { gateway, simulator } = actors;
      for (const provider of ['ncp', 'nhn']) {
        const from = aSender();
        const message = aMessage().from(from).shared().through(provider).to('a@example.com');
        const { id } = await gateway.deliver(message.with({ cc: 'b@example.com', bcc: ['c@example.com'] }));
        expect((await gateway.recipients(id)).map(({ address, type }) => `${type} ${address}`)).toEqual([
          'to a@example.com',
          'cc b@example.com',
          'bcc c@example.com',
        ]);
        const types = (await simulator.mails(from)).map(({ type }) => type);
        expect(types).toEqual(provider === 'ncp' ? ['R', 'C', 'B'] : ['MRT0', 'MRT1', 'MRT2']);
      }
    });
  });
});
