import { expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  onEachQueue,
  onOneQueue,
  unique,
  useSharedGateway,
  type EventView,
  type MessageView,
  type PageView,
  type ProblemView,
} from '@gateway/testing';

interface Results {
  readonly results: readonly { readonly index: number; readonly id?: string; readonly problem?: ProblemView }[];
}

onEachQueue('many messages at once', (queue) => {
  const actors = useSharedGateway(queue);

  onOneQueue(queue, () => {
    it('takes the good messages and reports the faults of the others, each at its place', async () => {
      const sender = aSender();
      const messages = [
        aMessage().from(sender).to('kim@example.com').build(),
        aMessage().from(sender).to('nobody').build(),
        aMessage().from(sender).to('lee@example.com').through('nhn').build(),
        aMessage()
          .from(sender)
          .through('ncp')
          .with({ headers: { 'X-A': '1' } })
          .build(),
        5,
      ];
      const { status, body } = await actors.gateway.post<Results>('/v1/messages/batch', { messages });
      expect(status).toBe(200);
      expect(body.results.map(({ index, id, problem }) => [index, id !== undefined, problem?.code])).toEqual([
        [0, true, undefined],
        [1, false, 'validation_failed'],
        [2, true, undefined],
        [3, false, 'unsupported_by_provider'],
        [4, false, 'validation_failed'],
      ]);
      for (const { id } of body.results) {
        if (id !== undefined) expect((await actors.gateway.waitUntilFinal(id)).status).toBe('completed');
      }
      expect((await actors.simulator.mails(sender)).map(({ address }) => address).sort()).toEqual([
        'kim@example.com',
        'lee@example.com',
      ]);
    });
  });

  it('happens once with an Idempotency-Key', async () => {
    const sender = aSender();
    const body = { messages: [aMessage().from(sender).build(), aMessage().from(sender).build()] };
    const headers = { 'idempotency-key': unique('batch-') };
    const first = await actors.gateway.post<Results>('/v1/messages/batch', body, headers);
    const again = await actors.gateway.post<Results>('/v1/messages/batch', body, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    for (const { id } of first.body.results) await actors.gateway.waitUntilFinal(id ?? '');
    expect(await actors.simulator.mails(sender)).toHaveLength(2);
  });

  it('sends once more to those that did not get it, and only to them', async () => {
    const sender = aSender();
    const addresses = ['ok@example.com', 'fail@example.com', 'bounce+mailbox_full@example.com'];
    const gone = 'bounce+unknown_user@example.com';
    const message = await actors.gateway.deliver(
      aMessage()
        .from(sender)
        .through('ncp')
        .to(...addresses, gone),
    );
    const path = `/v1/messages/${message.id}/redrive`;
    expect((await actors.gateway.post(path, { dryRun: true })).body).toEqual({ recipientCount: 2 });
    const { status, body } = await actors.gateway.post<MessageView & { redriveOf: string }>(path, {});
    expect([status, body.redriveOf, body.recipientCount]).toEqual([202, message.id, 2]);
    await actors.gateway.waitUntilFinal(body.id);
    const again = (await actors.gateway.recipients(body.id)).map(({ address }) => address);
    expect(again).toEqual(addresses.slice(1));
    expect((await actors.gateway.post(path, { statuses: ['bounced'], dryRun: true })).body).toEqual({
      recipientCount: 2,
    });
    const none = await actors.gateway.post(path, { reasons: ['quota'] });
    expect([none.status, none.body.code]).toEqual([409, 'nothing_to_redrive']);
  });

  onOneQueue(queue, () => {
    it('redrives a recipient once, however many callers ask and however often', async () => {
      const sender = aSender();
      // Slowly: a redrive that has failed as well may be redriven again, even by a late one of the requests.
      const addresses = ['stuck.1@example.com', 'fail+6s.2@example.com', 'fail+6s.3@example.com', 'ok@example.com'];
      const first = await actors.gateway.send(
        aMessage()
          .from(sender)
          .through('ncp')
          .to(...addresses),
      );
      const path = `/v1/messages/${first.id}/redrive`;
      const count = async (of: string, filter: object = {}): Promise<unknown> =>
        (await actors.gateway.post(`/v1/messages/${of}/redrive`, { ...filter, dryRun: true })).body;
      await actors.gateway.waitUntil(first.id, ({ counts }) => counts.failed === 2);

      const answers = await Promise.all(Array.from({ length: 10 }, () => actors.gateway.post<MessageView>(path, {})));
      const made = answers.filter(({ status }) => status === 202).map(({ body }) => body);
      const refused = answers.filter(({ status }) => status !== 202);
      expect(made.map(({ recipientCount }) => recipientCount)).toEqual([2]);
      expect(refused.map(({ body }) => (body as unknown as { code: string }).code)).toEqual(
        refused.map(() => 'nothing_to_redrive'),
      );
      const second = made[0]?.id ?? '';
      // It failed again, so it counts again: at the first message, and at its redrive.
      await actors.gateway.waitUntilFinal(second);
      expect(await count(first.id)).toEqual({ recipientCount: 2 });
      expect(await count(second)).toEqual({ recipientCount: 2 });
      // A redrive of the redrive has them now, wherever one asks.
      const both = await Promise.all(
        [first.id, second].map((id) => actors.gateway.post<MessageView>(`/v1/messages/${id}/redrive`, {})),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
      const mails = await actors.simulator.mails(sender);
      await actors.gateway.waitUntilFinal(both.find(({ status }) => status === 202)?.body.id ?? '');
      expect(mails.filter(({ address }) => address === 'ok@example.com')).toHaveLength(1);
      expect(
        (await actors.simulator.mails(sender)).filter(({ address }) => address === 'fail+6s.2@example.com'),
      ).toHaveLength(3);
    });

    it('does not redrive again what a redrive has delivered', async () => {
      const message = await actors.gateway.send(aMessage().through('ncp').toMany(3).dueIn(3_600_000));
      await actors.gateway.post(`/v1/messages/${message.id}/cancel`);
      const path = `/v1/messages/${message.id}/redrive`;
      const filter = { statuses: ['cancelled'] };
      const redriven = await actors.gateway.post<MessageView>(path, filter);
      expect((await actors.gateway.post(path, { ...filter, dryRun: true })).body).toEqual({ recipientCount: 0 });
      await actors.gateway.waitUntil(redriven.body.id, ({ counts }) => counts.delivered === 3);
      const again = await actors.gateway.post(path, filter);
      expect([again.status, again.body.code]).toEqual([409, 'nothing_to_redrive']);
    });

    it('reports each cancelled recipient once', async () => {
      const { id } = await actors.gateway.send(aMessage().toMany(5).dueIn(3_600_000));
      await actors.gateway.post(`/v1/messages/${id}/cancel`);
      const told = (await actors.gateway.events(id)).filter(({ type }) => type === 'recipient.cancelled');
      expect(told.map(({ position, data }) => [position, data['reason']])).toEqual(
        [0, 1, 2, 3, 4].map((position) => [position, 'cancelled_by_caller']),
      );
    });

    it('reports every event once, in a feed that later reads continue', async () => {
      const key = await actors.gateway.post<{ key: string }>('/v1/api-keys', {
        client: unique('client-'),
        name: 'feed',
        scopes: ['messages:read', 'messages:write'],
      });
      const caller = actors.gateway.as(key.body.key);
      const ids: string[] = [];
      for (let i = 0; i < 3; i += 1) ids.push((await caller.deliver(aMessage().toMany(3))).id);
      const read: EventView[] = [];
      let cursor: string | undefined;
      await eventually(async () => {
        const page: PageView<EventView> = await caller.get('/v1/events', { limit: 4, ...(cursor && { cursor }) });
        read.push(...page.data);
        cursor = page.nextCursor ?? cursor;
        const completed = read.filter(({ type }) => type === 'message.completed').length;
        if (completed < ids.length || page.data.length > 0) throw new Error(`read ${read.length}`);
      });
      expect(new Set(read.map(({ id }) => id)).size).toBe(read.length);
      const timelines = await Promise.all(ids.map((id) => caller.events(id)));
      expect(read.map(({ id }) => id).sort()).toEqual(
        timelines
          .flat()
          .map(({ id }) => id)
          .sort(),
      );
    });
  });
});
