import type { Progress } from '../../../outcomes/progress.js';
import { REASONS } from '../../../outcomes/reasons.js';
import type { Simulator } from '../../../state/simulator.js';
import { mailRange, type AcceptedRequest } from '../../../state/accepted-request.js';
import { mailIdOf } from './find-request.js';
import { recipientCode, type StatusView } from './mail-status.js';
import { renderBody, renderTitle } from './render.js';
import { emailStatus, nesDateTime, nesDateTimeOrNull, RECIPIENT_TYPES } from '../types.js';

/** The fields that list rows and mail detail have in common. */
function commonPart(request: AcceptedRequest) {
  const { content } = request;
  return {
    requestId: request.requestId,
    requestDate: nesDateTime(request.course.acceptedAt),
    templateSid: content.templateId === null ? null : Number(content.templateId),
    templateName: content.templateName,
    senderAddress: content.senderAddress,
    senderName: content.senderName,
  };
}

/** Row of getMailRequestList (ncp.md §3.4). */
export function requestItem(view: StatusView, korean: boolean) {
  const { request } = view;
  return {
    ...commonPart(request),
    emailStatus: emailStatus(view.requestCode(), korean),
    dispatchType: 'API',
    sendDate: nesDateTimeOrNull(view.sendDate()),
    reservationDate: nesDateTimeOrNull(request.reservedAt),
    requestCount: request.mailCount,
    recipientCount: request.recipients.count,
  };
}

/** Title of one mail as its first recipient sees it. */
export function mailTitle(request: AcceptedRequest, mail: number): string {
  return renderTitle(request.content, request.recipients.parameters[mail * request.mailSize]);
}

/** Row of getMailList (ncp.md §3.3). */
export function mailItem(view: StatusView, mail: number, korean: boolean) {
  const { request } = view;
  const { from, to } = mailRange(request, mail);
  const first = request.recipients.addresses[from] ?? '';
  const others = to - from - 1;
  return {
    ...commonPart(request),
    mailId: mailIdOf(request, mail),
    title: mailTitle(request, mail),
    emailStatus: emailStatus(view.mailCode(mail), korean),
    sendDate: nesDateTimeOrNull(view.sendDate()),
    reservationStatus:
      request.reservedAt === null
        ? { label: 'Immediate delivery', code: 'N' }
        : { label: 'Reserved delivery', code: 'Y' },
    advertising: request.content.advertising,
    representativeRecipient: others > 0 ? `${first}(${others})` : first,
  };
}

/** getMail (ncp.md §3.2). */
export function mailDetail(simulator: Simulator, view: StatusView, mail: number, korean: boolean) {
  const { request } = view;
  const { from, to } = mailRange(request, mail);
  const positions = Array.from({ length: to - from }, (_, offset) => from + offset);
  return {
    ...commonPart(request),
    requesterIp: request.requesterIp,
    mailId: mailIdOf(request, mail),
    title: mailTitle(request, mail),
    emailStatus: emailStatus(view.mailCode(mail), korean),
    sendDate: nesDateTimeOrNull(view.sendDate()),
    reservationDate: nesDateTimeOrNull(request.reservedAt),
    body: renderBody(request.content, request.recipients.parameters[from]),
    referencesHeader: request.content.marker,
    attachFiles: attachFilesOf(request),
    recipients: positions.map((position) => recipientItem(simulator, view, position, korean)),
    advertising: request.content.advertising,
  };
}

/** AttachFile entries, null without files (ncp.md §2). */
function attachFilesOf({ content }: AcceptedRequest) {
  if (content.files.length === 0) return null;
  return content.files.map(({ fileName, fileSize, fileId }) => ({ fileName, fileSize, fileId }));
}

function recipientItem(simulator: Simulator, view: StatusView, position: number, korean: boolean) {
  const row = view.request.recipients.row(position);
  const progress = view.progress(row.plan);
  return {
    address: row.address,
    name: row.name,
    type: RECIPIENT_TYPES[row.type],
    received: progress.openedAt !== null,
    receivedDate: nesDateTimeOrNull(progress.openedAt),
    status: emailStatus(recipientCode(progress), korean),
    retryCount: 0,
    ...resultPart(simulator, row.plan, progress),
  };
}

/** The SMTP reply ends with a line end, as in real logs; `fail` has a text without one (README.md). */
function resultPart(simulator: Simulator, plan: number, progress: Progress) {
  const reason = REASONS[simulator.plans.get(plan).reason];
  const failed = { sendResultCode: reason.ncpCode, sendResultCodeMessage: reason.ncpText };
  switch (progress.state) {
    case 'sent':
      return {
        sendResultMessage: '250 2.0.0 OK\n',
        sendResultCode: 'MAIL_SENT',
        sendResultCodeMessage: 'Mail sent',
      };
    case 'failed':
      return { sendResultMessage: reason.ncpText, ...failed };
    case 'refused':
      return {
        sendResultMessage: 'Invalid address',
        sendResultCode: 'RECIPIENT_ADDRESS_ERROR',
        sendResultCodeMessage: 'Recipient address error',
      };
    case 'bounced':
    case 'unverified':
      return { sendResultMessage: `${reason.smtpReply}\n`, ...failed };
    case 'whitelisted':
      return {
        sendResultMessage: 'Not on the white list',
        sendResultCode: 'SECURITY_AND_POLICY_ERROR',
        sendResultCodeMessage: 'Security and policy error',
      };
    default:
      return { sendResultMessage: '', sendResultCode: '', sendResultCodeMessage: '' };
  }
}
