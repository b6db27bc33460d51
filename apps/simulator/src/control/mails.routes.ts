import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { progressAt } from '../outcomes/progress.js';
import type { AcceptedRequest } from '../state/accepted-request.js';
import type { Simulator } from '../state/simulator.js';
import type { Vendor } from '../vendors/vendor.js';
import { passes, type ControlQueries } from './control-query.js';
import { attachedItem } from './files.routes.js';

const mailQuery = ({ list }: ControlQueries) => list.extend({ address: list.shape.sender });

type MailQuery = z.infer<ReturnType<typeof mailQuery>>;

/** GET /control/mails: one row per recipient with what they got, oldest first. */
export function mailRoutes(
  app: FastifyInstance,
  simulator: Simulator,
  queries: ControlQueries,
  vendors: readonly Vendor[],
): void {
  const mailListSchema = mailQuery(queries);
  const vendorOf = new Map(vendors.map((vendor) => [vendor.kind, vendor]));
  app.get('/mails', (call) => {
    const query = mailListSchema.parse(call.query);
    const data: unknown[] = [];
    for (const { request, position } of matching(simulator, query)) {
      if (data.length === query.limit) return { data, nextCursor: `${request.index}-${position}` };
      data.push({
        ...toItem(simulator, request, position),
        ...vendorOf.get(request.provider)?.mailOf(simulator, request, position),
      });
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
  const row = request.recipients.row(position);
  const progress = progressAt(simulator.plans.get(row.plan), request.course, simulator.now());
  return {
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
}
