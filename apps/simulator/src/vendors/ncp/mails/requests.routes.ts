import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lastOf, queryOf, type Query } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import { readMoment } from '../dates.js';
import { badRequest } from '../errors.js';
import { mailIdOf, requestById } from './find-request.js';
import { wantsKorean } from '../language.js';
import { requestItem } from './mail-items.js';
import { isFinished, StatusView } from './mail-status.js';
import { checkQueryNames, pageOf, readPage, type PageRequest } from '../page.js';
import { scopeOf } from '../scope.js';
import { emailStatus, nesDateTimeOrNull } from '../types.js';
import { settingsOf } from '../state.js';

const FILTERS = [
  'startUtc',
  'startDateTime',
  'endUtc',
  'endDateTime',
  'requestId',
  'mailId',
  'dispatchType',
  'title',
  'templateSid',
  'senderAddress',
  'recipientAddress',
  'sendStatus',
];
const SORTABLE = ['createUtc', 'recipientCount', 'reservationUtc', 'sendUtc', 'statusCode'];
const STATUSES = ['P', 'R', 'I', 'S', 'F', 'U', 'C', 'PF'];
/** History is kept for two months (ncp.md §3.4). */
const HISTORY_MS = 61 * 86_400_000;

/** getMailRequestList and getMailRequestStatus (ncp.md §3.4, §3.5). */
export function requestRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  vendorRoute(app, context, { method: 'GET', url: '/mails/requests', operation: 'find' }, (call) => {
    const query = queryOf(call);
    checkQueryNames(query, FILTERS, settingsOf(simulator));
    const page = readPage(query, SORTABLE, settingsOf(simulator));
    const views = matching(context, call, query);
    const korean = wantsKorean(call);
    return pageOf(sorted(views, page), page, (view) => requestItem(view, korean));
  });

  const status = { method: 'GET', url: '/mails/requests/:requestId/status', operation: 'status' } as const;
  vendorRoute(app, context, status, (call) => {
    const { requestId } = call.params as { requestId: string };
    const view = new StatusView(simulator, requestById(simulator, call, requestId));
    return statusBody(view, wantsKorean(call));
  });
}

function statusBody(view: StatusView, korean: boolean) {
  const { request } = view;
  const counts = [...view.countsByCode()].sort(([a], [b]) => a.localeCompare(b));
  const sumOf = (test: (code: string) => boolean): number =>
    counts.reduce((sum, [code, count]) => sum + (test(code) ? count : 0), 0);
  const readyCount = sumOf((code) => code !== 'P');
  const sentCount = sumOf((code) => code === 'S');
  return {
    requestId: request.requestId,
    readyCompleted: readyCount === request.mailCount,
    allSentSuccess: sentCount === request.mailCount,
    requestCount: request.mailCount,
    sentCount,
    finishCount: sumOf(isFinished),
    readyCount,
    reservationDate: nesDateTimeOrNull(request.reservedAt),
    countsByStatus: counts.map(([code, count]) => ({ status: emailStatus(code, korean), count })),
  };
}

function matching({ simulator }: VendorContext, call: FastifyRequest, query: Query): StatusView[] {
  const now = simulator.now();
  const [from, to] = [readMoment(query, 'start'), readMoment(query, 'end')];
  if (settingsOf(simulator).listDatesRequired && (from === undefined || to === undefined)) {
    throw badRequest('start and end are required');
  }
  const statuses = query.get('sendStatus') ?? [];
  if (statuses.some((status) => !STATUSES.includes(status))) throw badRequest('sendStatus is bad');
  const tests = testsOf(query);
  return simulator.requests
    .visible('ncp', scopeOf(call), now)
    .filter(({ course: { acceptedAt } }) => acceptedAt >= Math.max(from ?? 0, now - HISTORY_MS))
    .filter(({ course: { acceptedAt } }) => to === undefined || acceptedAt <= to)
    .filter((request) => tests.every((test) => test(request)))
    .map((request) => new StatusView(simulator, request, now))
    .filter((view) => statuses.length === 0 || statuses.includes(view.requestCode()));
}

function testsOf(query: Query): ((request: AcceptedRequest) => boolean)[] {
  const dispatchType = lastOf(query, 'dispatchType');
  if (dispatchType !== undefined && !['API', 'CONSOLE'].includes(dispatchType)) throw badRequest('dispatchType is bad');
  const tests: ((request: AcceptedRequest) => boolean)[] = [];
  const add = (name: string, test: (request: AcceptedRequest, wanted: string) => boolean): void => {
    const wanted = lastOf(query, name);
    if (wanted !== undefined) tests.push((request) => test(request, wanted));
  };
  add('dispatchType', (_, wanted) => wanted === 'API');
  add('requestId', (request, wanted) => request.requestId === wanted);
  add('mailId', hasMail);
  add('title', (request, wanted) => request.content.title.includes(wanted));
  add('templateSid', (request, wanted) => request.content.templateId === wanted);
  add('senderAddress', (request, wanted) => sameAddress(request.content.senderAddress, wanted));
  add('recipientAddress', (request, wanted) => request.recipients.addresses.some((a) => sameAddress(a, wanted)));
  return tests;
}

const sameAddress = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function hasMail(request: AcceptedRequest, mailId: string): boolean {
  const mail = Number(mailId.slice(8)) - request.firstMail;
  return mail >= 0 && mail < request.mailCount && mailIdOf(request, mail) === mailId;
}

/** Default order is newest first; the documents name none. */
function sorted(views: StatusView[], page: PageRequest): StatusView[] {
  const [order] = page.sort;
  if (!order) return views.reverse();
  const keyOf: Readonly<Record<string, (view: StatusView) => number | string>> = {
    createUtc: (view) => view.request.course.acceptedAt,
    recipientCount: (view) => view.request.recipients.count,
    reservationUtc: (view) => view.request.reservedAt ?? 0,
    sendUtc: (view) => view.sendDate() ?? 0,
    statusCode: (view) => view.requestCode(),
  };
  const key = keyOf[order.property] ?? (() => 0);
  const compare = (a: StatusView, b: StatusView): number => {
    const [left, right] = [key(a), key(b)];
    if (left === right) return a.request.index - b.request.index;
    return left < right ? -1 : 1;
  };
  return views.sort((a, b) => (order.ascending ? compare(a, b) : compare(b, a)));
}
