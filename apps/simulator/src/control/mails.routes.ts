import type { FastifyInstance } from 'fastify';
import { mailIdOf } from '../ncp/find-request.js';
import { recipientCode } from '../ncp/mail-status.js';
import { renderBody, renderTitle } from '../ncp/render.js';
import { RECIPIENT_TYPES } from '../ncp/types.js';
import { receiverRow } from '../nhn/mail-rows.js';
import { RECEIVE_TYPES } from '../nhn/send.fields.js';
import { renderText } from '../nhn/template-text.js';
import { progressAt } from '../outcomes/progress.js';
import type { AcceptedRequest } from '../state/accepted-request.js';
import type { Simulator } from '../state/simulator.js';
import { listSchema, passes } from './control-query.js';

const mailListSchema = listSchema.extend({ address: listSchema.shape.sender });

/** GET /control/mails: one row per recipient with what they got, oldest first. */
export function mailRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.get('/mails', (call) => {
    const query = mailListSchema.parse(call.query);
    const all = simulator.requests.all();
    const [fromRequest = 0, fromPosition = 0] = (query.cursor ?? '0-0').split('-').map(Number);
    const data: unknown[] = [];
    for (let index = fromRequest; index < all.length; index += 1) {
      const request = all[index];
      if (!request || !passes(query, request)) continue;
      const start = index === fromRequest ? fromPosition : 0;
      for (let position = start; position < request.recipients.count; position += 1) {
        const address = request.recipients.addresses[position] ?? '';
        if (query.address !== undefined && address.toLowerCase() !== query.address) continue;
        if (data.length === query.limit) return { data, nextCursor: `${index}-${position}` };
        data.push(toItem(simulator, request, position));
      }
    }
    return { data, nextCursor: null };
  });
}

function toItem(simulator: Simulator, request: AcceptedRequest, position: number) {
  const now = simulator.now();
  const row = request.recipients.row(position);
  const progress = progressAt(simulator.plans.get(row.plan), request.course, now);
  const common = {
    provider: request.provider,
    operation: request.operation,
    requestId: request.requestId,
    marker: request.content.marker,
    sender: request.content.senderAddress,
    address: row.address,
    name: row.name,
    parameters: row.parameters ?? null,
    state: progress.state,
    received: progress.receivedAt !== null,
    opened: progress.openedAt !== null,
  };
  if (request.provider === 'ncp') return { ...common, ...ncpPart(request, position, recipientCode(progress)) };
  const { statusCode } = receiverRow(simulator, request, position, now);
  return { ...common, ...nhnPart(request, position, statusCode) };
}

function ncpPart(request: AcceptedRequest, position: number, status: string) {
  const row = request.recipients.row(position);
  return {
    mailId: mailIdOf(request, Math.floor(position / request.mailSize)),
    type: RECIPIENT_TYPES[row.type]?.code,
    status,
    subject: renderTitle(request.content, row.parameters),
    body: renderBody(request.content, row.parameters),
  };
}

function nhnPart(request: AcceptedRequest, position: number, status: string) {
  const row = request.recipients.row(position);
  return {
    mailSeq: Math.floor(position / request.mailSize),
    type: RECEIVE_TYPES[row.type]?.code,
    status,
    subject: renderText(request.content, 'title', row.parameters),
    body: renderText(request.content, 'body', row.parameters),
  };
}
