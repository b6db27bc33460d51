import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListLeaver, ListMember, ListTarget, ProviderAudience, RecipientReport } from '@gateway/core';
import { aBatch, askingFor, tracking } from '../batches.js';
import { anySignal, findOf, pollOnce, sendAccepted, settle, thrownBy, type Suite } from '../contract.js';

let number = 0;
const aName = (): string => `list-${(number += 1)}`;
const member = (id: string, ...addresses: string[]): ListMember => ({ id: `con_${id}`, addresses, known: false });
const leaver = (id: string, ...addresses: string[]): ListLeaver => ({
  id: `con_${id}`,
  addresses,
  stays: false,
  elsewhere: { lists: [], addresses: [] },
});

/** The contract of a provider that keeps lists. */
export function audienceScenarios({ contract, adapter }: Suite): void {
  const part = (): ProviderAudience => {
    const { audience } = adapter();
    if (audience === undefined) throw new Error('the provider keeps no lists');
    return audience;
  };
  const make = (name = aName()) => part().create(name, anySignal());
  const add = async (id: string, ...members: ListMember[]) => {
    await part().add(id, members, anySignal());
    await sleep(contract.listedAfterMs ?? 0);
  };
  const remove = (id: string, ...leavers: ListLeaver[]) => part().remove(id, leavers, anySignal());
  /** Addresses that a mail to lists reaches. */
  const reached = async (list: ListTarget): Promise<readonly string[]> => {
    const batch = aBatch({ recipients: [], list });
    const { requestId } = await sendAccepted(adapter(), batch);
    const mails = (await contract.vendor.mails()).filter((mail) => mail.requestId === requestId);
    return mails.map(({ address }) => address).sort();
  };

  it('keeps lists, and sends to those who are on one, on any, on all', async () => {
    const [a, b] = [await make(), await make()];
    await add(a, member('1', 'kim@example.com', 'kim2@example.com'), member('2', 'lee@example.com'));
    await add(b, member('2', 'lee@example.com'), member('3', 'choi@example.com'));
    expect(await reached({ lists: [a], match: 'any' })).toEqual([
      'kim2@example.com',
      'kim@example.com',
      'lee@example.com',
    ]);
    expect(await reached({ lists: [a, b], match: 'all' })).toEqual(['lee@example.com']);
    expect(await reached({ lists: [a, b], match: 'any' })).toHaveLength(4);
  });

  it('lists them by their names', async () => {
    const name = '한글.list_1-a';
    const id = await make(name);
    await sleep(contract.listedAfterMs ?? 0);
    expect(await part().list(anySignal())).toEqual([expect.objectContaining({ id, name })]);
  });

  it('takes somebody, or one of their addresses, off a list and leaves the others as they are', async () => {
    const [a, b] = [await make(), await make()];
    await add(a, member('1', 'kim@example.com', 'kim2@example.com'), member('2', 'lee@example.com'));
    await add(b, member('2', 'lee@example.com'));
    for (let time = 0; time < 2; time += 1) {
      await remove(
        a,
        { ...leaver('1', 'kim2@example.com'), stays: true },
        { ...leaver('2', 'lee@example.com'), elsewhere: { lists: [b], addresses: ['lee@example.com'] } },
      );
      expect(await reached({ lists: [a], match: 'any' })).toEqual(['kim@example.com']);
      expect(await reached({ lists: [b], match: 'any' })).toEqual(['lee@example.com']);
    }
  });

  it('adds an address to somebody who is on the list', async () => {
    const a = await make();
    await add(a, member('1', 'kim@example.com'));
    await add(a, { ...member('1', 'kim2@example.com'), known: true });
    await add(a, { ...member('9', 'lost@example.com'), known: true });
    expect(await reached({ lists: [a], match: 'any' })).toEqual([
      'kim2@example.com',
      'kim@example.com',
      'lost@example.com',
    ]);
  });

  it('empties, renames, deletes, once and again, where it can', async () => {
    const [a, b] = [await make(), await make()];
    await add(a, member('1', 'kim@example.com'));
    await add(b, member('1', 'kim@example.com'));
    const lists = part();
    const canRename = lists.rename !== undefined;
    if (lists.empty !== undefined) {
      await lists.empty(a, anySignal());
      await add(a, member('2', 'lee@example.com'));
      expect(await reached({ lists: [a], match: 'any' })).toEqual(['lee@example.com']);
    }
    if (lists.forget !== undefined) {
      await lists.forget(['kim@example.com'], anySignal());
      expect((await part().list(anySignal())).find(({ id }) => id === b)?.addressCount).toBe(0);
    }
    await lists.rename?.(b, 'renamed', anySignal());
    for (let time = 0; time < 2; time += 1) await part().delete(a, anySignal());
    const names = (await part().list(anySignal())).map(({ name }) => name);
    expect(names).toEqual([canRename ? 'renamed' : expect.any(String)]);
    await part().wipe(anySignal());
    expect(await part().list(anySignal())).toEqual([]);
  });

  it('finds a mail to a list whose answer never came, and no other', async () => {
    const a = await make();
    await add(a, member('1', 'kim@example.com'));
    const list: ListTarget = { lists: [a], match: 'any' };
    const [ours, other] = [aBatch({ recipients: [], list }), aBatch({ recipients: [], list })];
    const { requestId, operation } = await sendAccepted(adapter(), ours);
    await settle(contract);
    const asking = { list, recipientCount: undefined };
    expect(await findOf(adapter())({ ...askingFor(ours), ...asking }, anySignal())).toEqual({ requestId, operation });
    expect(await findOf(adapter())({ ...askingFor(other), ...asking }, anySignal())).toBeUndefined();
  });

  it('reports everybody who gets it, then what became of them', async () => {
    const a = await make();
    await add(a, member('1', 'kim@example.com'), member('2', 'bounce+unknown_user@example.com'));
    const batch = aBatch({ recipients: [], list: { lists: [a], match: 'any' } });
    const accepted = await sendAccepted(adapter(), batch);
    const request = { ...tracking(batch, accepted), ofList: true };
    const told = new Map<string, RecipientReport>();
    let [cursor, listed]: [unknown, boolean] = [undefined, false];
    for (let poll = 0; poll < 20 && !(listed && told.get('kim@example.com')?.status !== 'submitted'); poll += 1) {
      const { reports, result } = await pollOnce(adapter(), { ...request, cursor, recipientCount: told.size });
      for (const report of reports) told.set(report.address, report);
      [cursor, listed] = [result.cursor, result.listed === true];
      await sleep(contract.settledAfterMs / 4);
    }
    expect(listed).toBe(true);
    await settle(contract);
    const { reports } = await pollOnce(adapter(), { ...request, cursor, recipientCount: told.size });
    for (const report of reports) told.set(report.address, report);
    expect([...told.keys()].sort()).toEqual(['bounce+unknown_user@example.com', 'kim@example.com']);
    expect(['sent', 'delivered']).toContain(told.get('kim@example.com')?.status);
    expect(['failed', 'bounced']).toContain(told.get('bounce+unknown_user@example.com')?.status);
  });

  it('tells a no from a silence', async () => {
    const nowhere = await thrownBy(() => part().create('', anySignal()));
    expect(nowhere).toMatchObject({ name: 'ProviderRefusedError' });
    const away = contract.create({ origin: 'http://127.0.0.1:9', timeoutMs: 1000 }).audience;
    expect(await thrownBy(async () => away?.list(anySignal()))).toMatchObject({ name: 'ProviderUnavailableError' });
    for (const secret of contract.secrets) expect(JSON.stringify(nowhere)).not.toContain(secret);
  });
}
