import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { NhnSettings } from '../settings.js';
import type { Simulator } from '../../../state/simulator.js';
import type { TagMail } from './tag-book.js';
import { fileItem } from '../send/attachments.js';
import { writeStamp } from '../dates.js';
import { receiverRow, type ReceiverRow } from '../mails/mail-rows.js';
import { RECEIVE_TYPES } from '../send/fields.js';
import { renderText } from '../mails/template-text.js';
import { settingsOf } from '../state.js';

const NAMES: Readonly<Record<string, string>> = {
  WAIT: '대기',
  READY: '준비',
  SENDREADY: '발송 준비 완료',
  SENDWAIT: '발송 대기',
  SENDING: '발송 중',
  COMPLETE: '발송 완료',
  FAIL: '발송 실패',
  CANCEL: '발송 취소',
};

export const isTagSendStatus = (code: string): boolean => Object.hasOwn(NAMES, code);

/** Half of the preparation is waiting, half is reading who will get it (nhn.md §5.4). */
export function tagSendStatus(simulator: Simulator, request: AcceptedRequest, mail: TagMail): string {
  const now = simulator.now();
  const { acceptedAt, startAt, timings } = request.course;
  if (now < acceptedAt + timings.preparedMs / 2) return 'WAIT';
  if (now < acceptedAt + timings.preparedMs) return 'READY';
  if (!mail.autoSend) return 'SENDREADY';
  if (now < startAt + timings.sendingMs) return 'SENDWAIT';
  const { count } = request.recipients;
  for (let at = 0; at < count; at += 1) {
    if (receiverRow(simulator, request, at, now).progress.outcomeAt === null) return 'SENDING';
  }
  return 'COMPLETE';
}

const stampOrNull = (at: number | null, settings: NhnSettings): string | null =>
  at === null ? null : writeStamp(at, settings);

const senderPart = ({ content }: AcceptedRequest) => ({
  templateId: content.templateId,
  templateName: content.templateName,
  senderName: content.senderName,
});

/** Row of GET tagMails; the JSON of the document has senderMailAddress where its table has senderMail. */
export function tagMailItem(simulator: Simulator, request: AcceptedRequest, mail: TagMail) {
  const settings = settingsOf(simulator);
  const { content, course, reservedAt } = request;
  const tagStatus = tagSendStatus(simulator, request, mail);
  return {
    requestId: request.requestId,
    requestIp: request.requesterIp,
    requestDate: writeStamp(reservedAt ?? course.acceptedAt, settings),
    tagSendStatus: tagStatus,
    tagSendStatusName: NAMES[tagStatus],
    tagExpression: mail.tagExpression,
    ...senderPart(request),
    senderMailAddress: content.senderAddress,
    title: content.title,
    body: content.body,
    attachYn: content.files.length > 0 ? 'Y' : 'N',
    adYn: content.advertising ? 'Y' : 'N',
    ...tracePart(request, mail, settings),
  };
}

const tracePart = ({ course }: AcceptedRequest, { createUser }: TagMail, settings: NhnSettings) => ({
  createUser,
  createDate: writeStamp(course.acceptedAt, settings),
  updateUser: createUser,
  updateDate: writeStamp(course.acceptedAt, settings),
});

/** Members that the row of a receiver and the detail of a mail share. */
const resultPart = (row: ReceiverRow, settings: NhnSettings) => ({
  mailStatusCode: row.statusCode,
  mailStatusName: row.statusName,
  resultId: `<${row.request.requestId}.${row.position}@mail.simulator.invalid>`,
  resultDate: stampOrNull(row.progress.receivedAt ?? row.progress.outcomeAt, settings),
});

const readPart = (row: ReceiverRow, settings: NhnSettings) => ({
  readYn: row.progress.openedAt === null ? 'N' : 'Y',
  readDate: stampOrNull(row.progress.openedAt, settings),
});

/** Row of GET tagMails/{requestId}. */
export const tagReceiverItem = (row: ReceiverRow, mail: TagMail, settings: NhnSettings) => ({
  requestId: row.request.requestId,
  mailSequence: row.position,
  receiveMail: row.request.recipients.addresses[row.position],
  ...resultPart(row, settings),
  ...readPart(row, settings),
  ...tracePart(row.request, mail, settings),
});

/** `data` of GET tagMails/{requestId}/{mailSequence}. */
export const tagMailDetail = (row: ReceiverRow, settings: NhnSettings) => ({
  requestId: row.request.requestId,
  requestIp: row.request.requesterIp,
  ...senderPart(row.request),
  ...resultPart(row, settings),
  requestDate: writeStamp(row.request.reservedAt ?? row.request.course.acceptedAt, settings),
  senderMail: row.request.content.senderAddress,
  title: renderText(row.request.content, 'title', undefined),
  body: renderText(row.request.content, 'body', undefined),
  receivers: [
    {
      requestId: row.request.requestId,
      // A String in the samples, an Integer in the table.
      mailSequence: String(row.position),
      receiveType: RECEIVE_TYPES[0]?.code,
      receiveTypeName: RECEIVE_TYPES[0]?.name,
      receiveMailAddr: row.request.recipients.addresses[row.position],
      ...readPart(row, settings),
    },
  ],
  attachFileList: row.request.content.files.map((file) => fileItem(file, settings)),
  customHeaders: row.request.content.customHeaders,
});
