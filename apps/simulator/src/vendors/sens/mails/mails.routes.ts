import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lastOf, queryOf, type Query } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import { mailRange, type AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { notFound } from '../errors.js';
import { checkQueryNames, pageOf, readPage, readStatuses, type PageRequest } from '../page.js';
import type { SensSettings } from '../settings.js';
import { settingsOf } from '../state.js';
import { mailIdOf, mailIn, requestOf, sameAddress } from './find.js';
import { mailDetail, mailItem, mailLevel, mailTitle } from './items.js';
import { StatusView } from './mail-status.js';

const FILTERS = ['mailId', 'recipientAddress', 'title', 'status'];
const SORTABLE = ['mailId', 'createDateTime', 'status'];
const STATUSES = ['READY', 'RESERVED', 'SENDING', 'COMPLETED', 'FAILED', 'PARTIAL_FAILED', 'CANCELED'];
const MAILS = '/mail/v2/services/:serviceId/requests/:requestId/mails';

/** List mails and get mail (sens.md §5, §6). */
export function mailRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  vendorRoute(app, context, { method: 'GET', url: MAILS, operation: 'list' }, (call) =>
    listMails(simulator, call, requestOf(simulator, call)),
  );
  vendorRoute(app, context, { method: 'GET', url: `${MAILS}/:mailId`, operation: 'detail' }, (call) => {
    const request = requestOf(simulator, call);
    const { mailId } = call.params as { mailId: string };
    const mail = mailIn(request, mailId);
    if (mail === undefined) throw notFound(`mailId ${mailId} does not exist`, settingsOf(simulator));
    return mailDetail(simulator, new StatusView(simulator, request), mail);
  });
}

function listMails(simulator: Simulator, call: FastifyRequest, request: AcceptedRequest) {
  const settings = settingsOf(simulator);
  const query = queryOf(call);
  checkQueryNames(query, FILTERS, settings);
  const page = readPage(query, SORTABLE);
  const view = new StatusView(simulator, request);
  const tests = testsOf(view, query, settings);
  const hidden = settings.preparingMails === 'hidden' && view.requestStatus() === 'PREPARING';
  const rows = hidden ? [] : sorted(view, filtered(request, tests), page);
  return pageOf<number>('mails', rows, { page, settings, toItem: (mail) => mailItem(view, mail, settings) });
}

type MailTest = (mail: number) => boolean;

/** The matching mails, or just their number when nothing is filtered: a page then costs its rows only. */
function filtered(request: AcceptedRequest, tests: readonly MailTest[]): readonly number[] | number {
  if (tests.length === 0) return request.mailCount;
  const all = Array.from({ length: request.mailCount }, (_, mail) => mail);
  return all.filter((mail) => tests.every((test) => test(mail)));
}

function testsOf(view: StatusView, query: Query, settings: SensSettings): readonly MailTest[] {
  const { request } = view;
  const tests: MailTest[] = [];
  const statuses = readStatuses(query, STATUSES);
  if (statuses.length > 0) tests.push((mail) => statuses.includes(mailLevel(view.mailStatus(mail))));
  const mailId = lastOf(query, 'mailId');
  if (mailId !== undefined) tests.push((mail) => mailIdOf(request, mail) === mailId);
  const address = lastOf(query, 'recipientAddress');
  if (address !== undefined) tests.push((mail) => hasRecipient(request, mail, address));
  const title = lastOf(query, 'title');
  if (title !== undefined) tests.push((mail) => mailTitle(request, mail, settings).includes(title));
  return tests;
}

function hasRecipient(request: AcceptedRequest, mail: number, address: string): boolean {
  const { from, to } = mailRange(request, mail);
  return request.recipients.addresses.slice(from, to).some((each) => sameAddress(each, address));
}

/** Mails are stored in the order of id and creation, so only status and desc need work. */
function sorted(view: StatusView, mails: readonly number[] | number, { sort }: PageRequest) {
  if (sort.ascending && sort.field !== 'status') return mails;
  const list = typeof mails === 'number' ? Array.from({ length: mails }, (_, mail) => mail) : [...mails];
  if (sort.field === 'status') {
    const statuses = new Map(list.map((mail) => [mail, view.mailStatus(mail)]));
    list.sort((a, b) => (statuses.get(a) ?? '').localeCompare(statuses.get(b) ?? '') || a - b);
  }
  return sort.ascending ? list : list.reverse();
}
