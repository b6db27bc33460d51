import { describe, expect, it } from '@jest/globals';
import type { Waiting } from '@gateway/delivery';
import { countsNow, waitingOf, type AccountsNow } from './waiting-accounts.js';

const why = (account: string, stopped: boolean): Waiting => ({
  account,
  reason: stopped ? 'provider_unavailable' : 'throttled',
  detail: 'it waits',
  since: null,
  until: null,
  stopped,
});

const accounts = (waits: Readonly<Record<string, boolean>>): AccountsNow => ({
  waiting: (account) => (waits[account] === undefined ? undefined : why(account, waits[account])),
  sending: Object.keys(waits).filter((account) => waits[account] !== true),
});

describe('counts of a message that waits', () => {
  const counts = { queued: 30, deferred: 5, delivered: 2 };
  const queued = new Map([
    ['ncp', 10],
    ['nhn', 20],
  ]);

  it('has deferred exactly what is queued at accounts that send nothing', () => {
    expect(countsNow(counts, queued, accounts({ nhn: true }))).toEqual({ queued: 10, deferred: 25, delivered: 2 });
    expect(countsNow(counts, queued, accounts({ ncp: true, nhn: true }))).toMatchObject({ queued: 0, deferred: 35 });
    expect(countsNow(counts, queued, accounts({}))).toEqual(counts);
  });

  it('has queued what goes at the pace of its account', () => {
    expect(countsNow(counts, queued, accounts({ ncp: false }))).toEqual(counts);
  });

  it('never has more deferred than the message has queued: its batches were read at another moment', () => {
    expect(countsNow({ queued: 4 }, queued, accounts({ nhn: true }))).toEqual({ queued: 0, deferred: 4 });
  });

  it('names an account where it is queued, before the one that it was routed to', () => {
    const place = { queued, account: 'ncp' };
    expect(waitingOf(counts, place, accounts({ nhn: true }))?.account).toBe('nhn');
    expect(waitingOf({ deferred: 3 }, { queued: new Map(), account: 'ncp' }, accounts({ ncp: true }))?.account).toBe(
      'ncp',
    );
    expect(waitingOf({ delivered: 3 }, place, accounts({ nhn: true }))).toBeUndefined();
  });
});
