import { lastOf, type Query } from '../../../http/query.js';
import type { NhnSettings } from '../settings.js';
import { readDate } from '../dates.js';
import { NhnError } from '../envelope.js';
import { checkQueryNames, readPage, type PageRequest } from '../page.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { ReceiverRow } from './mail-rows.js';

const NAMES = [
  'requestId',
  'startSendDate',
  'endSendDate',
  'startReceiveDate',
  'endReceiveDate',
  'senderAddress',
  'senderName',
  'receiveMailAddr',
  'templateId',
  'senderGroupingKey',
  'mailStatusCode',
  'isReceived',
  'isOpened',
  'statsId',
];

/** Tests of a list call: what a request must satisfy, and what each receiver of it must. */
export interface MailFilter extends PageRequest {
  readonly requestTests: readonly ((request: AcceptedRequest) => boolean)[];
  readonly rowTests: readonly ((row: ReceiverRow) => boolean)[];
}

/** Reads the query of sender/mails (nhn.md §5.2). Text filters match exactly; whether they really do is unknown. */
export function readFilter(query: Query, settings: NhnSettings): MailFilter {
  checkQueryNames(query, NAMES, settings.unknownFields);
  const date = (name: string): number | undefined => {
    const text = lastOf(query, name);
    return text === undefined ? undefined : readDate(text, name, settings);
  };
  const [from, to] = [date('startSendDate'), date('endSendDate')];
  if (lastOf(query, 'requestId') === undefined && (from === undefined || to === undefined)) {
    throw new NhnError(-2049, 'requestId or startSendDate and endSendDate are required.');
  }
  return {
    requestTests: [
      ...textTests(query),
      ({ course: { startAt } }) =>
        (from === undefined || second(startAt) >= from) && (to === undefined || second(startAt) <= to),
    ],
    rowTests: rowTests(query, date('startReceiveDate'), date('endReceiveDate')),
    ...readPage(query),
  };
}

/** Times have no fraction here, so a window is compared in whole seconds. */
const second = (epochMs: number): number => Math.floor(epochMs / 1_000) * 1_000;

function textTests(query: Query): ((request: AcceptedRequest) => boolean)[] {
  const tests: ((request: AcceptedRequest) => boolean)[] = [];
  const add = (name: string, valueOf: (request: AcceptedRequest) => string | null): void => {
    const wanted = lastOf(query, name);
    if (wanted !== undefined) tests.push((request) => valueOf(request) === wanted);
  };
  add('requestId', (request) => request.requestId);
  add('senderAddress', (request) => request.content.senderAddress);
  add('senderName', (request) => request.content.senderName);
  add('templateId', (request) => request.content.templateId);
  add('senderGroupingKey', (request) => request.content.marker);
  return tests;
}

function rowTests(query: Query, from: number | undefined, to: number | undefined): ((row: ReceiverRow) => boolean)[] {
  const tests: ((row: ReceiverRow) => boolean)[] = [];
  const address = lastOf(query, 'receiveMailAddr')?.toLowerCase();
  if (address !== undefined) {
    tests.push(({ request, position }) => request.recipients.addresses[position]?.toLowerCase() === address);
  }
  const status = lastOf(query, 'mailStatusCode');
  if (status !== undefined && !/^SST\d$/.test(status)) throw new NhnError(-5000, `Invalid parameter. ${status}`);
  if (status !== undefined) tests.push((row) => row.statusCode === status);
  const [received, opened] = [flag(query, 'isReceived'), flag(query, 'isOpened')];
  if (received !== undefined) tests.push(({ progress }) => (progress.receivedAt !== null) === received);
  if (opened !== undefined) tests.push(({ progress }) => (progress.openedAt !== null) === opened);
  if (from !== undefined)
    tests.push(({ progress }) => progress.receivedAt !== null && second(progress.receivedAt) >= from);
  if (to !== undefined) tests.push(({ progress }) => progress.receivedAt !== null && second(progress.receivedAt) <= to);
  return tests;
}

function flag(query: Query, name: string): boolean | undefined {
  const text = lastOf(query, name);
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false') throw new NhnError(-9993, `Request binding failed. ${name}: ${text}`);
  return text === 'true';
}
