import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { TYPES } from '../send/recipients.js';
import { settingsOf } from '../state.js';
import { mailIdOf } from './find.js';
import { StatusView } from './mail-status.js';
import { renderBody, renderTitle } from './render.js';

/** One recipient's mail for the record of the control endpoints. */
export function mailOf(simulator: Simulator, request: AcceptedRequest, position: number) {
  const row = request.recipients.row(position);
  const settings = settingsOf(simulator);
  return {
    mailId: mailIdOf(request, Math.floor(position / request.mailSize)),
    type: TYPES[row.type],
    status: new StatusView(simulator, request).recipientStatus(row.plan),
    subject: renderTitle(request.content, row.parameters, settings),
    body: renderBody(request.content, row.parameters, settings),
  };
}
