import { progressAt } from '../../../outcomes/progress.js';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { RECIPIENT_TYPES } from '../types.js';
import { mailIdOf } from './find-request.js';
import { recipientCode } from './mail-status.js';
import { renderBody, renderTitle } from './render.js';

/** One recipient's mail for the record of the control endpoints. */
export function mailOf(simulator: Simulator, request: AcceptedRequest, position: number) {
  const row = request.recipients.row(position);
  return {
    mailId: mailIdOf(request, Math.floor(position / request.mailSize)),
    type: RECIPIENT_TYPES[row.type]?.code,
    status: recipientCode(progressAt(simulator.plans.get(row.plan), request.course, simulator.now())),
    subject: renderTitle(request.content, row.parameters),
    body: renderBody(request.content, row.parameters),
  };
}
