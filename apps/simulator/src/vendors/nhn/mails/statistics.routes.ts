import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lastOf, queryOf, type Query } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import { formatDateTime } from '../../../http/vendor-time.js';
import { progressAt } from '../../../outcomes/progress.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { NhnSettings } from '../settings.js';
import type { Simulator } from '../../../state/simulator.js';
import { readDate } from '../dates.js';
import { NhnError, success } from '../envelope.js';
import { checkQueryNames } from '../page.js';
import { yesNoInQuery } from '../read-body.js';
import { TAG_MAIL } from '../tags/tag-mail.send.js';
import { appKeyOf } from '../version.js';
import { settingsOf } from '../state.js';

const NAMES = ['from', 'to', 'searchType', 'mailTypes', 'adYn', 'templateId'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const DAY_MS = 86_400_000;

/** `divisionName` of a local time `yyyy-MM-dd HH:mm:ss`; only a weekday's form is documented. */
const DIVISIONS: Readonly<Record<string, (local: string) => string>> = {
  DATE: (local) => local.slice(0, 10),
  TIME: (local) => local.slice(11, 13),
  DAY: (local) => WEEKDAYS[new Date(`${local.slice(0, 10)}T00:00:00Z`).getUTCDay()] ?? '',
};

/** GET statistics/view: counts from the record, by date, hour or weekday of the sending time (nhn.md §5.9). */
export function statisticsRoutes(app: FastifyInstance, context: VendorContext): void {
  vendorRoute(app, context, { method: 'GET', url: '/statistics/view', operation: 'other' }, (call) =>
    success({ data: view(context.simulator, call) }),
  );
}

function view(simulator: Simulator, call: FastifyRequest): unknown[] {
  const settings = settingsOf(simulator);
  const query = queryOf(call);
  checkQueryNames(query, NAMES, settings.unknownFields);
  const { from, to } = readSpan(query, settings);
  const divisionOf = readDivision(query);
  const test = requestTest(query);
  const groups = Map.groupBy(
    simulator.requests
      .visible('nhn', appKeyOf(call), simulator.now())
      .filter(({ course: { startAt } }) => startAt >= from && startAt < to)
      .filter(test),
    ({ course: { startAt } }) => divisionOf(formatDateTime(startAt, settings.utcOffsetMinutes)),
  );
  // Monday first: weekdays follow their number, dates and hours their text.
  const order = (name: string): string => {
    const weekday = WEEKDAYS.indexOf(name);
    return weekday < 0 ? name : String((weekday + 6) % 7);
  };
  return [...groups]
    .sort(([a], [b]) => order(a).localeCompare(order(b)))
    .map(([divisionName, requests]) => ({ divisionName, ...countsOf(simulator, requests) }));
}

function readSpan(query: Query, settings: NhnSettings): { from: number; to: number } {
  const [fromText, toText] = [lastOf(query, 'from'), lastOf(query, 'to')];
  if (fromText === undefined || toText === undefined) throw new NhnError(-2203, 'from and to are required.');
  const [from, to] = [readDate(fromText, 'from', settings), readDate(toText, 'to', settings)];
  if (from >= to) throw new NhnError(-2201, 'from must be before to.');
  const { statisticsMaxDays } = settings;
  if (statisticsMaxDays !== null && to - from > statisticsMaxDays * DAY_MS) {
    throw new NhnError(-2202, `The duration is over ${statisticsMaxDays} days.`);
  }
  return { from, to };
}

function readDivision(query: Query): (local: string) => string {
  const searchType = lastOf(query, 'searchType');
  if (searchType === undefined) throw new NhnError(-2204, 'searchType is required.');
  const division = Object.hasOwn(DIVISIONS, searchType) ? DIVISIONS[searchType] : undefined;
  if (!division) throw new NhnError(-2205, `searchType is not supported. ${searchType}`);
  return division;
}

/** Mass mail is made in the console and by tags; all else is NORMAL. */
function requestTest(query: Query): (request: AcceptedRequest) => boolean {
  const types = (query.get('mailTypes') ?? []).filter((type) => type !== '');
  const bad = types.find((type) => type !== 'NORMAL' && type !== 'MASS');
  if (bad !== undefined) throw new NhnError(-2200, `Invalid parameter. mailTypes: ${bad}`);
  const adYn = yesNoInQuery(query, 'adYn');
  const templateId = lastOf(query, 'templateId');
  return ({ operation, content }) =>
    (types.length === 0 || types.includes(operation === TAG_MAIL ? 'MASS' : 'NORMAL')) &&
    (adYn === undefined || content.advertising === (adYn === 'Y')) &&
    (templateId === undefined || content.templateId === templateId);
}

/** Counts of receivers at this moment, from the histograms of plans; each rate is of the step before it. */
function countsOf(simulator: Simulator, requests: readonly AcceptedRequest[]) {
  const now = simulator.now();
  let [requestedCount, sentCount, receivedCount, openedCount] = [0, 0, 0, 0];
  for (const { recipients, course } of requests) {
    for (const [plan, receivers] of recipients.histogram) {
      const { state, receivedAt, openedAt } = progressAt(simulator.plans.get(plan), course, now);
      requestedCount += receivers;
      if (state === 'sent') sentCount += receivers;
      if (receivedAt !== null) receivedCount += receivers;
      if (openedAt !== null) openedCount += receivers;
    }
  }
  return {
    requestedCount,
    sentCount,
    receivedCount,
    openedCount,
    sentRate: rate(sentCount, requestedCount),
    receivedRate: rate(receivedCount, sentCount),
    openedRate: rate(openedCount, receivedCount),
  };
}

const rate = (part: number, whole: number): string => (whole === 0 ? 0 : (part / whole) * 100).toFixed(2);
