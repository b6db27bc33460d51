import { describe, expect, it } from '@jest/globals';
import type { WebhookHealth } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { batchParcel, singleParcel } from '../body.js';
import { afterRequests, afterSending, type Pending, type Rules } from './outcome.js';
import { retryAfter, type SentRequest } from './request-sender.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SCHEDULE = [5000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
const now = new Date('2026-12-01T00:00:00Z');
const rules: Rules = { now, retryMs: SCHEDULE, random: () => 0 };

const answered = (httpStatus: number | null, retryAfterMs?: number): SentRequest => ({
  delivered: httpStatus !== null && httpStatus < 300,
  retryAfterMs,
  attempt: {
    at: now.toISOString(),
    durationMs: 1,
    address: '127.0.0.1',
    httpStatus,
    error: httpStatus !== null && httpStatus < 300 ? null : { code: 'E_HTTP', detail: 'x' },
    request: { headers: {} },
    response: null,
  },
});

const event = (n: number) => ({ id: `evt_${n}`, at: now, type: 'message.completed', data: {} });
const single: Pending = {
  id: newUuid(),
  endpointId: newUuid(),
  parcel: singleParcel(event(0)),
  tries: 0,
  refusals: 0,
  attempts: [],
  replay: false,
};
const batchOf = (size: number): Pending => ({
  ...single,
  parcel: batchParcel(
    'whs_x',
    Array.from({ length: size }, (_, n) => event(n)),
  ),
});

describe(afterSending.name, () => {
  it('retries by the schedule, then fails', () => {
    const waits: (number | undefined)[] = [];
    let pending = single;
    for (let n = 0; n < 10; n += 1) {
      const [row] = afterSending(pending, answered(500), rules);
      waits.push(row.nextAttemptAt === null ? undefined : row.nextAttemptAt.getTime() - now.getTime());
      pending = { ...pending, tries: row.tries };
      expect(row.status).toBe(n < 9 ? 'failing' : 'failed');
    }
    expect(waits).toEqual([...SCHEDULE, undefined]);
  });

  it('adds up to a tenth, and follows a longer Retry-After', () => {
    const [late] = afterSending(single, answered(503), { ...rules, random: () => 1 });
    expect(late.nextAttemptAt).toEqual(new Date(now.getTime() + 5500));
    const [asked] = afterSending(single, answered(503, HOUR), rules);
    expect(asked.nextAttemptAt).toEqual(new Date(now.getTime() + HOUR));
  });

  it('an early probe does not use up the schedule', () => {
    const [row] = afterSending({ ...single, tries: 4 }, answered(500), rules, false);
    expect([row.tries, row.status]).toEqual([4, 'failing']);
  });

  it.each([400, 413, 422])(
    'halves a batch that is refused three times with %i, each half with an id of its own',
    (status) => {
      const first = afterSending(batchOf(5), answered(status), rules);
      expect(first).toHaveLength(1);
      const rows = afterSending({ ...batchOf(5), refusals: 2 }, answered(status), rules);
      expect(rows.map((row) => [row.eventIds.length, row.tries, row.refusals, row.status])).toEqual([
        [3, 0, 0, 'pending'],
        [2, 0, 0, 'pending'],
      ]);
      expect(rows.flatMap(({ eventIds }) => eventIds)).toEqual(batchOf(5).parcel.eventIds);
      expect(new Set(['whs_x', ...rows.map(({ webhookId }) => webhookId)]).size).toBe(3);
      const again = afterSending({ ...batchOf(5), refusals: 2 }, answered(status), rules);
      expect(again.map(({ webhookId }) => webhookId)).toEqual(rows.map(({ webhookId }) => webhookId));
    },
  );

  it('fails the lone event that is refused three times, and starts to count again after another answer', () => {
    const [failed] = afterSending({ ...single, refusals: 2 }, answered(422), rules);
    expect(failed.status).toBe('failed');
    const [other] = afterSending({ ...single, refusals: 2 }, answered(500), rules);
    expect(other.refusals).toBe(0);
  });

  it('keeps a request that met 410 for later', () => {
    const [row] = afterSending(single, answered(410), rules);
    expect(row.status).toBe('pending');
  });
});

const healthy: WebhookHealth & { maxInFlight: number } = {
  inFlight: 4,
  maxInFlight: 8,
  failures: 0,
  failingSince: null,
  probeAt: null,
  probes: 0,
  lastSuccessAt: null,
  lastError: null,
};

const times = (count: number, sent: SentRequest): SentRequest[] => Array.from({ length: count }, () => sent);

describe(afterRequests.name, () => {
  it('adds one request in flight after a good round and halves them after a bad one', () => {
    expect(afterRequests(healthy, times(3, answered(200)), rules).health.inFlight).toBe(5);
    expect(afterRequests({ ...healthy, inFlight: 8 }, times(3, answered(200)), rules).health.inFlight).toBe(8);
    expect(afterRequests(healthy, [answered(200), answered(503)], rules).health.inFlight).toBe(2);
    expect(afterRequests({ ...healthy, inFlight: 1 }, [answered(null)], rules).health.inFlight).toBe(1);
    // An answer about the body says nothing about load.
    expect(afterRequests(healthy, [answered(422)], rules).health.inFlight).toBe(5);
  });

  it('counts as failing after five failures in a row, and as recovered after a success', () => {
    const few = afterRequests(healthy, times(4, answered(500)), rules);
    expect([few.health.probeAt, few.turns]).toEqual([null, []]);
    const down = afterRequests(healthy, times(5, answered(500)), rules);
    expect([down.health.probeAt, down.turns]).toEqual([new Date(now.getTime() + 5000), ['failing']]);
    const still = afterRequests({ ...healthy, ...down.health }, [answered(null)], rules);
    expect([still.health.probeAt, still.turns]).toEqual([new Date(now.getTime() + 10_000), []]);
    const up = afterRequests({ ...healthy, ...still.health }, [answered(204)], rules);
    expect([up.health.probeAt, up.health.failingSince, up.turns]).toEqual([null, null, ['recovered']]);
  });

  it('probes every five minutes at most', () => {
    const state = { ...healthy, failures: 50, failingSince: now, probeAt: now, probes: 40 };
    expect(afterRequests(state, [answered(null)], rules).health.probeAt).toEqual(new Date(now.getTime() + 5 * MINUTE));
  });

  it('counts as failing after two failures that lie more than a minute apart', () => {
    const state = { ...healthy, failures: 1, failingSince: new Date(now.getTime() - 2 * MINUTE) };
    expect(afterRequests(state, [answered(500)], rules).turns).toEqual(['failing']);
  });

  it('pauses at once after 410, and after five days without a success', () => {
    expect(afterRequests(healthy, [answered(410)], rules)).toMatchObject({ pauseReason: 'gone', turns: ['paused'] });
    const fiveDays = { ...healthy, failures: 9, probeAt: now, failingSince: new Date(now.getTime() - 120 * HOUR) };
    expect(afterRequests(fiveDays, [answered(500)], rules)).toMatchObject({
      pauseReason: 'failing',
      turns: ['paused'],
    });
    const almost = { ...fiveDays, failingSince: new Date(now.getTime() - 119 * HOUR) };
    expect(afterRequests(almost, [answered(500)], rules).pauseReason).toBeNull();
    expect(afterRequests(fiveDays, [answered(200)], rules).pauseReason).toBeNull();
  });
});

describe(retryAfter.name, () => {
  it.each([
    ['120', 120_000],
    ['0', 1000],
    ['999999999', 24 * HOUR],
    ['Tue, 01 Dec 2026 00:10:00 GMT', 10 * MINUTE],
    ['Mon, 30 Nov 2026 00:10:00 GMT', 1000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %p ms', (value, ms) => {
    expect(retryAfter(value, now)).toBe(ms);
  });
});
