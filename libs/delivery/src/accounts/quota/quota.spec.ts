import { describe, expect, it } from '@jest/globals';
import { GatewayProblem } from '@gateway/core';
import { quotaLeft, quotaState, quotaUsedUp, withinQuota } from './quota.js';

const monthly = (recipients: number) => ({ quota: { recipients, per: 'month', timeZone: 'Asia/Seoul' } }) as const;
const full = { name: 'full', quotaLeft: 1, capabilities: { limits: monthly(1) } };
const roomy = { name: 'roomy', quotaLeft: 100, capabilities: { limits: {} } };

describe(quotaState.name, () => {
  it('never has less than nothing left', () => {
    const period = { per: 'month', timeZone: 'Asia/Seoul' };
    expect(quotaState(monthly(10), 12)).toEqual({ recipients: 10, ...period, used: 12, left: 0 });
  });

  it('has no end without a quota', () => {
    expect(quotaState({}, 5)).toMatchObject({ recipients: null, used: 5, left: null });
    expect(quotaLeft({}, 5)).toBe(Infinity);
  });
});

describe(withinQuota.name, () => {
  it('waits at the preferred account, full or not, when the caller defers', () => {
    expect(withinQuota('defer', [full, roomy], 10)).toEqual([full, roomy]);
  });

  it.each(['failover', 'reject'] as const)('prefers accounts with room with %s', (onQuota) => {
    expect(withinQuota(onQuota, [full, roomy], 10)).toEqual([roomy]);
  });

  it('waits when no account has room and the caller does not refuse to', () => {
    expect(withinQuota('failover', [full], 10)).toEqual([full]);
  });

  it('names the period of the quota', () => {
    const limits = { quota: { recipients: 5, per: 'day', timeZone: 'UTC' } } as const;
    const refusal = new GatewayProblem(
      'quota_exceeded',
      'The quota has 0 recipients left today (UTC), the message has 10.',
    );
    expect(() => withinQuota('reject', [{ quotaLeft: -1, capabilities: { limits } }], 10)).toThrow(refusal);
  });

  it('refuses with the number of recipients that are left, when the caller wants that', () => {
    const refusal = new GatewayProblem(
      'quota_exceeded',
      'The quota has 1 recipients left this month (Asia/Seoul), the message has 10.',
    );
    expect(() => withinQuota('reject', [full], 10)).toThrow(refusal);
  });
});

describe(quotaUsedUp.name, () => {
  it('waits until the next month begins in Seoul', () => {
    const lastSecond = new Date('2026-11-30T14:59:59Z');
    expect(quotaUsedUp(monthly(10), lastSecond)).toMatchObject({
      reason: 'quota',
      detail: "the account's quota of 10 recipients a month is used up",
      delayMs: 1000,
    });
  });
});
