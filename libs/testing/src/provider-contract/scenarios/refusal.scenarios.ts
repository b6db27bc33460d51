import { expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { aBatch } from '../batches.js';
import { anySignal, type Suite } from '../contract.js';

export function refusalScenarios({ contract, adapter }: Suite): void {
  const { vendor } = contract;

  it('is the batch or its message, when the vendor finds fault with it', async () => {
    const outcome = await adapter().send(aBatch({ from: { address: 'not an address' } }), anySignal());
    // A vendor that names the sender says that every part of the message would be refused.
    expect(outcome).toMatchObject({ outcome: 'refused', scope: expect.stringMatching(/^(batch|message)$/) });
    if (outcome.outcome === 'refused') expect(outcome.provider.code).toBeDefined();
    expect(await vendor.mails()).toEqual([]);
  });

  it('is the account, when its credentials are wrong', async () => {
    await vendor.trouble({ kind: 'wrong_credentials', operation: 'send' });
    const outcome = await adapter().send(aBatch(), anySignal());
    expect(outcome).toMatchObject({ outcome: 'refused', scope: 'account', reason: 'auth_failed' });
    for (const secret of contract.secrets) expect(inspect(outcome)).not.toContain(secret);
  });

  it.each([undefined, 7])('is the moment, when it is too much; retry after %p s', async (retryAfterSeconds) => {
    const pause = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    await vendor.trouble({ kind: 'too_fast', operation: 'send', ...pause });
    const outcome = await adapter().send(aBatch(), anySignal());
    expect(outcome).toMatchObject({ outcome: 'refused', scope: 'moment', reason: 'throttled' });
    const told = outcome.outcome === 'refused' ? outcome.retryAfterMs : undefined;
    expect(told).toBe(retryAfterSeconds === undefined ? undefined : 7000);
    expect(await vendor.troubled()).toBe(1);
  });

  it('is the moment, when nothing listens: the request certainly never left', async () => {
    const provider = contract.create({ origin: `http://127.0.0.1:${await closedPort()}`, timeoutMs: 2000 });
    const outcome = await provider.send(aBatch(), anySignal());
    expect(outcome).toMatchObject({ outcome: 'refused', scope: 'moment', reason: 'provider_unavailable' });
  });

  it('is the moment, when it was called off before it left', async () => {
    const outcome = await adapter().send(aBatch(), AbortSignal.abort());
    expect(outcome).toMatchObject({ outcome: 'refused', scope: 'moment' });
    expect(await vendor.mails()).toEqual([]);
  });

  it('says when the whole request may be refused because of one recipient that the answer does not name', async () => {
    const recipients = [{ address: 'good@example.com' }, { address: 'refuse-request@example.com' }];
    const outcome = await adapter().send(aBatch({ recipients }), anySignal());
    expect(outcome).toMatchObject({ outcome: 'refused', scope: 'batch', culprit: 'perhaps_recipient' });
    expect(await vendor.mails()).toEqual([]);
    const others = await adapter().send(aBatch({ recipients: recipients.slice(0, 1) }), anySignal());
    expect(others.outcome).toBe('accepted');
  });

  const bad = [{ address: 'good@example.com' }, { address: 'invalid@example.com' }];

  (contract.partialRefusal ? it : it.skip)('may be about single recipients', async () => {
    const outcome = await adapter().send(aBatch({ recipients: bad }), anySignal());
    expect(outcome).toMatchObject({
      outcome: 'accepted',
      refusedRecipients: [{ address: 'invalid@example.com', status: 'rejected', reason: 'invalid_address' }],
    });
    expect((await vendor.mails()).map(({ address }) => address)).toEqual(['good@example.com']);
  });

  (contract.postponesRecipients ? it : it.skip)('may pass for single recipients, of individual mail', async () => {
    const recipients = [{ address: 'good@example.com' }, { address: 'later.1@example.com' }];
    const outcome = await adapter().send(aBatch({ recipients }), anySignal());
    expect(outcome).toMatchObject({
      outcome: 'accepted',
      refusedRecipients: [],
      postponedRecipients: [{ address: 'later.1@example.com', reason: expect.any(String) }],
    });
    expect((await vendor.mails()).map(({ address }) => address)).toEqual(['good@example.com']);
    const again = await adapter().send(aBatch({ recipients: recipients.slice(1) }), anySignal());
    expect(again.outcome).toBe('accepted');
    const shared = [{ address: 'good@example.com' }, { address: 'later.2@example.com' }];
    const other = await adapter().send(aBatch({ recipients: shared, delivery: 'shared' }), anySignal());
    expect(other).toMatchObject({
      refusedRecipients: [{ address: 'later.2@example.com', status: 'rejected' }],
    });
    expect(other).not.toHaveProperty('postponedRecipients');
  });

  (contract.postponesRecipients ? it : it.skip)('is the moment, when it may pass for all of them', async () => {
    const recipients = [{ address: 'later.3@example.com' }, { address: 'later.4@example.com' }];
    const outcome = await adapter().send(aBatch({ recipients }), anySignal());
    expect(outcome).toMatchObject({ outcome: 'refused', scope: 'moment', refusedRecipients: [] });
  });

  (contract.partialRefusal ? it : it.skip)('may be about all of them', async () => {
    const outcome = await adapter().send(aBatch({ recipients: bad.slice(1) }), anySignal());
    expect(outcome).toMatchObject({ outcome: 'refused', scope: 'batch' });
    expect(await vendor.mails()).toEqual([]);
  });
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}
