import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lastOf, queryOf, type Query } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import { formatDateTime, offsetText } from '../../../http/vendor-time.js';
import { progressAt, type Progress } from '../../../outcomes/progress.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { NhnError, success } from '../envelope.js';
import { checkQueryNames } from '../page.js';
import { settingsOf } from '../state.js';
import { TAG_MAIL } from '../tags/tag-mail.send.js';
import { appKeyOf, requireVersion } from '../version.js';

const NAMES = ['eventCategory', 'statisticsType', 'timeUnit', 'from', 'to', 'extra1s', 'extra2s', 'extra3s'].concat(
  'messageId',
  'statsIds',
  'templateIds',
  'statsCriteria',
);
const TYPES: ReadonlySet<string> = new Set(['NORMAL', 'MINUTELY', 'HOURLY', 'DAILY', 'BY_DAY']);
/** Length of the part of `yyyy-MM-dd HH:mm` that a unit keeps. */
const UNITS: Readonly<Record<string, number>> = { MINUTES: 16, HOURS: 13, DAYS: 10 };
const LONGEST_MS = 30 * 86_400_000;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/;

/** What is missing of an instant from each place on. */
const REST = 'yyyy-MM-ddT00:00:00.000';

type Counts = Record<string, number>;

/** GET stats and stats/total, from v2.1 on: events of mails by time, and their sums (nhn21.md §7). There is no `body`. */
export function statsRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  vendorRoute(app, context, { method: 'GET', url: '/stats', operation: 'other' }, (call) => {
    const { requests, unit } = read(simulator, call);
    const { utcOffsetMinutes } = settingsOf(simulator);
    const groups = Map.groupBy(requests, ({ course }) =>
      formatDateTime(course.startAt, utcOffsetMinutes).slice(0, UNITS[unit]),
    );
    const stats = [...groups]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([start, some]) => ({
        eventDateTime: `${start.replace(' ', 'T')}${REST.slice(start.length)}${offsetText(utcOffsetMinutes)}`,
        events: countsOf(simulator, some),
      }));
    return { header: success(null, 'success').header, stats };
  });
  vendorRoute(app, context, { method: 'GET', url: '/stats/total', operation: 'other' }, (call) => {
    const { requests } = read(simulator, call);
    return { header: success(null, 'success').header, total: countsOf(simulator, requests) };
  });
}

function read(simulator: Simulator, call: FastifyRequest) {
  requireVersion(call, 2.1);
  const query = queryOf(call);
  checkQueryNames(query, NAMES, settingsOf(simulator).unknownFields);
  if (lastOf(query, 'eventCategory') !== 'MESSAGE') throw new NhnError(-2200, 'eventCategory must be MESSAGE.');
  const type = lastOf(query, 'statisticsType') ?? 'NORMAL';
  if (!TYPES.has(type)) throw new NhnError(-2205, `statisticsType is not supported. ${type}`);
  const unit = lastOf(query, 'timeUnit') ?? 'DAYS';
  if (!Object.hasOwn(UNITS, unit)) throw new NhnError(-2205, `timeUnit is not supported. ${unit}`);
  const now = simulator.now();
  const [from, to] = [instant(query, 'from') ?? now - LONGEST_MS, instant(query, 'to') ?? now];
  if (from >= to) throw new NhnError(-2201, 'from must be before to.');
  if (from < now - LONGEST_MS - 60_000) throw new NhnError(-2202, 'Only the last 30 days can be asked for.');
  const tests = [
    listTest(query, 'extra1s', ({ operation }) => (operation === TAG_MAIL ? 'TAG' : 'NORMAL')),
    listTest(query, 'extra2s', ({ content }) => content.senderAddress.split('@')[1] ?? ''),
    listTest(query, 'templateIds', ({ content }) => content.templateId ?? ''),
  ];
  const requests = simulator.requests
    .visible('nhn', appKeyOf(call), now)
    .filter(({ course: { startAt } }) => startAt >= from && startAt < to)
    .filter((request) => tests.every((test) => test(request)));
  return { requests, unit };
}

function instant(query: Query, name: string): number | undefined {
  const text = lastOf(query, name);
  if (text === undefined) return undefined;
  if (!ISO.test(text) || Number.isNaN(Date.parse(text))) throw new NhnError(-2000, `Invalid date format. ${name}`);
  return Date.parse(text);
}

/** An array is a repeated name; how the vendor wants it is not shown. */
function listTest(query: Query, name: string, valueOf: (request: AcceptedRequest) => string) {
  const wanted = query.get(name)?.filter((value) => value !== '') ?? [];
  return (request: AcceptedRequest): boolean => wanted.length === 0 || wanted.includes(valueOf(request));
}

const EVENTS: Readonly<Record<string, (progress: Progress) => boolean>> = {
  REQUESTED: () => true,
  SENT: ({ state }) => state === 'sent',
  SENT_FAILED: ({ state, outcomeAt }) => outcomeAt !== null && state !== 'sent',
  RECEIVED: ({ receivedAt }) => receivedAt !== null,
  OPENED: ({ openedAt }) => openedAt !== null,
};

/** Counts of receivers at this moment, from the histograms of plans; an event that did not happen is left out. */
function countsOf(simulator: Simulator, requests: readonly AcceptedRequest[]): Counts {
  const counts: Counts = {};
  const groups = requests.flatMap(({ recipients, course }) =>
    [...recipients.histogram].map(([plan, receivers]) => {
      return { receivers, progress: progressAt(simulator.plans.get(plan), course, simulator.now()) };
    }),
  );
  for (const { receivers, progress } of groups) {
    for (const [event, happened] of Object.entries(EVENTS)) {
      if (happened(progress)) counts[event] = (counts[event] ?? 0) + receivers;
    }
  }
  return counts;
}
