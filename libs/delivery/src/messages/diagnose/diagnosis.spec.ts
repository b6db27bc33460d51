import { describe, expect, it } from '@jest/globals';
import type { AlikeBatches, MessageDetail } from '@gateway/database';
import { diagnose } from './diagnosis.js';
import type { Facts } from './finding.js';

const NOW = new Date('2026-11-20T09:00:00.000Z');
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);

const message = {
  id: '019a9f3e-0000-7000-8000-000000000001',
  status: 'sending',
  counts: { queued: 10 },
  routing: { candidates: [] },
  audience: null,
  batchCount: 1,
  recipientCount: 10,
  sendAt: null,
  createdAt: ago(60_000),
} as unknown as MessageDetail;

const aGroup = (values: Partial<AlikeBatches>): AlikeBatches => ({
  provider: 'ncp',
  status: 'queued',
  reason: null,
  detail: null,
  code: null,
  message: null,
  batches: 1,
  recipients: 10,
  dueAt: ago(60_000),
  nextAttemptAt: ago(1000),
  nextPollAt: null,
  submittedAt: null,
  postedAt: null,
  lookups: 0,
  ...values,
});

const factsOf = (facts: Partial<Facts>): Facts => ({
  message,
  groups: [],
  losses: [],
  waiting: () => undefined,
  now: NOW,
  ...facts,
});

describe(diagnose.name, () => {
  it('asks for a worker only when none has come for a while', () => {
    const fresh = diagnose(factsOf({ groups: [aGroup({})] }));
    expect([fresh.waitingFor, fresh.nextSteps]).toEqual(['worker', []]);
    const late = diagnose(factsOf({ groups: [aGroup({ nextAttemptAt: ago(31_000) })] }));
    expect(late.causes[0]?.detail).toContain('no worker has taken them');
    expect(late.nextSteps.join()).toContain('WORKER_LANES');
  });

  it('names the account first, then what else there is, each with its words', () => {
    const groups = [
      aGroup({ status: 'submitted', submittedAt: ago(5000), nextPollAt: NOW }),
      aGroup({ status: 'deferred', reason: 'throttled', detail: 'too fast', code: '429', message: 'Slow down' }),
      aGroup({ provider: 'nhn', batches: 3 }),
    ];
    const until = new Date(NOW.getTime() + 1000);
    const waiting: Facts['waiting'] = (account) =>
      account === 'nhn'
        ? { account, reason: 'quota', detail: 'used up', since: ago(10), until, stopped: true }
        : undefined;
    const { waitingFor, since, until: end, causes } = diagnose(factsOf({ groups, waiting }));
    expect([waitingFor, since, end]).toEqual(['account', ago(10), until]);
    expect(causes.map(({ code }) => code)).toEqual(['quota', 'throttled', 'provider']);
    expect(causes[0]?.detail).toBe('10 recipients in 3 batches waiting at nhn: used up');
    expect(causes[1]?.provider).toEqual({ name: 'ncp', code: '429', message: 'Slow down' });
  });

  it('offers a redrive only when everything is over', () => {
    const groups = [aGroup({ status: 'failed', reason: 'sender_not_verified' })];
    const over = diagnose(factsOf({ groups, message: { ...message, counts: { failed: 10 } } }));
    expect(over.nextSteps.join()).toMatch(/Verify the sender.*redrive/);
    const open = diagnose(factsOf({ groups, message: { ...message, counts: { failed: 9, queued: 1 } } }));
    expect(open.nextSteps.join()).not.toContain('redrive');
  });

  it('says which account was left out and why', () => {
    const routing = { candidates: [{ provider: 'ncp', able: false, reasons: ['it takes no custom headers'] }] };
    const { causes } = diagnose(factsOf({ message: { ...message, routing } }));
    expect(causes).toEqual([
      { code: 'account_unable', detail: 'ncp cannot send this: it takes no custom headers', provider: { name: 'ncp' } },
    ]);
  });
});
