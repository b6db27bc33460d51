import { expect, it } from '@jest/globals';
import { ProviderUnavailableError } from '@gateway/core';
import { aBatch, tracking } from '../batches.js';
import { pollOf, pollOnce, sendAccepted, settle, thrownBy, type Suite } from '../contract.js';

export function pollScenarios({ contract, adapter }: Suite): void {
  const { vendor } = contract;

  it('tells each recipient’s fate', async () => {
    const provider = adapter();
    const recipients = [{ address: 'kim@example.com' }, { address: 'bounce+unknown_user@example.com' }];
    const batch = aBatch({ recipients });
    const request = tracking(batch, await sendAccepted(provider, batch));
    await settle(contract);
    const { reports, result } = await pollOnce(provider, request);
    expect([...reports].sort((a, b) => b.address.localeCompare(a.address))).toEqual([
      expect.objectContaining({
        address: 'kim@example.com',
        status: 'delivered',
        ...(contract.timesDeliveries !== false && { deliveredAt: expect.any(Date) }),
      }),
      expect.objectContaining({ address: 'bounce+unknown_user@example.com', ...contract.bounce }),
    ]);
    expect(result).toMatchObject({ begun: true, moved: true });
    if (contract.timesDeliveries === false) return;
    const sentAt = reports.find(({ deliveredAt }) => deliveredAt)?.deliveredAt?.getTime() ?? 0;
    expect(Math.abs(sentAt - Date.now())).toBeLessThan(600_000);
  });

  it.each(
    contract.sharedAdvertisements === false ? (['transactional'] as const) : (['marketing', 'transactional'] as const),
  )('tells the fate of everybody who shares a mail: %s', async (category) => {
    const provider = adapter();
    const recipients = [
      { address: 'kim@example.com' },
      { address: 'bounce+unknown_user@example.com', type: 'cc' },
    ] as const;
    const batch = aBatch({ category, recipients, delivery: 'shared' });
    const request = tracking(batch, await sendAccepted(provider, batch));
    await settle(contract);
    const { reports } = await pollOnce(provider, request);
    const fates = reports.map(({ address, status }) => [address, status]);
    expect(fates).toContainEqual(['kim@example.com', 'delivered']);
    expect(fates).toContainEqual(['bounce+unknown_user@example.com', contract.bounce.status]);
  });

  it('says nothing twice', async () => {
    const provider = adapter();
    const batch = aBatch();
    const request = tracking(batch, await sendAccepted(provider, batch));
    await settle(contract);
    const first = await pollOnce(provider, request);
    const cursor = JSON.parse(JSON.stringify(first.result.cursor)) as unknown;
    const second = await pollOnce(provider, { ...request, cursor });
    expect(second.reports).toEqual([]);
    expect(second.result).toMatchObject({ moved: false });
  });

  it('reports no delivery before there is one', async () => {
    const provider = adapter();
    const batch = aBatch({ recipients: [{ address: 'slow+30s@example.com' }] });
    const request = tracking(batch, await sendAccepted(provider, batch));
    const { reports } = await pollOnce(provider, request);
    expect(reports.filter(({ status }) => status === 'delivered')).toEqual([]);
  });

  it('hands on a state that it does not know', async () => {
    const provider = adapter();
    const batch = aBatch({ recipients: [{ address: 'unknownstatus@example.com' }] });
    const request = tracking(batch, await sendAccepted(provider, batch));
    await settle(contract);
    const { reports } = await pollOnce(provider, request);
    expect(reports).toEqual([expect.objectContaining({ unknownStatus: expect.any(String) })]);
    expect(reports[0]?.status).toBeUndefined();
  });

  it.each(['server_error', 'wrong_credentials', 'too_fast', 'html', 'half_json', 'empty', 'drop'] as const)(
    'says so when it cannot ask: %s',
    async (kind) => {
      const provider = adapter();
      const batch = aBatch();
      const request = tracking(batch, await sendAccepted(provider, batch));
      await vendor.trouble({ kind, operation: 'poll', retryAfterSeconds: 3 });
      const error = await thrownBy(() => pollOnce(provider, request));
      expect(error).toBeInstanceOf(ProviderUnavailableError);
      if (kind === 'too_fast' && error instanceof ProviderUnavailableError) expect(error.retryAfterMs).toBe(3000);
      for (const secret of contract.secrets) expect(String(error)).not.toContain(secret);
    },
  );

  it('ends when it is called off', async () => {
    const provider = adapter();
    const batch = aBatch();
    const request = tracking(batch, await sendAccepted(provider, batch));
    const error = await thrownBy(() => pollOf(provider)(request, AbortSignal.abort()).next());
    expect(error).toBeInstanceOf(ProviderUnavailableError);
  });
}
