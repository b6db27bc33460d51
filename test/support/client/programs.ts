/** What a program that uses the client does; `load` gives both entries. Prints what it saw as JSON. */
const body = `
const { EmailGateway, GatewayProblem } = client;
const { sign, verify, webhookBody } = webhooks;
const gateway = new EmailGateway({ url: process.env.GATEWAY, apiKey: process.env.KEY });
const from = process.env.SENDER;

async function seen() {
  await gateway.messages.send({ from, to: 'lee@example.com', subject: 'Hi', text: 'Hello' });
  let cursor = null;
  while (cursor === null) cursor = (await gateway.events.list()).nextCursor;
  const sent = await gateway.messages.send({ from, to: 'kim@example.com', subject: 'Hi', text: 'Hello' });
  const { status, counts } = await gateway.messages.waitFor(sent.id);
  async function* many() {
    for (let n = 0; n < 2000; n += 1) yield { address: 'r.' + n + '@example.com' };
  }
  const streamed = await gateway.messages.sendStream({ from, subject: 'Hi', text: 'Hello' }, many());
  let listed = 0;
  for await (const { position } of gateway.messages.recipients(streamed.id, { limit: 500 })) listed += position >= 0;
  const types = [];
  for await (const { type, messageId } of gateway.events.follow({ cursor, signal: AbortSignal.timeout(30000) })) {
    if (messageId === sent.id) types.push(type);
    if (type === 'message.completed' && messageId === sent.id) break;
  }
  const problem = await other.messages.send({ from, to: 'kim@', subject: 'Hi', text: 'Hello' }).catch((error) => error);
  const event = { id: 'evt_1', type: 'message.completed', at: new Date().toISOString(), messageId: sent.id, data: {} };
  const keys = ['whsec_' + btoa('a secret of the test'), 'whsk_' + btoa('x'.repeat(32))];
  const payload = webhookBody(event);
  const headers = await sign({ id: event.id, body: payload, keys });
  const webhook = await verify({ headers, body: payload, keys: [keys[0]] });
  return {
    status,
    delivered: counts.delivered,
    streamed: streamed.recipientCount,
    listed,
    followed: types.includes('message.accepted') && types.at(-1) === 'message.completed',
    // The problem is thrown by the client that was loaded in the other way.
    problem: [problem instanceof GatewayProblem, problem.code, problem.errors[0].pointer],
    webhook: [webhook.events[0].type, headers['webhook-signature'].split(' ').map((text) => text.split(',')[0])],
    sameClasses: EmailGateway === otherClient.EmailGateway,
  };
}
seen().then((all) => console.log(JSON.stringify(all)));
`;

export const programs: Readonly<Record<string, string>> = {
  'esm.mjs': `
import * as client from '@email-gateway/client';
import * as webhooks from '@email-gateway/client/webhooks';
import { createRequire } from 'node:module';
const otherClient = createRequire(import.meta.url)('@email-gateway/client');
const other = new otherClient.EmailGateway({ url: process.env.GATEWAY, apiKey: process.env.KEY });
${body}`,
  'cjs.cjs': `
const client = require('@email-gateway/client');
const webhooks = require('@email-gateway/client/webhooks');
import('@email-gateway/client').then((otherClient) => {
const other = new otherClient.EmailGateway({ url: process.env.GATEWAY, apiKey: process.env.KEY });
${body}
});`,
};

/** What every program must have seen. */
export const expected = {
  status: 'completed',
  delivered: 1,
  streamed: 2000,
  listed: 2000,
  followed: true,
  problem: [true, 'validation_failed', '/to'],
  webhook: ['message.completed', ['v1', 'v1a']],
  sameClasses: true,
};

/** Uses types as a caller does; what must be refused is marked. */
export const typed = `
import { EmailGateway, GatewayProblem, type GatewayEvent, type Message, type NewMessage } from '@email-gateway/client';
import { verify, type Webhook } from '@email-gateway/client/webhooks';

const gateway = new EmailGateway({ url: 'https://mail.example.com', apiKey: () => 'k', timeoutMs: 1000 });
export async function use(text: string): Promise<string> {
  const message: NewMessage = { from: 'a@example.com', to: ['b@example.com', { address: 'c@example.com' }], subject: 's', text };
  const sent: Message = await gateway.messages.send(message);
  const plan = await gateway.messages.send({ ...message, dryRun: true });
  const cost: number = plan.quotaCost;
  // @ts-expect-error unknown category
  await gateway.messages.send({ ...message, category: 'spam' });
  // @ts-expect-error a stream has its recipients beside it
  await gateway.messages.sendStream({ to: 'a@example.com', subject: 's', text }, []);
  const { data, nextCursor } = await gateway.messages.list({ status: 'failed', limit: 10 });
  const cursor: string | null = nextCursor;
  for await (const { address, status } of gateway.messages.recipients(sent.id)) text += address + status;
  for await (const event of gateway.events.follow({ types: ['recipient.*'] })) text += told(event);
  const webhook: Webhook = await verify({ headers: new Headers(), body: text, keys: 'whsec_' });
  await gateway.webhookEndpoints.create({ url: 'https://hooks.example.com', events: ['recipient.*'] });
  return text + cost + cursor + data.length + webhook.events.map(told).join();
}
function told(event: GatewayEvent): string {
  if (event.type === 'recipient.bounced') return event.address + (event.data.reason ?? '');
  if (event.type === 'message.completed') return event.messageId;
  return event.id;
}
export const codeOf = (error: unknown): string => (error instanceof GatewayProblem ? error.code : '');
`;
