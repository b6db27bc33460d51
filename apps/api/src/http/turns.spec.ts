import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { headerLimits } from '@gateway/core';
import { readMembers } from '../audience/read-members.js';
import { MessageReader } from '../messages/read/message-reader.js';
import { readMessage } from '../messages/read/read-message.js';
import { readTemplateFile } from '../templates/exchange/read-template-file.js';

/** Each look at the clock is a millisecond later: turns are counted by entries, however fast the machine is. */
let milliseconds = 0;
beforeEach(() => {
  milliseconds = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => (milliseconds += 1));
});
afterEach(() => void jest.restoreAllMocks());

async function turnsOf(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let counting = setImmediate(function count() {
    turns += 1;
    counting = setImmediate(count);
  });
  await work();
  clearImmediate(counting);
  return turns;
}

const ENTRIES = 3000;
const addresses = Array.from({ length: ENTRIES }, (_, i) => `customer.${i}@example.com`);
const context = { now: new Date(), providers: [], headers: headerLimits([]) };
const texts = { from: 'shop@example.com', subject: 's', text: 't' };

const unused = {} as never;
const reader = new MessageReader({ now: () => context } as never, unused, unused, unused, unused, unused);

describe('bodies with many entries', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['addresses of members', () => readMembers({ addresses })],
    ['wrong addresses of members', () => readMembers({ addresses: addresses.map(() => 'x') }).catch(() => undefined)],
    ['a long list `to`', () => readMessage({ ...texts, to: addresses }, { context })],
    [
      'wrong recipients',
      () => readMessage({ ...texts, to: addresses.map(() => 7) }, { context }).catch(() => undefined),
    ],
    [
      'messages of a batch',
      () =>
        reader.readMany(
          'client',
          addresses.map((to) => ({ ...texts, to })),
        ),
    ],
    [
      'messages of a batch that are wrong',
      () =>
        reader.readMany(
          'client',
          addresses.map(() => ({})),
        ),
    ],
    [
      'templates of an import',
      () => readTemplateFile({ version: 1, templates: addresses.map(() => ({ name: 'n', ...texts })) }, 'key'),
    ],
    [
      'templates of an import that are wrong',
      () => readTemplateFile({ version: 1, templates: addresses.map(() => 1) }, 'key'),
    ],
  ])('let others have their turn: %s', async (_, work) => {
    expect(await turnsOf(work)).toBeGreaterThan(ENTRIES / 20);
  });
});
