import { describe, expect, it } from '@jest/globals';
import type { ProviderAccountState } from '@gateway/database';
import { serviceWith } from '@gateway/testing';
import { AccountGate } from './account-gate.js';
import { ProviderDirectory } from '../shared/provider-directory.js';
import { SharedAccountStates } from './account-states.js';

const OPEN = {
  name: 'one',
  pausedAt: null,
  drainedAt: null,
  pausedBy: null,
  openForMs: null,
  openReason: null,
  usedInPeriod: 9,
};
const USED_UP = { ...OPEN, usedInPeriod: 10, usedUpAt: new Date() };
const FAILING = { ...OPEN, openForMs: 150, openReason: 'unavailable' };
const THROTTLED = { ...OPEN, openForMs: 150, openReason: 'throttled' };
const PROBE_DUE = { ...FAILING, openForMs: 0 };
const PAUSED = { ...OPEN, pausedAt: new Date(), pausedBy: 'operator' } as const;

type State = Partial<ProviderAccountState>;

const gateWith = (before: State, now: State, other: State): Promise<AccountGate> => {
  const statesOf = (one: State) =>
    new Map([
      ['one', one],
      ['other', other],
    ]);
  const states = { recent: async () => statesOf(before), run: async () => statesOf(now) };
  const find = () => ({
    capabilities: { limits: { quota: { recipients: 10, per: 'month', timeZone: 'Asia/Seoul' } } },
  });
  return serviceWith(AccountGate, [
    [SharedAccountStates, states],
    [ProviderDirectory, { find }],
  ]);
};

describe(AccountGate.name, () => {
  it.each([
    ['open', 'open', OPEN, OPEN, OPEN],
    ['closed, with no other account open', 'closed', FAILING, FAILING, PAUSED],
    ['closed, with another account open', 'leave', FAILING, FAILING, OPEN],
    ['asked to wait for a moment', 'closed', THROTTLED, THROTTLED, OPEN],
    ['due for a probe since the last look', 'open', FAILING, PROBE_DUE, PAUSED],
    ['out of quota', 'used_up', USED_UP, USED_UP, OPEN],
    ['no longer out of quota', 'open', USED_UP, OPEN, OPEN],
    ['opened since the last look', 'open', PAUSED, OPEN, PAUSED],
  ] as const)('sees an account that is %s as %s', async (_, wanted, before, now, other) => {
    expect(await (await gateWith(before, now, other)).look('one')).toBe(wanted);
  });
});
