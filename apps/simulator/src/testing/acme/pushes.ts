import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { DeliveryState } from '../../outcomes/progress.js';
import type { AcceptedRequest } from '../../state/accepted-request.js';
import type { Simulator } from '../../state/simulator.js';
import { keysOf } from './keys.js';
import { mailIdOf, progressOf } from './mails.js';
import { storeOf } from './state.js';

const STATES: Readonly<Partial<Record<DeliveryState, string>>> = {
  sending: 'sending',
  sent: 'sent',
  bounced: 'bounced',
  failed: 'failed',
  refused: 'failed',
  unverified: 'failed',
  whitelisted: 'failed',
  unsubscribed: 'unsubscribed',
  unlisted: 'levitating',
};

/** POST /control/acme/pushes: the pushes that are due and were not made before, one for each request. */
export function pushControl(app: FastifyInstance, simulator: Simulator): void {
  app.post('/acme/pushes', () => {
    const ours = simulator.requests.all().filter(({ provider }) => provider === 'acme');
    const pushes = ours.map((request) => newsOf(simulator, request)).filter((events) => events.length > 0);
    return { data: pushes.map((events) => signed(simulator, JSON.stringify({ events }))) };
  });
}

function signed(simulator: Simulator, body: string) {
  const seconds = Math.floor(simulator.now() / 1000);
  const digest = createHmac('sha256', keysOf(simulator).pushSecret).update(`${seconds}.${body}`).digest('hex');
  return { headers: { 'content-type': 'application/json', 'acme-signature': `t=${seconds},v1=${digest}` }, body };
}

function newsOf(simulator: Simulator, request: AcceptedRequest): readonly object[] {
  const { pushed } = storeOf(simulator);
  const events: object[] = [];
  for (let position = 0; position < request.recipients.count; position += 1) {
    for (const event of statesOf(simulator, request, position)) {
      const id = `${request.requestId}/${position}/${event.state}`;
      if (pushed.has(id)) continue;
      pushed.add(id);
      const { address: email } = request.recipients.row(position);
      const key = request.content.marker;
      events.push({ request: request.requestId, key, email, id: mailIdOf(request, position), ...event });
    }
  }
  return events;
}

/** The states that a recipient has reached, in order. */
function statesOf(simulator: Simulator, request: AcceptedRequest, position: number) {
  const { state, outcomeAt, receivedAt, openedAt } = progressOf(simulator, request, position);
  const name = STATES[state];
  const at = (time: number | null): string => new Date(time ?? simulator.now()).toISOString();
  if (name === undefined) return [];
  const cause = { cause: 'no_such_user', permanent: true, text: '550 5.1.1 No such user' };
  return [
    { state: name, at: at(outcomeAt), ...(name === 'bounced' && cause) },
    ...(receivedAt === null ? [] : [{ state: 'delivered', at: at(receivedAt) }]),
    ...(openedAt === null ? [] : [{ state: 'opened', at: at(openedAt) }]),
  ];
}
