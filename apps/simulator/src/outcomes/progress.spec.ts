import { describe, expect, test } from '@jest/globals';
import { SettingsSchema } from '../state/settings.js';
import { PlanTable, type PlanKind } from './plan.js';
import { progressAt } from './progress.js';

const course = { acceptedAt: 1_000, startAt: 1_000, timings: new SettingsSchema([]).defaults().timings };
const plans = new PlanTable();

const stateAfter = (ms: number, kind: PlanKind, delayMs = 0): string =>
  progressAt(plans.get(plans.intern(kind, 'unknown', delayMs)), course, 1_000 + ms).state;

describe(progressAt.name, () => {
  test('goes from acceptance over preparation and sending to the outcome', () => {
    const seen = [0, 49, 50, 149, 150, 299, 300].map((ms) => stateAfter(ms, 'bounced'));
    expect(seen).toEqual(['preparing', 'preparing', 'ready', 'ready', 'sending', 'sending', 'bounced']);
  });

  test('a delay moves the outcome only', () => {
    expect(stateAfter(200, 'delivered', 90_000)).toBe('sending');
    expect(stateAfter(90_299, 'delivered', 90_000)).toBe('sending');
    expect(stateAfter(90_300, 'delivered', 90_000)).toBe('sent');
  });

  test('a reserved mail is ready until its time', () => {
    const reserved = { ...course, startAt: 11_000 };
    const plan = plans.get(plans.intern('delivered'));
    expect([1_060, 11_149, 11_150, 11_300].map((now) => progressAt(plan, reserved, now).state)).toEqual([
      'ready',
      'ready',
      'sending',
      'sent',
    ]);
  });

  test('receipt and opening come after the outcome, in that order', () => {
    const at = (ms: number) => progressAt(plans.get(plans.intern('opened')), course, 1_000 + ms);
    expect(at(399)).toMatchObject({ state: 'sent', receivedAt: null, openedAt: null });
    expect(at(400)).toMatchObject({ receivedAt: 1_400, openedAt: null });
    expect(at(600)).toMatchObject({ receivedAt: 1_400, openedAt: 1_600 });
  });

  test('a late bounce was sent before; a stuck mail never arrives', () => {
    expect(stateAfter(1_299, 'late-bounced')).toBe('sent');
    expect(stateAfter(1_300, 'late-bounced')).toBe('bounced');
    expect(stateAfter(1e12, 'stuck')).toBe('sending');
  });
});
