import { expect, it } from '@jest/globals';
import { ProviderUnavailableError, type ListedOptOut, type ProviderSuppressions } from '@gateway/core';
import { anySignal, thrownBy, type Suite } from '../contract.js';

const HOUR_MS = 3_600_000;
const CLOCKS_APART_MS = 300_000;

/** The contract of a provider with a list of opt-outs. */
export function suppressionScenarios({ contract, adapter }: Suite): void {
  const part = (): ProviderSuppressions => {
    const { suppressions } = adapter();
    if (suppressions === undefined) throw new Error('the provider keeps no list of its own');
    return suppressions;
  };
  const some = (count: number) => Array.from({ length: count }, (_, i) => `opt-out${i}@example.com`);

  /** Every page of the list, each as long as the provider gives it. */
  const pages = async (since?: Date): Promise<(readonly ListedOptOut[])[]> => {
    const found: (readonly ListedOptOut[])[] = [];
    for (let at: unknown, more = true; more;) {
      const page = await part().list({ ...(since && { since }), ...(at !== undefined && { at }) }, anySignal());
      found.push(page.entries);
      // As it is read back from the database.
      at = page.next === undefined ? undefined : (JSON.parse(JSON.stringify(page.next)) as unknown);
      more = at !== undefined;
    }
    return found;
  };

  it('is empty to begin with', async () => {
    expect(await pages()).toEqual([[]]);
    expect(await part().has('kim@example.com', anySignal())).toBe(false);
  });

  it('keeps what is put on it, and tells when that was', async () => {
    const before = Date.now() - 2000;
    expect(await part().add(['kim@example.com', 'lee@example.com'], anySignal())).toEqual({ ignored: 0 });
    const [entries = []] = await pages();
    expect(entries.map(({ address }) => address).sort()).toEqual(['kim@example.com', 'lee@example.com']);
    for (const { since, stamp } of entries) {
      expect(since?.getTime()).toBeLessThanOrEqual(Date.now() + CLOCKS_APART_MS);
      expect(since?.getTime()).toBeGreaterThanOrEqual(before - 9 * HOUR_MS);
      expect(stamp).toEqual(expect.any(String));
    }
    expect(await part().has('KIM@example.com', anySignal())).toBe(true);
    expect(await part().has('kim@example.co', anySignal())).toBe(false);
  });

  it('takes what it has not from among what it has', async () => {
    await part().add(['kim@example.com'], anySignal());
    const addresses = [...some(20), 'kim@example.com', 'lee@example.com'];
    expect(await part().add(addresses, anySignal())).toEqual({ ignored: 1 });
    expect((await pages()).flat()).toHaveLength(22);
  });

  it('lets go of what is taken off it, once or twice', async () => {
    await part().add(['kim@example.com', 'lee@example.com'], anySignal());
    await part().remove(['kim@example.com'], anySignal());
    await part().remove(['kim@example.com', 'park@example.com'], anySignal());
    expect((await pages()).flat().map(({ address }) => address)).toEqual(['lee@example.com']);
  });

  it('is read page by page, however long it is', async () => {
    const addresses = some(2100);
    for (let at = 0; at < addresses.length; at += part().changeSize) {
      await part().add(addresses.slice(at, at + part().changeSize), anySignal());
    }
    const read = await pages();
    expect(read.every((entries) => entries.length <= 1000)).toBe(true);
    expect(new Set(read.flat().map(({ address }) => address)).size).toBe(addresses.length);
  });

  it('can be read from a time on', async () => {
    await part().add(['kim@example.com'], anySignal());
    expect((await pages(new Date())).flat()).toHaveLength(1);
    expect((await pages(new Date(Date.now() + 72 * HOUR_MS))).flat()).toEqual([]);
  });

  it('says so when it gets no answer', async () => {
    await contract.vendor.trouble({ kind: 'server_error', operation: 'upload' });
    for (const act of [
      () => part().list({}, anySignal()),
      () => part().add(['kim@example.com'], anySignal()),
      () => part().remove(['kim@example.com'], anySignal()),
      () => part().has('kim@example.com', anySignal()),
    ]) {
      expect(await thrownBy(act)).toBeInstanceOf(ProviderUnavailableError);
    }
  });
}
