import { expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  onEachQueue,
  useSharedGateway,
  type MessageView,
  type ProblemView,
} from '@gateway/testing';

onEachQueue('sendAt and cancel', (queue) => {
  const actors = useSharedGateway(queue);

  it('holds a message until its time', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const message = aMessage().from(from).dueIn(1500);
    const accepted = await gateway.send(message);
    expect(accepted).toMatchObject({
      status: 'scheduled',
      counts: { scheduled: 1 },
      sendAt: message.build()['sendAt'],
    });
    expect((await simulator.summary(from)).requests).toBe(0);
    await gateway.waitUntilFinal(accepted.id);
    const events = await gateway.events(accepted.id);
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['message.scheduled', 'batch.dispatched']);
    expect(Date.parse(events[1]?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(accepted.sendAt ?? ''));
  });

  it('takes a sendAt of any offset and shows it in UTC', async () => {
    const { gateway } = actors;
    const at = new Date(Date.now() + 3_600_000);
    const inSeoul = `${new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, -1)}+09:00`;
    expect((await gateway.send(aMessage().with({ sendAt: inSeoul }))).sendAt).toBe(at.toISOString());
  });

  it('never sends what was cancelled', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const { id } = await gateway.send(aMessage().from(from).to('a@example.com', 'b@example.com').dueIn(1200));
    const later = await gateway.send(aMessage().from(from).to('later@example.com').dueIn(1500));
    const cancelled = await gateway.post(`/v1/messages/${id}/cancel`);
    expect([cancelled.status, cancelled.body]).toEqual([200, { cancelled: 2, tooLate: 0 }]);
    expect(await gateway.message(id)).toMatchObject({ status: 'cancelled', counts: { cancelled: 2, scheduled: 0 } });
    for (const recipient of await gateway.recipients(id)) {
      expect(recipient).toMatchObject({ status: 'cancelled', final: true, reason: 'cancelled_by_caller' });
    }
    const types = (await gateway.events(id)).map(({ type }) => type);
    expect(types).toEqual([
      'message.scheduled',
      'message.cancelled',
      'recipient.cancelled',
      'recipient.cancelled',
      'message.completed',
    ]);
    await gateway.waitUntilFinal(later.id);
    expect((await simulator.mails(from)).map(({ address }) => address)).toEqual(['later@example.com']);
    const again = await gateway.post(`/v1/messages/${id}/cancel`);
    expect([again.status, again.body.code]).toEqual([409, 'nothing_to_cancel']);
  });

  it('is too late for what a provider has', async () => {
    const { gateway } = actors;
    const { id } = await gateway.deliver(aMessage());
    const refused = await gateway.post(`/v1/messages/${id}/cancel`);
    expect([refused.status, refused.body.code]).toEqual([409, 'nothing_to_cancel']);
  });

  it('answers a long poll at its timeout with the state of that moment', async () => {
    const { gateway } = actors;
    const { id } = await gateway.send(aMessage().dueIn(3_600_000));
    const started = performance.now();
    const message = await gateway.get<MessageView>(`/v1/messages/${id}`, { waitFor: 'final', timeout: 1 });
    expect(message.status).toBe('scheduled');
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  it('answers a long poll as soon as the message is cancelled', async () => {
    const { gateway } = actors;
    const { id } = await gateway.send(aMessage().dueIn(3_600_000));
    const waiting = gateway.get<MessageView>(`/v1/messages/${id}`, { waitFor: 'final', timeout: 45 });
    await gateway.post(`/v1/messages/${id}/cancel`);
    expect((await waiting).status).toBe('cancelled');
  });

  it('lets only one of many cancellations win, and no mail beside it', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const { id } = await gateway.send(aMessage().from(from).toMany(50).dueIn(3_600_000));
    const answers = await Promise.all(Array.from({ length: 5 }, () => gateway.post(`/v1/messages/${id}/cancel`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409)?.body as ProblemView;
    expect(refused).toMatchObject({ code: 'nothing_to_cancel', retryable: false });
    await eventually(async () => expect((await gateway.message(id)).counts.cancelled).toBe(50));
    expect((await simulator.summary(from)).requests).toBe(0);
  });
});
