import type { FastifyInstance } from 'fastify';
import { lastOf, queryOf, type Query } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { readMoment } from '../dates.js';
import { invalid } from '../errors.js';
import { checkQueryNames, pageOf, readPage, readStatuses, type PageRequest } from '../page.js';
import { serviceOf } from '../service.js';
import type { SensSettings } from '../settings.js';
import { settingsOf } from '../state.js';
import { mailIn, requestOf, sameAddress, visibleRequests } from './find.js';
import { requestItem } from './items.js';
import { isFinished, isTerminal, StatusView } from './mail-status.js';

const FILTERS = [
  'fromDateTime',
  'toDateTime',
  'requestId',
  'mailId',
  'title',
  'templateNo',
  'senderAddress',
  'recipientAddress',
  'dispatchType',
  'status',
];
const STATUSES = ['PREPARING', 'READY', 'RESERVED', 'SENDING', 'COMPLETED', 'FAILED', 'PARTIAL_FAILED', 'CANCELED'];
const REQUESTS = '/mail/v2/services/:serviceId/requests';

/** List mail requests and get mail request (sens.md §3, §4). */
export function requestRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  vendorRoute(app, context, { method: 'GET', url: REQUESTS, operation: 'find' }, (call) => {
    const scope = serviceOf(simulator, call);
    const settings = settingsOf(simulator);
    const query = queryOf(call);
    checkQueryNames(query, FILTERS, settings);
    const page = readPage(query, ['createDateTime']);
    const views = ordered(matching(simulator, scope, query), page);
    return pageOf('requests', views, { page, settings, toItem: (view: StatusView) => requestItem(view, settings) });
  });

  vendorRoute(app, context, { method: 'GET', url: `${REQUESTS}/:requestId`, operation: 'status' }, (call, reply) => {
    const view = new StatusView(simulator, requestOf(simulator, call));
    const settings = settingsOf(simulator);
    const status = view.requestStatus();
    const { retryAfterSeconds } = settings;
    if (!isTerminal(status) && retryAfterSeconds !== null) reply.header('retry-after', String(retryAfterSeconds));
    return statusBody(view, status, settings);
  });
}

function statusBody(view: StatusView, status: string, settings: SensSettings) {
  const counts = [...view.counts()].sort(([a], [b]) => a.localeCompare(b));
  const sumOf = (test: (each: string) => boolean): number =>
    counts.reduce((sum, [each, count]) => sum + (test(each) ? count : 0), 0);
  return {
    requestId: view.request.requestId,
    status,
    requestCount: view.request.mailCount,
    sentCount: sumOf((each) => each === 'COMPLETED'),
    finishCount: sumOf(isFinished),
    ...countsPart(counts, settings),
  };
}

function countsPart(counts: readonly (readonly [string, number])[], { countsByStatus }: SensSettings): object {
  switch (countsByStatus) {
    case 'absent':
      return {};
    case 'object':
      return { countsByStatus: Object.fromEntries(counts) };
    case 'list':
      return { countsByStatus: counts.map(([status, count]) => ({ status, count })) };
  }
}

function matching(simulator: Simulator, scope: string, query: Query): StatusView[] {
  const [from, to] = [readMoment(query, 'fromDateTime'), readMoment(query, 'toDateTime')];
  if (from > to) throw invalid('toDateTime', 'is before fromDateTime');
  const statuses = readStatuses(query, STATUSES);
  const tests = testsOf(query);
  const now = simulator.now();
  return visibleRequests(simulator, scope)
    .filter(({ course: { acceptedAt } }) => acceptedAt >= from && acceptedAt <= to)
    .filter((request) => tests.every((test) => test(request)))
    .map((request) => new StatusView(simulator, request, now))
    .filter((view) => statuses.length === 0 || statuses.includes(view.requestStatus()));
}

type RequestTest = (request: AcceptedRequest) => boolean;

function testsOf(query: Query): readonly RequestTest[] {
  const tests: RequestTest[] = [];
  const add = (name: string, test: (request: AcceptedRequest, wanted: string) => boolean): void => {
    const wanted = lastOf(query, name);
    if (wanted !== undefined) tests.push((request) => test(request, wanted));
  };
  const dispatchType = lastOf(query, 'dispatchType') ?? 'API';
  if (!['API', 'CONSOLE'].includes(dispatchType)) throw invalid('dispatchType', 'must be API or CONSOLE');
  if (dispatchType === 'CONSOLE') tests.push(() => false);
  add('requestId', (request, wanted) => request.requestId === wanted);
  add('mailId', (request, wanted) => mailIn(request, wanted) !== undefined);
  add('title', (request, wanted) => request.content.title.includes(wanted));
  add('templateNo', (request, wanted) => request.content.templateId === wanted);
  add('senderAddress', (request, wanted) => sameAddress(request.content.senderAddress, wanted));
  add('recipientAddress', (request, wanted) => request.recipients.addresses.some((a) => sameAddress(a, wanted)));
  return tests;
}

/** Requests are kept oldest first. */
const ordered = (views: StatusView[], { sort }: PageRequest): readonly StatusView[] =>
  sort.ascending ? views : views.reverse();
