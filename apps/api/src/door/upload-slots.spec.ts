import { describe, expect, it } from '@jest/globals';
import { UploadSlots } from './upload-slots.js';

const taken = async (slot: Promise<(() => void) | string>): Promise<() => void> => {
  const result = await slot;
  if (typeof result === 'string') throw new Error(`no slot: ${result}`);
  return result;
};

describe(UploadSlots.name, () => {
  it('lets the next one wait a moment, and passes a slot on', async () => {
    const sut = new UploadSlots({ max: 1, maxOfClient: 1, patienceMs: 100 });
    const first = await taken(sut.take('shop'));
    const second = sut.take('billing');
    first();
    const end = await taken(second);
    expect(await sut.take('shop')).toBe('all');
    end();
    end();
    expect(sut.count).toBe(0);
    (await taken(sut.take('shop')))();
  });

  it('leaves slots for other clients, past those who wait for their own', async () => {
    const sut = new UploadSlots({ max: 2, maxOfClient: 1, patienceMs: 200 });
    const first = await taken(sut.take('shop'));
    const second = sut.take('shop');
    expect(await sut.take('billing')).toEqual(expect.any(Function));
    expect(await second).toBe('client');
    first();
    expect(sut.count).toBe(1);
  });

  it('forgets a caller who hangs up while it waits', async () => {
    const sut = new UploadSlots({ max: 1, maxOfClient: 1, patienceMs: 10_000 });
    const first = await taken(sut.take('shop'));
    const gone = new AbortController();
    const second = sut.take('billing', gone.signal);
    gone.abort();
    expect(typeof (await second)).toBe('string');
    first();
    expect(sut.count).toBe(0);
  });
});
