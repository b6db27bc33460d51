import { expect, it } from '@jest/globals';
import { ProviderUnavailableError, type Category, type Delivery } from '@gateway/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { aBatch, askingFor } from '../batches.js';
import { anySignal, findOf, sendAccepted, thrownBy, type Suite } from '../contract.js';

const WAYS: readonly (readonly [Category, Delivery])[] = [
  ['transactional', 'individual'],
  ['transactional', 'shared'],
  ['marketing', 'individual'],
  ['marketing', 'shared'],
  ['authentication', 'individual'],
];

/** A look-up follows its request only after a while; a vendor's list may be late by as much. */
const LISTED_AFTER_MS = 20;

export function findScenarios({ contract, adapter }: Suite): void {
  const { vendor } = contract;
  const ways = WAYS.filter(
    ([category, delivery]) =>
      contract.sharedAdvertisements !== false || category !== 'marketing' || delivery !== 'shared',
  );

  it.each(ways)('finds what was posted but not answered: %s, %s', async (category, delivery) => {
    const provider = adapter();
    const batch = aBatch({ category, delivery });
    await sendAccepted(provider, aBatch({ category, delivery, recipients: [{ address: 'other@example.com' }] }));
    await vendor.trouble({ kind: 'accept_then_drop', operation: 'send' });
    await thrownBy(() => provider.send(batch, anySignal()));
    await sleep(LISTED_AFTER_MS);
    const ours = (await vendor.mails()).find(({ address }) => address === 'kim@example.com');
    const subject = category === 'marketing' ? '(광고) Hello' : 'Hello';
    const question = { ...askingFor(batch), first: { address: 'kim@example.com', subject } };
    const found = await findOf(provider)(question, anySignal());
    expect(found).toEqual({ requestId: ours?.requestId, operation: provider.render(batch).operation });
  });

  it.each(ways)('finds nothing where nothing arrived: %s, %s', async (category, delivery) => {
    const provider = adapter();
    await sendAccepted(provider, aBatch({ category, delivery, recipients: [{ address: 'other@example.com' }] }));
    await sleep(LISTED_AFTER_MS);
    expect(await findOf(provider)(askingFor(aBatch({ category, delivery })), anySignal())).toBeUndefined();
  });

  it.each(ways)('leaves alone what belongs to another batch: %s, %s', async (category, delivery) => {
    const provider = adapter();
    const batch = aBatch({ category, delivery });
    const { requestId } = await sendAccepted(provider, batch);
    await sleep(LISTED_AFTER_MS);
    expect(await findOf(provider)(askingFor(batch, [requestId]), anySignal())).toBeUndefined();
  });

  it('finds the second attempt too', async () => {
    const provider = adapter();
    const batch = aBatch();
    const second = { ...batch, marker: batch.marker.replace('.1@', '.2@') };
    const { requestId } = await sendAccepted(provider, second);
    await sleep(LISTED_AFTER_MS);
    const question = { ...askingFor(batch), markers: [batch.marker, second.marker] };
    expect(await findOf(provider)(question, anySignal())).toMatchObject({ requestId });
  });

  it.each(['server_error', 'wrong_credentials', 'too_fast', 'html', 'half_json', 'empty', 'drop'] as const)(
    'never says "nothing" when it could not ask: %s',
    async (kind) => {
      await vendor.trouble({ kind, operation: 'find' });
      const error = await thrownBy(() => findOf(adapter())(askingFor(aBatch()), anySignal()));
      expect(error).toBeInstanceOf(ProviderUnavailableError);
      for (const secret of contract.secrets) expect(String(error)).not.toContain(secret);
    },
  );

  it('ends when it is called off', async () => {
    await vendor.trouble({ kind: 'hang', operation: 'find' });
    const aborter = new AbortController();
    const asked = thrownBy(() => findOf(adapter())(askingFor(aBatch()), aborter.signal));
    while ((await vendor.troubled()) === 0) await sleep(10);
    aborter.abort();
    expect(await asked).toBeInstanceOf(ProviderUnavailableError);
  });
}
