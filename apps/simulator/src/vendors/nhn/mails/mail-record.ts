import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { RECEIVE_TYPES } from '../send/fields.js';
import { receiverRow } from './mail-rows.js';
import { renderText } from './template-text.js';

/** One recipient's mail for the record of the control endpoints. */
export function mailOf(simulator: Simulator, request: AcceptedRequest, position: number) {
  const row = request.recipients.row(position);
  return {
    mailSeq: Math.floor(position / request.mailSize),
    type: RECEIVE_TYPES[row.type]?.code,
    status: receiverRow(simulator, request, position, simulator.now()).statusCode,
    subject: renderText(request.content, 'title', row.parameters),
    body: renderText(request.content, 'body', row.parameters),
  };
}
