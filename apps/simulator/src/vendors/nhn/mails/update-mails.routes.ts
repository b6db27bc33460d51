import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lastOf, queryOf, type Query } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { readDate, writeDate } from '../dates.js';
import { NhnError, success, type Envelope } from '../envelope.js';
import { checkQueryNames, pageOf, readPage } from '../page.js';
import { settingsOf } from '../state.js';
import { TAG_MAIL } from '../tags/tag-mail.send.js';
import { appKeyOf, requireVersion } from '../version.js';
import { mailPart, receiverPart, receiverRow, type ReceiverRow } from './mail-rows.js';

const NAMES = ['startMailStatusUpdateDate', 'endMailStatusUpdateDate', 'mailStatusCode', 'messageType'];
const STATUSES: ReadonlySet<string> = new Set(['SST2', 'SST3', 'SST5', 'SST7', 'SST8']);
const TYPES: Readonly<Record<string, (operation: string) => boolean>> = {
  NORMAL: (operation) => !operation.includes('ad-') && !operation.includes('auth'),
  DM: (operation) => operation.includes('ad-'),
  AUTH: (operation) => operation.includes('auth'),
};

/** A receiver with a final result, and when that was found. */
interface Update extends ReceiverRow {
  readonly updatedAt: number;
}

/** GET sender/update-mails, from v2.1 on: final results by the time at which they were found (nhn21.md §3.3). */
export function updateMailRoutes(app: FastifyInstance, context: VendorContext): void {
  const spec = { method: 'GET', url: '/sender/update-mails', operation: 'updates' } as const;
  vendorRoute(app, context, spec, (call) => {
    requireVersion(call, 2.1);
    return listUpdates(context.simulator, call);
  });
}

function listUpdates(simulator: Simulator, call: FastifyRequest): Envelope {
  const settings = settingsOf(simulator);
  const query = queryOf(call);
  checkQueryNames(query, NAMES, settings.unknownFields);
  const { from, to } = readWindow(query, simulator);
  const tests = [statusTest(query), typeTest(query)];
  const now = simulator.now() - settings.updateMails.lagMs;
  const updates = simulator.requests
    .visible('nhn', appKeyOf(call), simulator.now())
    // Tag mails have lists of their own.
    .filter(({ operation }) => operation !== TAG_MAIL)
    .flatMap((request) => updatesOf(simulator, request, now))
    .filter((update) => second(update.updatedAt) >= from && second(update.updatedAt) <= to)
    .filter((update) => tests.every((test) => test(update)))
    .sort((a, b) => a.updatedAt - b.updatedAt);
  return success(pageOf(updates, readPage(query), (update) => itemOf(simulator, update)));
}

function itemOf(simulator: Simulator, update: Update) {
  const settings = settingsOf(simulator);
  const { requestId, mailSeq, resultDate, openedDate, ...dsn } = receiverPart(simulator, update, 2.1);
  const { dsnCode = null, dsnMessage = null } = dsn as { dsnCode?: string | null; dsnMessage?: string | null };
  const { requestDate, senderGroupingKey } = mailPart(simulator, update);
  return {
    requestId,
    mailSeq,
    mailStatusCode: update.statusCode,
    // The vendor names it otherwise here than in the other lists.
    mailStatusName: update.statusCode === 'SST2' ? '발송 성공' : update.statusName,
    requestDate,
    mailStatusUpdatedDate: settings.updateMails.updatedDate === 'empty' ? '' : writeDate(update.updatedAt, settings),
    resultDate,
    openedDate,
    dsnCode,
    dsnMessage,
    senderGroupingKey,
  };
}

/** Times have no fraction here. */
const second = (epochMs: number): number => Math.floor(epochMs / 1_000) * 1_000;

function readWindow(query: Query, simulator: Simulator): { from: number; to: number } {
  const settings = settingsOf(simulator);
  const texts = NAMES.slice(0, 2).map((name) => [name, lastOf(query, name)] as const);
  const [from, to] = texts.map(([name, text]) => (text === undefined ? undefined : readDate(text, name, settings)));
  if (from === undefined || to === undefined) {
    throw new NhnError(-2062, 'startMailStatusUpdateDate and endMailStatusUpdateDate are required.');
  }
  const { maxWindowMinutes } = settings.updateMails;
  if (maxWindowMinutes !== null && to - from > maxWindowMinutes * 60_000) {
    throw new NhnError(-2000, `The window is over ${maxWindowMinutes} minutes.`);
  }
  return { from, to };
}

function updatesOf(simulator: Simulator, request: AcceptedRequest, now: number): Update[] {
  const updates: Update[] = [];
  for (let position = 0; position < request.recipients.count; position += 1) {
    const row = receiverRow(simulator, request, position, now);
    // SST2 is listed by the time of receipt.
    const updatedAt = row.statusCode === 'SST2' ? row.progress.receivedAt : row.progress.outcomeAt;
    if (STATUSES.has(row.statusCode) && updatedAt !== null) updates.push({ ...row, updatedAt });
  }
  return updates;
}

function statusTest(query: Query): (update: Update) => boolean {
  const status = lastOf(query, 'mailStatusCode');
  if (status !== undefined && !STATUSES.has(status)) throw new NhnError(-5000, `Invalid parameter. ${status}`);
  return ({ statusCode }) => status === undefined || statusCode === status;
}

function typeTest(query: Query): (update: Update) => boolean {
  const type = lastOf(query, 'messageType');
  if (type === undefined) return () => true;
  const test = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (test === undefined) throw new NhnError(-5000, `Invalid parameter. ${type}`);
  return ({ request: { operation } }) => test(operation);
}
