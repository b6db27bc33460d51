import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lastOf, queryOf, type Query } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import { badRequest } from '../errors.js';
import { mailById, mailIdOf, requestById } from './find-request.js';
import { wantsKorean } from '../language.js';
import { mailDetail, mailItem, mailTitle } from './mail-items.js';
import { StatusView } from './mail-status.js';
import { checkQueryNames, pageOf, readPage, type PageRequest } from '../page.js';
import { settingsOf } from '../state.js';

/** getMail and getMailList (ncp.md §3.2, §3.3). */
export function mailRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const list = { method: 'GET', url: '/mails/requests/:requestId/mails', operation: 'list' } as const;
  vendorRoute(app, context, list, (call) => {
    const { requestId } = call.params as { requestId: string };
    return listMails(context, call, requestById(simulator, call, requestId));
  });

  vendorRoute(app, context, { method: 'GET', url: '/mails/:mailId', operation: 'detail' }, (call) => {
    const { mailId } = call.params as { mailId: string };
    const { request, mail } = mailById(simulator, call, mailId);
    return mailDetail(simulator, new StatusView(simulator, request), mail, wantsKorean(call));
  });
}

const FILTERS = ['mailId', 'recipientAddress', 'title', 'sendStatus'];
const SORTABLE = ['id', 'createUtc', 'statusCode'];
// No P here, unlike in the list of requests (ncp.md §3.3).
const STATUSES = ['R', 'I', 'S', 'F', 'U', 'C', 'PF'];

function listMails({ simulator }: VendorContext, call: FastifyRequest, request: AcceptedRequest) {
  const query = queryOf(call);
  checkQueryNames(query, FILTERS, settingsOf(simulator));
  const page = readPage(query, SORTABLE, settingsOf(simulator));
  const view = new StatusView(simulator, request);
  const rows = sorted(view, filtered(view, query), page);
  const korean = wantsKorean(call);
  return pageOf<number, unknown>(rows, page, (mail) => mailItem(view, mail, korean));
}

/** The matching mails, or just their number when nothing is filtered: a page then costs its rows only. */
function filtered(view: StatusView, query: Query): readonly number[] | number {
  const tests = testsOf(view, query);
  if (tests.length === 0) return view.request.mailCount;
  const mails: number[] = [];
  for (let mail = 0; mail < view.request.mailCount; mail += 1) {
    if (tests.every((test) => test(mail))) mails.push(mail);
  }
  return mails;
}

function testsOf(view: StatusView, query: Query): ((mail: number) => boolean)[] {
  const { request } = view;
  const tests: ((mail: number) => boolean)[] = [];
  const statuses = query.get('sendStatus') ?? [];
  if (statuses.some((status) => !STATUSES.includes(status))) throw badRequest('sendStatus is bad');
  if (statuses.length > 0) tests.push((mail) => statuses.includes(view.mailCode(mail)));
  const mailId = lastOf(query, 'mailId');
  if (mailId !== undefined) tests.push((mail) => mailIdOf(request, mail) === mailId);
  const address = lastOf(query, 'recipientAddress')?.toLowerCase();
  if (address !== undefined) tests.push((mail) => hasRecipient(request, mail, address));
  const title = lastOf(query, 'title');
  if (title !== undefined) tests.push((mail) => mailTitle(request, mail).includes(title));
  return tests;
}

const hasRecipient = (request: AcceptedRequest, mail: number, address: string): boolean => {
  const from = mail * request.mailSize;
  for (let at = from; at < from + request.mailSize && at < request.recipients.count; at += 1) {
    if (request.recipients.addresses[at]?.toLowerCase() === address) return true;
  }
  return false;
};

/** Mails are stored in the order of id and creation, so only statusCode and desc need work. */
function sorted(view: StatusView, mails: readonly number[] | number, page: PageRequest): readonly number[] | number {
  const [order] = page.sort;
  if (!order || (order.ascending && order.property !== 'statusCode')) return mails;
  const list = typeof mails === 'number' ? Array.from({ length: mails }, (_, mail) => mail) : [...mails];
  if (order.property === 'statusCode') {
    const codes = new Map(list.map((mail) => [mail, view.mailCode(mail)]));
    list.sort((a, b) => (codes.get(a) ?? '').localeCompare(codes.get(b) ?? '') || a - b);
  }
  return order.ascending ? list : list.reverse();
}
