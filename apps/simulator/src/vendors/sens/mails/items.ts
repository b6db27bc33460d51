import type { Progress } from '../../../outcomes/progress.js';
import { REASONS } from '../../../outcomes/reasons.js';
import { mailRange, type AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { writeIso } from '../dates.js';
import { TYPES } from '../send/recipients.js';
import type { SensSettings } from '../settings.js';
import { settingsOf } from '../state.js';
import { mailIdOf } from './find.js';
import type { StatusView } from './mail-status.js';
import { renderBody, renderTitle } from './render.js';

function commonPart({ content, course }: AcceptedRequest, settings: SensSettings) {
  return {
    templateNo: content.templateId === null ? null : Number(content.templateId),
    templateName: content.templateName,
    senderAddress: content.senderAddress,
    senderName: content.senderName,
    createDateTime: writeIso(course.acceptedAt, settings),
  };
}

/** Row of the list of requests (sens.md §4). */
export function requestItem(view: StatusView, settings: SensSettings) {
  const { request } = view;
  const item = { requestId: request.requestId, status: view.requestStatus() };
  if (settings.rows === 'bare') return item;
  const title = settings.requestTitle === 'as-sent' ? request.content.title : mailTitle(request, 0, settings);
  return {
    ...item,
    title,
    ...commonPart(request, settings),
    dispatchType: 'API',
    requestCount: request.mailCount,
    recipientCount: request.recipients.count,
    reservationDateTime: request.reservedAt === null ? null : writeIso(request.reservedAt, settings),
  };
}

/** Title of one mail as its first recipient sees it. */
export const mailTitle = (request: AcceptedRequest, mail: number, settings: SensSettings): string =>
  renderTitle(request.content, request.recipients.parameters[mail * request.mailSize], settings);

/** Row of the list of mails (§5). */
export function mailItem(view: StatusView, mail: number, settings: SensSettings) {
  const { request } = view;
  const item = { mailId: mailIdOf(request, mail), status: mailLevel(view.mailStatus(mail)) };
  if (settings.rows === 'bare') return item;
  const { from, to } = mailRange(request, mail);
  const first = request.recipients.addresses[from] ?? '';
  const others = to - from - 1;
  return {
    ...item,
    title: mailTitle(request, mail, settings),
    ...commonPart(request, settings),
    ...sendDatePart(view, settings),
    representativeRecipient: others > 0 ? `${first}(${others})` : first,
  };
}

function sendDatePart(view: StatusView, settings: SensSettings): object {
  const at = view.sentAt();
  return settings.sendDateTime === 'present' && at !== undefined ? { sendDateTime: writeIso(at, settings) } : {};
}

/** A mail has no PREPARING (§5). */
export const mailLevel = (status: string): string => (status === 'PREPARING' ? 'READY' : status);

/** Get mail (§6). */
export function mailDetail(simulator: Simulator, view: StatusView, mail: number) {
  const settings = settingsOf(simulator);
  const { request } = view;
  const { from, to } = mailRange(request, mail);
  const positions = Array.from({ length: to - from }, (_, offset) => from + offset);
  return {
    requestId: request.requestId,
    mailId: mailIdOf(request, mail),
    requesterIp: request.requesterIp,
    ...commonPart(request, settings),
    title: mailTitle(request, mail, settings),
    status: mailLevel(view.mailStatus(mail)),
    ...bodyPart(renderBody(request.content, request.recipients.parameters[from], settings), settings),
    ...sendDatePart(view, settings),
    attachFiles: request.content.files.map(({ fileName, fileSize, fileId }) => ({ fileName, fileSize, fileId })),
    recipients: positions.map((position) => recipientItem(simulator, view, position)),
  };
}

function bodyPart(body: string, { detailBody }: SensSettings): object {
  switch (detailBody) {
    case 'absent':
      return {};
    case 'without-comments':
      return { body: body.replaceAll(/<!--[\s\S]*?-->/g, '') };
    case 'escaped':
      return { body: body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') };
    case 'rendered':
      return { body };
  }
}

function recipientItem(simulator: Simulator, view: StatusView, position: number) {
  const row = view.request.recipients.row(position);
  const progress = view.progress(row.plan);
  const { recipientStatus, optedOutStatus } = settingsOf(simulator);
  const status = progress.state === 'unsubscribed' ? optedOutStatus : mailLevel(view.recipientStatus(row.plan));
  return {
    address: row.address,
    name: row.name,
    type: TYPES[row.type],
    ...(recipientStatus === 'present' && { status }),
    received: progress.openedAt !== null,
    retryCount: 0,
    ...resultPart(simulator, row.plan, progress),
  };
}

/** Result codes as v1's (§6); the text of an opt-out is unknown. */
function resultPart(simulator: Simulator, plan: number, progress: Progress) {
  const reason = REASONS[simulator.plans.get(plan).reason];
  const result = (code: string | null, message: string | null) => ({
    sendResultCode: code,
    sendResultMessage: message,
  });
  switch (progress.state) {
    case 'sent':
      return result('MAIL_SENT', '250 2.0.0 OK');
    case 'failed':
      return result(reason.ncpCode, reason.ncpText);
    case 'refused':
      return result('RECIPIENT_ADDRESS_ERROR', 'Invalid address');
    case 'bounced':
    case 'unverified':
      return result(reason.ncpCode, `${reason.smtpReply}\n`);
    case 'whitelisted':
      return result('SECURITY_AND_POLICY_ERROR', 'Not on the white list');
    case 'unsubscribed':
      return result('UNSUBSCRIBED_ADDRESS', 'The recipient has unsubscribed');
    default:
      return result(null, null);
  }
}
