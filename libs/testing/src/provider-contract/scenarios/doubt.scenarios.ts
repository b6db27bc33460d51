import { expect, it } from '@jest/globals';
import { UnconfirmedError } from '@gateway/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { aBatch } from '../batches.js';
import { anySignal, thrownBy, type Suite } from '../contract.js';
import type { Misbehaviour } from '../vendor.js';

const UNANSWERED: readonly Misbehaviour[] = [
  'drop',
  'accept_then_drop',
  'server_error',
  'accept_then_500',
  'html',
  'half_json',
  'empty',
];

export function doubtScenarios({ contract, adapter }: Suite): void {
  const { vendor } = contract;

  it.each(UNANSWERED)('%s: unconfirmed, posted once', async (kind) => {
    await vendor.trouble({ kind, operation: 'send' });
    const error = await thrownBy(() => adapter().send(aBatch(), anySignal()));
    expect(error).toBeInstanceOf(UnconfirmedError);
    for (const secret of contract.secrets) expect(inspect(error, { depth: 10 })).not.toContain(secret);
    // Time in which a second try would be made.
    await sleep(100);
    expect(await vendor.troubled()).toBe(1);
    expect((await vendor.mails()).length).toBe(kind.startsWith('accept') ? 1 : 0);
  });

  it('no answer in time: unconfirmed', async () => {
    await vendor.trouble({ kind: 'hang', operation: 'send' });
    const started = Date.now();
    expect(await thrownBy(() => adapter(300).send(aBatch(), anySignal()))).toBeInstanceOf(UnconfirmedError);
    expect(Date.now() - started).toBeLessThan(3000);
    expect(await vendor.troubled()).toBe(1);
  });

  it('called off while it waits for the answer: unconfirmed', async () => {
    await vendor.trouble({ kind: 'hang', operation: 'send' });
    const aborter = new AbortController();
    const sent = thrownBy(() => adapter().send(aBatch(), aborter.signal));
    while ((await vendor.troubled()) === 0) await sleep(10);
    aborter.abort();
    expect(await sent).toBeInstanceOf(UnconfirmedError);
  });
}
