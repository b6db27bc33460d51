import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lastOf, queryOf, type Query } from '../../../http/query.js';
import type { VendorContext } from '../../../http/vendor-route.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { NhnSettings } from '../settings.js';
import type { TagMail } from './tag-book.js';
import { readDate } from '../dates.js';
import { NhnError, success, type Envelope } from '../envelope.js';
import { receiverRow } from '../mails/mail-rows.js';
import { checkQueryNames, pageOf, readPage } from '../page.js';
import { wholeNumber } from '../read-body.js';
import { noData, tagBookOf, tagRoute } from './tag-route.js';
import { isTagSendStatus, tagMailDetail, tagMailItem, tagReceiverItem, tagSendStatus } from './tag-mail.rows.js';
import { TAG_MAIL } from './tag-mail.send.js';
import { appKeyOf } from '../version.js';
import { settingsOf } from '../state.js';

interface Found {
  readonly request: AcceptedRequest;
  readonly mail: TagMail;
}

/** The three queries of tag mails (nhn.md §5.4). */
export function tagMailRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  tagRoute(app, context, { method: 'GET', url: '/tagMails', operation: 'find' }, (call) => listMails(context, call));
  tagRoute(app, context, { method: 'GET', url: '/tagMails/:requestId', operation: 'list' }, (call) =>
    listReceivers(context, call),
  );
  const detail = { method: 'GET', url: '/tagMails/:requestId/:mailSequence', operation: 'detail' } as const;
  tagRoute(app, context, detail, (call) => {
    const { request } = found(context, call);
    const { mailSequence } = call.params as { mailSequence: string };
    const at = wholeNumber(mailSequence, 'mailSequence') ?? 0;
    if (at >= request.recipients.count) throw noData();
    const row = receiverRow(simulator, request, at, simulator.now());
    return success({ data: tagMailDetail(row, settingsOf(simulator)) });
  });
}

function visible(context: VendorContext, call: FastifyRequest): Found[] {
  const { simulator } = context;
  const { mails } = tagBookOf(context, call);
  return simulator.requests.visible('nhn', appKeyOf(call), simulator.now()).flatMap((request) => {
    const mail = request.operation === TAG_MAIL ? mails.get(request.requestId) : undefined;
    return mail ? [{ request, mail }] : [];
  });
}

function found(context: VendorContext, call: FastifyRequest): Found {
  const { requestId } = call.params as { requestId: string };
  const row = visible(context, call).find(({ request }) => request.requestId === requestId);
  if (!row) throw noData();
  return row;
}

function listMails(context: VendorContext, call: FastifyRequest): Envelope {
  const { simulator } = context;
  const settings = settingsOf(simulator);
  const query = queryOf(call);
  const names = ['requestId', 'startSendDate', 'endSendDate', 'senderMail', 'senderName', 'templateId', 'sendStatus'];
  checkQueryNames(query, names, settings.unknownFields);
  const window = windowOf(query, 'SendDate', settings);
  if (lastOf(query, 'requestId') === undefined && (window.from === undefined || window.to === undefined)) {
    throw new NhnError(-2049, 'requestId or startSendDate and endSendDate are required.');
  }
  const status = lastOf(query, 'sendStatus');
  if (status !== undefined && !isTagSendStatus(status)) throw new NhnError(-5000, `Invalid parameter. ${status}`);
  const fits = (name: string, value: string | null): boolean => (lastOf(query, name) ?? value) === value;
  const rows = visible(context, call)
    .filter(({ request }) => fits('requestId', request.requestId) && fits('senderMail', request.content.senderAddress))
    .filter(
      ({ request: { content } }) => fits('senderName', content.senderName) && fits('templateId', content.templateId),
    )
    .filter(({ request }) => within(window, request.reservedAt ?? request.course.acceptedAt))
    .filter(({ request, mail }) => status === undefined || tagSendStatus(simulator, request, mail) === status);
  const page = readPage(query);
  return success(pageOf(rows.reverse(), page, ({ request, mail }) => tagMailItem(simulator, request, mail)));
}

function listReceivers(context: VendorContext, call: FastifyRequest): Envelope {
  const { simulator } = context;
  const settings = settingsOf(simulator);
  const query = queryOf(call);
  checkQueryNames(
    query,
    ['receiveMail', 'startReceiveDate', 'endReceiveDate', 'receiveStatus'],
    settings.unknownFields,
  );
  const window = windowOf(query, 'ReceiveDate', settings);
  const status = lastOf(query, 'receiveStatus');
  if (status !== undefined && !/^SST\d$/.test(status)) throw new NhnError(-5000, `Invalid parameter. ${status}`);
  const address = lastOf(query, 'receiveMail')?.toLowerCase();
  const { request, mail } = found(context, call);
  const now = simulator.now();
  const rows = Array.from({ length: request.recipients.count }, (_, at) => receiverRow(simulator, request, at, now))
    .filter((row) => status === undefined || row.statusCode === status)
    .filter(
      ({ position }) => address === undefined || request.recipients.addresses[position]?.toLowerCase() === address,
    )
    .filter((row) => within(window, row.progress.receivedAt));
  return success(pageOf(rows, readPage(query), (row) => tagReceiverItem(row, mail, settings)));
}

interface Window {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

function windowOf(query: Query, name: string, settings: NhnSettings): Window {
  const date = (field: string): number | undefined => {
    const text = lastOf(query, field);
    return text === undefined ? undefined : readDate(text, field, settings);
  };
  return { from: date(`start${name}`), to: date(`end${name}`) };
}

/** In whole seconds, as in the other lists; nothing that has not happened is in a window. */
function within({ from, to }: Window, at: number | null): boolean {
  if (from === undefined && to === undefined) return true;
  if (at === null) return false;
  const second = Math.floor(at / 1_000) * 1_000;
  return second >= (from ?? 0) && second <= (to ?? Number.MAX_SAFE_INTEGER);
}
