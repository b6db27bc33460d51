import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lastOf, queryOf } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import { mailRange, type AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { fileItem } from '../send/attachments.js';
import { NhnError, success, type Envelope } from '../envelope.js';
import { mailPart, mailSeqOf, receiverPart, receiverRow, type ReceiverRow } from './mail-rows.js';
import { readFilter, type MailFilter } from './mails.filter.js';
import { renderText } from './template-text.js';
import { TAG_MAIL } from '../tags/tag-mail.send.js';
import { appKeyOf, versionOf } from '../version.js';
import { settingsOf } from '../state.js';

/** Data older than this cannot be queried (nhn.md §2.1). */
const HISTORY_MS = 90 * 86_400_000;

/** GET sender/mails and sender/mail/{requestId}/{mailSeq} (nhn.md §5.2, §5.3). */
export function mailRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const operation = (call: FastifyRequest): 'list' | 'find' =>
    lastOf(queryOf(call), 'requestId') === undefined ? 'find' : 'list';
  vendorRoute(app, context, { method: 'GET', url: '/sender/mails', operation }, (call) => listMails(simulator, call));

  const detail = { method: 'GET', url: '/sender/mail/:requestId/:mailSeq', operation: 'detail' } as const;
  vendorRoute(app, context, detail, (call) => mailDetail(simulator, call));
}

function listMails(simulator: Simulator, call: FastifyRequest): Envelope {
  const filter = readFilter(queryOf(call), settingsOf(simulator));
  const now = simulator.now();
  const requests = visibleRequests(simulator, call, now).filter((request) =>
    filter.requestTests.every((test) => test(request)),
  );
  const { rows, totalCount } = pageRows(simulator, requests.reverse(), filter, now);
  const version = versionOf(call);
  const data = rows.map((row) => ({ ...mailPart(simulator, row), ...receiverPart(simulator, row, version) }));
  return success({ pageNum: filter.pageNum, pageSize: filter.pageSize, totalCount, data });
}

/** Rows newest request first, in the order of receivers; without row tests only the page's rows are computed. */
function pageRows(simulator: Simulator, requests: readonly AcceptedRequest[], filter: MailFilter, now: number) {
  const from = (filter.pageNum - 1) * filter.pageSize;
  const rows: ReceiverRow[] = [];
  let totalCount = 0;
  for (const request of requests) {
    const before = totalCount;
    if (filter.rowTests.length === 0) {
      totalCount += request.recipients.count;
      const last = Math.min(request.recipients.count, from + filter.pageSize - before);
      for (let at = Math.max(0, from - before); at < last; at += 1) rows.push(receiverRow(simulator, request, at, now));
      continue;
    }
    for (let at = 0; at < request.recipients.count; at += 1) {
      const row = receiverRow(simulator, request, at, now);
      if (!filter.rowTests.every((test) => test(row))) continue;
      if (totalCount >= from && rows.length < filter.pageSize) rows.push(row);
      totalCount += 1;
    }
  }
  return { rows, totalCount };
}

function mailDetail(simulator: Simulator, call: FastifyRequest): Envelope {
  const { requestId, mailSeq } = call.params as { requestId: string; mailSeq: string };
  if (!/^\d{1,9}$/.test(mailSeq)) throw new NhnError(-9993, `Request binding failed. mailSeq: ${mailSeq}`);
  if (!/^\d{14}[0-9A-Za-z]{7}[0-3]$/.test(requestId)) throw new NhnError(-2007, `Invalid requestId. ${requestId}`);
  const now = simulator.now();
  const request = visibleRequests(simulator, call, now).find((r) => r.requestId === requestId);
  const mail = Number(mailSeq);
  if (!request || mail >= request.mailCount) throw new NhnError(-2006, 'Data does not exist.');
  const { from, to } = mailRange(request, mail);
  const rows = Array.from({ length: to - from }, (_, at) => receiverRow(simulator, request, from + at, now));
  const first = receiverRow(simulator, request, from, now);
  return success({
    data: {
      requestId,
      mailSeq: mailSeqOf(first),
      requestIp: request.requesterIp,
      ...mailPart(simulator, first),
      resultId: `<${requestId}.${mail}@mail.simulator.invalid>`,
      body: renderText(request.content, 'body', request.recipients.parameters[from]),
      receiverList: rows.map((row) => receiverPart(simulator, row, versionOf(call))),
      attachFileList: request.content.files.map((file) => fileItem(file, settingsOf(simulator))),
      customHeaders: request.content.customHeaders,
    },
  });
}

const visibleRequests = (simulator: Simulator, call: FastifyRequest, now: number): AcceptedRequest[] =>
  simulator.requests
    .visible('nhn', appKeyOf(call), now)
    // Tag mails have lists of their own.
    .filter((r) => r.course.acceptedAt >= now - HISTORY_MS && r.operation !== TAG_MAIL);
