import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
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
import { attachedItem } from './files.routes.js';

const mailListSchema = listSchema.extend({ address: listSchema.shape.sender });

type MailQuery = z.infer<typeof mailListSchema>;

/** GET /control/mails: one row per recipient with what they got, oldest first. */
export function mailRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.get('/mails', (call) => {
    const query = mailListSchema.parse(call.query);
    const data: unknown[] = [];
    for (const { request, position } of matching(simulator, query)) {
      if (data.length === query.limit) return { data, nextCursor: `${request.index}-${position}` };
      data.push(toItem(simulator, request, position));
    }
    return { data, nextCursor: null };
  });
}

/** Matching recipients from the cursor on. */
function* matching(simulator: Simulator, query: MailQuery): Generator<{ request: AcceptedRequest; position: number }> {
  const [fromRequest = 0, fromPosition = 0] = (query.cursor ?? '0-0').split('-').map(Number);
  for (const request of simulator.requests.all().slice(fromRequest)) {
    if (!passes(query, request)) continue;
    for (const position of positionsOf(request, query.address)) {
      if (request.index > fromRequest || position >= fromPosition) yield { request, position };
    }
  }
}

function* positionsOf({ recipients }: AcceptedRequest, address: string | undefined): Generator<number> {
  for (let position = 0; position < recipients.count; position += 1) {
    if (address === undefined || recipients.addresses[position]?.toLowerCase() === address) yield position;
  }
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
    files: request.content.files.map(attachedItem),
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
