import { progressAt, type DeliveryState, type Progress } from '../../../outcomes/progress.js';
import { REASONS } from '../../../outcomes/reasons.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { writeDate } from '../dates.js';
import { RECEIVE_TYPES } from '../send/fields.js';
import { renderText } from './template-text.js';
import { settingsOf } from '../state.js';

/** SST4 is a waiting reservation; `unlisted` gives a code that no document lists (nhn.md §5.1). */
const STATUS: Readonly<Record<DeliveryState, readonly [code: string, name: string]>> = {
  preparing: ['SST0', '발송 준비'],
  ready: ['SST0', '발송 준비'],
  sending: ['SST1', '발송 중'],
  sent: ['SST2', '발송 완료'],
  bounced: ['SST3', '발송 실패'],
  failed: ['SST3', '발송 실패'],
  refused: ['SST3', '발송 실패'],
  cancelled: ['SST3', '발송 실패'],
  unsubscribed: ['SST5', '수신 거부'],
  unverified: ['SST7', '미인증'],
  whitelisted: ['SST8', '화이트리스트 필터'],
  unlisted: ['SST9', '알 수 없음'],
};

/** A receiver of a request with its progress at one moment. */
export interface ReceiverRow {
  readonly request: AcceptedRequest;
  readonly position: number;
  readonly progress: Progress;
  readonly statusCode: string;
  readonly statusName: string;
}

export function receiverRow(
  simulator: Simulator,
  request: AcceptedRequest,
  position: number,
  now: number,
): ReceiverRow {
  const plan = simulator.plans.get(request.recipients.plans[position] ?? 0);
  const progress = progressAt(plan, request.course, now);
  const waiting = request.course.startAt > now;
  const [statusCode, statusName] = waiting ? (['SST4', '예약 대기'] as const) : STATUS[progress.state];
  return { request, position, progress, statusCode, statusName };
}

/** mailSeq counts the mails of a request from 0; receivers of general mail share one (nhn.md §2.4). */
export const mailSeqOf = (row: Pick<ReceiverRow, 'request' | 'position'>): number =>
  Math.floor(row.position / row.request.mailSize);

/** Fields about the receiver that rows and the detail's receiverList share. */
export function receiverPart(simulator: Simulator, row: ReceiverRow, version: number) {
  const settings = settingsOf(simulator);
  const recipient = row.request.recipients.row(row.position);
  const type = RECEIVE_TYPES[recipient.type];
  const { progress } = row;
  return {
    requestId: row.request.requestId,
    mailSeq: mailSeqOf(row),
    receiveType: type?.code,
    receiveTypeName: type?.name,
    receiveName: recipient.name,
    receiveMailAddr: recipient.address,
    isReceived: progress.receivedAt !== null,
    resultDate: writeDate(progress.receivedAt ?? progress.outcomeAt, settings),
    isOpened: progress.openedAt !== null,
    openedDate: writeDate(progress.openedAt, settings),
    ...(version >= 1.7 ? dsnPart(simulator, recipient.plan, progress) : {}),
  };
}

/** dsnCode and dsnMessage exist from v1.7 on; the sample is 2.5.0 / SUCCESS (nhn.md §6.1). */
function dsnPart(simulator: Simulator, plan: number, progress: Progress) {
  if (progress.receivedAt !== null) return { dsnCode: '2.5.0', dsnMessage: 'SUCCESS' };
  if (progress.state !== 'bounced') return { dsnCode: null, dsnMessage: null };
  const reason = REASONS[simulator.plans.get(plan).reason];
  return { dsnCode: reason.dsnCode, dsnMessage: reason.smtpReply };
}

/** Fields about the mail that rows and detail share. */
export function mailPart(simulator: Simulator, row: ReceiverRow) {
  const { content, course, reservedAt } = row.request;
  return {
    requestDate: writeDate(reservedAt ?? course.acceptedAt, settingsOf(simulator)),
    templateId: content.templateId,
    templateName: content.templateName,
    senderName: content.senderName,
    senderAddress: content.senderAddress,
    title: renderText(content, 'title', row.request.recipients.parameters[row.position]),
    mailStatusCode: row.statusCode,
    mailStatusName: row.statusName,
    senderGroupingKey: content.marker,
  };
}
