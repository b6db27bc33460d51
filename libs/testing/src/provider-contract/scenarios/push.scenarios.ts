import { expect, it } from '@jest/globals';
import { UnreadablePushError, type EmailProvider, type PushedReport, type PushHint } from '@gateway/core';
import { aBatch } from '../batches.js';
import { sendAccepted, settle, type Suite } from '../contract.js';
import type { SeenPush } from '../vendor.js';

function eventsOf({ events }: EmailProvider): NonNullable<EmailProvider['events']> {
  if (events === undefined) throw new Error('the account receives no pushes');
  return events;
}

const asReceived = ({ headers, body }: SeenPush) => ({ headers, body: Buffer.from(body) });

export function pushScenarios({ contract, adapter }: Suite): void {
  const { vendor } = contract;

  /** Everything that the vendor pushes about a mail, once it has settled. */
  async function newsOf(...addresses: readonly string[]) {
    const provider = adapter();
    const batch = aBatch({ recipients: addresses.map((address) => ({ address })) });
    const accepted = await sendAccepted(provider, batch);
    await settle(contract);
    const reports: PushedReport[] = [];
    const hints: PushHint[] = [];
    for (const push of await vendor.pushes()) {
      const reading = eventsOf(provider).read(asReceived(push));
      if (reading.authentic) reports.push(...reading.reports);
      else hints.push(...reading.hints);
    }
    return { batch, accepted, reports, hints };
  }

  /** One push, for tests that change it. */
  async function aPush(): Promise<SeenPush> {
    await sendAccepted(adapter(), aBatch());
    await settle(contract);
    const [push] = await vendor.pushes();
    if (push === undefined) throw new Error('the vendor pushed nothing');
    return push;
  }

  it('reports each recipient’s fate and names the request', async () => {
    const { batch, accepted, reports, hints } = await newsOf('kim@example.com', 'bounce+unknown_user@example.com');
    expect(reports.length + hints.length).toBeGreaterThan(0);
    if (hints.length === 0) expectFates(reports);
    const { requestId, operation } = accepted;
    for (const { request, marker } of reports) {
      expect(request ?? marker).toBeDefined();
      if (request !== undefined) expect(request).toEqual({ requestId, operation });
      if (marker !== undefined) expect(marker).toBe(batch.marker);
    }
    for (const hint of hints) expect({ requestId, batchId: batch.batchId }).toMatchObject(hint);
    const ids = new Map(accepted.recipientIds?.map(({ address, mailId }) => [address, mailId]));
    for (const { report } of reports) expect(report.mailId).toBe(ids.get(report.address));
  });

  /** A hint has none. */
  function expectFates(reports: readonly PushedReport[]): void {
    const last = new Map(reports.map(({ report }) => [report.address, report]));
    expect(last.get('kim@example.com')).toMatchObject({ status: 'delivered', deliveredAt: expect.any(Date) });
    expect(last.get('bounce+unknown_user@example.com')).toMatchObject(contract.bounce);
  }

  it('is made once for each state', async () => {
    await newsOf('kim@example.com');
    expect(await vendor.pushes()).toEqual([]);
  });

  it('hands on a state that it does not know', async () => {
    // A hint has no state.
    if (!eventsOf(adapter()).read(asReceived(await aPush())).authentic) return;
    const { reports } = await newsOf('unknownstatus@example.com');
    const { report } = reports.at(-1) ?? {};
    expect([report?.status, typeof report?.unknownStatus]).toEqual([undefined, 'string']);
  });

  it('is authentic only as it was written', async () => {
    const { headers, body } = await aPush();
    const { read } = eventsOf(adapter());
    if (!read(asReceived({ headers, body })).authentic) return;
    const changed = [
      { headers, body: body.replace('kim@', 'lee@') },
      { headers, body: `${body} ` },
      { headers: {}, body },
      ...Object.keys(headers)
        .filter((name) => name !== 'content-type')
        .map((name) => ({ headers: { ...headers, [name]: `${headers[name]}0` }, body })),
    ];
    for (const push of changed) expect(isBelieved(() => read(asReceived(push)).authentic)).toBe(false);
  });

  it.each(['', 'no JSON', '[]', '{"events":1}', '{"events":[{"state":"delivered"}]}', '\u0000'])(
    'is refused, or says nothing, when it is nonsense: %j',
    async (body) => {
      const { headers } = await aPush();
      expect(isBelieved(() => eventsOf(adapter()).read(asReceived({ headers, body })).authentic)).toBe(false);
    },
  );

  it('shows no secret when it is refused', async () => {
    const { headers } = await aPush();
    try {
      eventsOf(adapter()).read(asReceived({ headers, body: 'x' }));
    } catch (error) {
      for (const secret of contract.secrets) expect(String(error)).not.toContain(secret);
    }
  });
}

function isBelieved(read: () => boolean): boolean {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadablePushError);
    return false;
  }
}
