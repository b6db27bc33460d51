import type { FastifyInstance } from 'fastify';
import type { AcceptedRequest } from '../state/accepted-request.js';
import type { Simulator } from '../state/simulator.js';
import { attachedItem } from './files.routes.js';
import { passes, type ControlQueries } from './control-query.js';

/** GET /control/requests and /control/requests/{requestId}: what was accepted, oldest first. */
export function requestRoutes(app: FastifyInstance, simulator: Simulator, { list }: ControlQueries): void {
  app.get('/requests', (call) => {
    const query = list.parse(call.query);
    const found: AcceptedRequest[] = [];
    const all = simulator.requests.all();
    let next = Number(query.cursor ?? 0);
    for (; next < all.length && found.length < query.limit; next += 1) {
      const request = all[next];
      if (request && passes(query, request)) found.push(request);
    }
    return { data: found.map(toItem), nextCursor: next < all.length ? String(next) : null };
  });

  app.get('/requests/:requestId', (call, reply) => {
    const request = simulator.requests.byId((call.params as { requestId: string }).requestId);
    if (!request) return reply.code(404).send({ error: 'no such request' });
    return { ...toItem(request), body: request.body.text() };
  });
}

const toItem = (request: AcceptedRequest) => ({
  provider: request.provider,
  scope: request.scope,
  operation: request.operation,
  requestId: request.requestId,
  acceptedAt: new Date(request.course.acceptedAt).toISOString(),
  reservedAt: request.reservedAt === null ? null : new Date(request.reservedAt).toISOString(),
  recipientCount: request.recipients.count,
  mailCount: request.mailCount,
  marker: request.content.marker,
  sender: { address: request.content.senderAddress, name: request.content.senderName },
  title: request.content.title,
  advertising: request.content.advertising,
  templateId: request.content.templateId,
  files: request.content.files.map(attachedItem),
  customHeaders: request.content.customHeaders,
  headers: request.headers,
});
