import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { formatDateTime, offsetText } from '../../../http/vendor-time.js';
import { mailSeqOf, receiverPart, receiverRow } from '../mails/mail-rows.js';
import { settingsOf, storeOf } from '../state.js';

/** The states that a hook reports (nhn.md §6.3); SST2 only once the receiving side has confirmed. */
const REPORTED: ReadonlySet<string> = new Set(['SST2', 'SST3', 'SST5', 'SST7', 'SST8']);
/** Requests that are older report nothing any more, so that they need not be looked at. */
const REPORTING_MS = 3_600_000;

/** One entry of `hooks`, and the project that it is of. */
export interface Hook {
  readonly appKey: string;
  readonly requestId: string;
  readonly hook: object;
}

/** The hooks that are due and were not asked for before, oldest first. */
export function dueHooks(simulator: Simulator): Hook[] {
  const now = simulator.now() - settingsOf(simulator).hooks.delayMs;
  return simulator.requests
    .all()
    .filter(({ provider, course }) => provider === 'nhn' && course.startAt >= now - REPORTING_MS)
    .flatMap((request) => dueOf(simulator, request, now));
}

function dueOf(simulator: Simulator, request: AcceptedRequest, now: number): Hook[] {
  const { hooked } = storeOf(simulator);
  const due: Hook[] = [];
  for (let position = 0; position < request.recipients.count; position += 1) {
    const row = receiverRow(simulator, request, position, now);
    const isConfirmed = row.statusCode !== 'SST2' || row.progress.receivedAt !== null;
    const id = `${request.requestId}/${position}/${row.statusCode}`;
    if (!REPORTED.has(row.statusCode) || !isConfirmed || hooked.has(id)) continue;
    hooked.add(id);
    due.push({ appKey: request.scope, requestId: request.requestId, hook: hookOf(simulator, request, row) });
  }
  return due;
}

/** As in the vendor's sample: `mailSeq` is a text there, times have an offset. */
function hookOf(simulator: Simulator, request: AcceptedRequest, row: ReturnType<typeof receiverRow>): object {
  const { hooks, utcOffsetMinutes } = settingsOf(simulator);
  const part = receiverPart(simulator, row, 2.1);
  const isSent = row.statusCode === 'SST2';
  const mailSeq = mailSeqOf(row);
  const stamp = (at: number | null): string | null =>
    at === null ? null : `${formatDateTime(at, utcOffsetMinutes).replace(' ', 'T')}.000${offsetText(utcOffsetMinutes)}`;
  const { content, course } = request;
  return {
    hookId: `${request.requestId}${row.position}`,
    messageType: messageType(request.operation),
    requestId: request.requestId,
    mailSeq: hooks.mailSeq === 'text' ? String(mailSeq) : mailSeq,
    senderAddress: content.senderAddress,
    receiveMailAddr: part.receiveMailAddr,
    mailStatusCode: row.statusCode,
    requestDate: stamp(course.startAt),
    createDate: stamp(course.acceptedAt),
    resultDate: isSent ? stamp(row.progress.receivedAt) : null,
    dsnCode: isSent ? '2.5.0' : null,
    dsnMessage: isSent ? 'SUCCESS' : null,
    [hooks.keyName]: content.marker,
    _links: {
      self: {
        href: `https://email.api.nhncloudservice.com/email/v2.0/appKeys/${request.scope}/sender/mail/${request.requestId}/${mailSeq}`,
      },
    },
  };
}

const messageType = (operation: string): string =>
  operation.includes('ad-') ? 'NORMAL_MAIL_AD' : operation.includes('auth') ? 'NORMAL_MAIL_AUTH' : 'NORMAL_MAIL';

/** A call of the vendor (nhn.md §6.3). The name of the event for results is not documented. */
export function callOf(simulator: Simulator, appKey: string, hooks: readonly object[], serial: number) {
  const { signature } = settingsOf(simulator).hooks;
  const body = {
    hooksId: `hooks${serial}`,
    webhookConfigId: 'simulated',
    productName: 'Email',
    appKey,
    event: 'MESSAGE_RESULT_UPDATE',
    hooks,
  };
  return {
    headers: {
      'content-type': 'application/json;charset=UTF-8',
      ...(signature !== null && { 'x-toast-webhook-signature': signature }),
    },
    body: JSON.stringify(body),
  };
}
