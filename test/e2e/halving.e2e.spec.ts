import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  useOwnGateway,
  type EventView,
  type MessageBuilder,
  type RecipientView,
} from '@gateway/testing';

const WORDS = {
  ncp: { code: '77102', message: 'BAD_REQUEST' },
  nhn: { code: '-2051', message: 'Email is malformed.' },
} as const;
const PROVIDERS = ['ncp', 'nhn'] as const;

/** Many recipients; the provider refuses a request that has one of those at the given positions. */
function refusedAt(count: number, positions: readonly number[]): MessageBuilder {
  const culprits = new Set(positions);
  return aMessage().toRecipients(
    ...Array.from({ length: count }, (_, n) => ({
      address: culprits.has(n) ? `refuse-request.${n}@example.com` : `r.${n}@example.com`,
    })),
  );
}

const countOf = (recipients: readonly RecipientView[], status: string): number =>
  recipients.filter((recipient) => recipient.status === status).length;

/** Each recipient's end is reported once. */
function expectEndsToldOnce(events: readonly EventView[], status: string, positions: readonly number[]): void {
  const told = events.filter(({ type }) => type === `recipient.${status}`).map(({ position }) => position);
  expect(told.sort((a = 0, b = 0) => a - b)).toEqual(positions);
}

describe('a request that is refused because of one recipient', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { SETTLE_MS: '2000' } });

  describe.each(PROVIDERS)('at %s', (provider) => {
    it('costs only that recipient the mail, among 2,000', async () => {
      const culprits = [0, 777, 1999];
      const sender = aSender();
      const { id } = await actors.gateway.send(refusedAt(2000, culprits).from(sender).through(provider));
      await actors.gateway.waitUntilFinal(id);
      // A vendor that reports receipts says "sent" first.
      const message = await eventually(async () => {
        const now = await actors.gateway.message(id);
        expect(now).toMatchObject({ status: 'partially_failed', counts: { delivered: 1997, failed: 3, queued: 0 } });
        return now;
      });
      const { recipients, repeatedAddresses } = await actors.simulator.summary(sender);
      expect([recipients, repeatedAddresses.count]).toEqual([1997, 0]);

      const failed = (await actors.gateway.recipients(id)).filter(({ status }) => status === 'failed');
      expect(failed.map(({ position }) => position)).toEqual(culprits);
      for (const recipient of failed)
        expect(recipient).toMatchObject({ provider: { name: provider, ...WORDS[provider] } });

      const batches = await actors.gateway.batches(id);
      expect(batches).toHaveLength(message.batchCount);
      // Three culprits, eleven halvings each, and at most three parts a time.
      expect(batches.length).toBeLessThan(110);
      const parents = new Set(batches.filter(({ status }) => status === 'replanned').map((batch) => batch.id));
      expect(batches.every(({ parentId }) => parentId === null || parents.has(parentId))).toBe(true);
      expect(batches.filter(({ status }) => !['replanned', 'settled', 'failed'].includes(status))).toEqual([]);

      const events = await actors.gateway.events(id);
      expectEndsToldOnce(events, 'failed', culprits);
      const told = events.find(({ type }) => type === 'recipient.failed');
      expect(told?.data).toMatchObject({ provider: { name: provider, ...WORDS[provider] } });
      expect(events.filter(({ type }) => type === 'message.completed')).toHaveLength(1);
    }, 180_000);

    it('is abandoned after few requests when the content is at fault', async () => {
      const sender = aSender();
      const everybody = refusedAt(
        1000,
        Array.from({ length: 1000 }, (_, n) => n),
      );
      const { id } = await actors.gateway.send(everybody.from(sender).through(provider));
      const message = await actors.gateway.waitUntilFinal(id);
      expect(message).toMatchObject({ status: 'failed', counts: { failed: 1000 } });
      const tried = (await actors.gateway.batches(id)).filter(({ attempts }) => attempts.length > 0);
      expect(tried.length).toBeLessThan(80);
      const recipients = await actors.gateway.recipients(id);
      expect(countOf(recipients, 'failed')).toBe(1000);
      expect(recipients.every((one) => one.provider.code === WORDS[provider].code)).toBe(true);
      expectEndsToldOnce(
        await actors.gateway.events(id),
        'failed',
        recipients.map(({ position }) => position),
      );
    }, 180_000);

    it('does not split a mail that all recipients share', async () => {
      const shared = refusedAt(5, [2]).shared().through(provider);
      const message = await actors.gateway.deliver(shared);
      expect(message).toMatchObject({ status: 'failed', batchCount: 1, counts: { failed: 5 } });
      const [first] = await actors.gateway.recipients(message.id);
      expect(first?.provider).toMatchObject(WORDS[provider]);
    });
  });

  it('loses no recipient, and mails none twice, when the worker is killed in between', async () => {
    const sender = aSender();
    const { id } = await actors.gateway.send(refusedAt(600, [5, 299, 300]).from(sender).through('ncp'));
    for (let n = 0; n < 3; n += 1) {
      await actors.gateway.waitUntil(id, ({ batchCount, status }) => batchCount > 5 * n || status !== 'sending');
      await actors.running.end('worker', 'SIGKILL');
      await actors.running.start('worker');
    }
    await actors.gateway.waitUntilFinal(id);
    await actors.gateway.waitUntil(id, ({ counts }) => counts.delivered === 597 && counts.failed === 3);
    const { recipients, repeatedAddresses } = await actors.simulator.summary(sender);
    expect([recipients, repeatedAddresses.count]).toEqual([597, 0]);
  }, 180_000);

  it('stops when it is cancelled in between', async () => {
    const sender = aSender();
    const { id } = await actors.gateway.send(refusedAt(2000, [1, 500, 1000, 1500]).from(sender).through('ncp'));
    await actors.gateway.waitUntil(id, ({ batchCount }) => batchCount > 1);
    const { status } = await actors.gateway.post(`/v1/messages/${id}/cancel`);
    expect([200, 409]).toContain(status);
    await actors.gateway.waitUntilFinal(id);
    // A vendor that reports receipts says "sent" first.
    const message = await actors.gateway.waitUntil(id, ({ counts }) => counts.sent === 0);
    const { delivered, failed, cancelled } = message.counts;
    expect(delivered + failed + cancelled).toBe(2000);
    const { recipients, repeatedAddresses } = await actors.simulator.summary(sender);
    expect([recipients, repeatedAddresses.count]).toEqual([delivered, 0]);
    const events = await actors.gateway.events(id);
    expect(events.filter(({ type }) => type === 'recipient.cancelled')).toHaveLength(cancelled);
  }, 180_000);
});
