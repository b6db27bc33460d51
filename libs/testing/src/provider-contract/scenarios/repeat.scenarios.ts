import { expect, it } from '@jest/globals';
import { UnconfirmedError } from '@gateway/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { aBatch } from '../batches.js';
import { anySignal, sendAccepted, thrownBy, type Suite } from '../contract.js';
import type { Misbehaviour } from '../vendor.js';

/** A request that was posted and is posted again with the same marker. */
export function repeatScenarios({ contract, adapter }: Suite): void {
  const { vendor } = contract;

  it.each<Misbehaviour>(['accept_then_drop', 'accept_then_500', 'drop', 'server_error'])(
    'is one mail, whatever became of the first post: %s',
    async (kind) => {
      const batch = aBatch();
      await vendor.trouble({ kind, operation: 'send' });
      await thrownBy(() => adapter().send(batch, anySignal()));
      await sleep(100);
      const [before] = await vendor.mails();
      await vendor.untrouble();
      const { requestId } = await sendAccepted(adapter(), batch);
      const mails = await vendor.mails();
      expect(mails.map((mail) => [mail.requestId, mail.address])).toEqual([[requestId, 'kim@example.com']]);
      if (before !== undefined) expect(before.requestId).toBe(requestId);
    },
  );

  it('is answered as the first post was, also after it was answered', async () => {
    const recipients = [{ address: 'kim@example.com' }, { address: 'invalid@example.com' }];
    const batch = aBatch({ recipients });
    const [first, second] = [await sendAccepted(adapter(), batch), await sendAccepted(adapter(), batch)];
    expect(second).toEqual(first);
    expect(await vendor.mails()).toHaveLength(1);
  });

  it('is a new request with another marker', async () => {
    const batch = aBatch();
    await sendAccepted(adapter(), batch);
    await sendAccepted(adapter(), { ...batch, marker: batch.marker.replace('.1@', '.2@') });
    expect(await vendor.mails()).toHaveLength(2);
  });

  it('gives no verdict when the vendor has another request under this marker', async () => {
    const batch = aBatch();
    await sendAccepted(adapter(), batch);
    const other = { ...aBatch({ recipients: [{ address: 'lee@example.com' }] }), marker: batch.marker };
    expect(await thrownBy(() => adapter().send(other, anySignal()))).toBeInstanceOf(UnconfirmedError);
    expect(await vendor.mails()).toHaveLength(1);
  });
}
