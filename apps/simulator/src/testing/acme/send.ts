import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAddress } from '../../http/address.js';
import { exchangeOf } from '../../http/exchange.js';
import { vendorRoute, type VendorContext } from '../../http/vendor-route.js';
import { planAssigner } from '../../outcomes/assign-plan.js';
import { scriptOf } from '../../outcomes/grammar.js';
import { acceptRequest } from '../../state/accept-request.js';
import type { MailContent } from '../../state/accepted-request.js';
import { RecipientTable } from '../../state/recipient-table.js';
import type { Simulator } from '../../state/simulator.js';
import { z } from 'zod';
import { AcmeError } from './errors.js';
import { mailIdOf, ROLES } from './mails.js';
import { settingsOf, storeOf } from './state.js';

const OWN_HEADERS = /^(from|to|cc|bcc|subject|date|message-id|sender|reply-to)$/i;

const values = z.record(z.string(), z.string());

const bodySchema = z.strictObject({
  from: z.strictObject({ email: z.string(), name: z.string().max(100).optional() }),
  kind: z.enum(['transaction', 'login', 'advertisement']),
  shared: z.boolean(),
  subject: z.string().min(1).max(998),
  html: z.string().min(1),
  values,
  headers: values.refine(
    (headers) => Object.entries(headers).every(([name, value]) => !OWN_HEADERS.test(name) && value.length <= 2000),
    'A header is bad.',
  ),
  recipients: z
    .array(
      z.strictObject({
        email: z.string(),
        name: z.string().optional(),
        role: z.enum(ROLES),
        values: values.optional(),
      }),
    )
    .min(1)
    .max(1000),
});

type MailBody = z.output<typeof bodySchema>;
type MailRecipient = MailBody['recipients'][number];

/** POST /v1/mails, once for each Idempotency-Key. */
export function sendRoute(app: FastifyInstance, context: VendorContext): void {
  const spec = { method: 'POST', url: '/mails', operation: 'send' } as const;
  vendorRoute(app, context, spec, (request, reply) => send(context.simulator, request, reply));
}

function send(simulator: Simulator, request: FastifyRequest, reply: FastifyReply): object {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') throw new AcmeError(400, 'bad_request', 'Idempotency-Key is required.');
  const fingerprint = createHash('sha256').update(exchangeOf(request).rawBody).digest('hex');
  const { answers } = storeOf(simulator);
  const known = answers.get(key);
  void reply.code(202);
  if (known !== undefined && simulator.now() - known.at < settingsOf(simulator).keyLifetimeMs) {
    if (known.fingerprint !== fingerprint) throw new AcmeError(422, 'key_mismatch', 'The key has another request.');
    known.asked += 1;
    return known.body;
  }
  const body = accept(simulator, request, key);
  answers.set(key, { at: simulator.now(), fingerprint, body, asked: 1 });
  return body;
}

function accept(simulator: Simulator, request: FastifyRequest, key: string): object {
  const read = bodySchema.safeParse(request.body);
  if (!read.success) throw new AcmeError(400, 'bad_request', z.prettifyError(read.error));
  const { data } = read;
  if (!isAddress(data.from.email)) throw new AcmeError(422, 'bad_sender', 'from.email is no address.');
  if (data.recipients.some(({ email }) => scriptOf(email)?.kind === 'refuse-request')) {
    throw new AcmeError(422, 'bad_recipient', 'A recipient is bad.');
  }
  const content = contentOf(data, key);
  const planOf = planAssigner(simulator, { optOuts: [simulator.blockListOf('acme')], cancels: false }, content);
  const table = new RecipientTable(data.recipients.length);
  const fates = data.recipients.map((recipient) => {
    const no = refusalOf(simulator, recipient);
    if (no !== undefined) return no;
    table.add({
      address: recipient.email,
      name: recipient.name ?? null,
      type: ROLES.indexOf(recipient.role),
      parameters: recipient.values,
      plan: planOf(recipient.email),
    });
    return { email: recipient.email, state: 'accepted', position: table.count - 1 };
  });
  if (table.count === 0) throw noneTaken(fates);
  const accepted = acceptRequest(simulator, request, {
    provider: 'acme',
    scope: '',
    operation: 'mails',
    content,
    recipients: table,
    mailSize: data.shared ? table.count : 1,
    acceptedAt: simulator.now(),
    reservedAt: null,
  });
  return {
    id: accepted.requestId,
    recipients: fates.map((fate) =>
      'position' in fate ? { email: fate.email, state: fate.state, id: mailIdOf(accepted, fate.position) } : fate,
    ),
  };
}

/** Addresses that begin with `later` are postponed once. */
function refusalOf(simulator: Simulator, { email }: MailRecipient) {
  if (!isAddress(email) || scriptOf(email)?.kind === 'refused') {
    return { email, state: 'refused', code: 'bad_address', text: 'The address is malformed.' };
  }
  const { postponed } = storeOf(simulator);
  if (!email.startsWith('later') || postponed.has(email)) return undefined;
  postponed.add(email);
  return { email, state: 'retry_later', code: 'domain_busy', text: 'Try later.', retryAfterSeconds: 1 };
}

const noneTaken = (fates: readonly { readonly state: string }[]): AcmeError =>
  fates.some(({ state }) => state === 'retry_later')
    ? new AcmeError(429, 'all_postponed', 'No recipient can be taken now.')
    : new AcmeError(422, 'no_recipient', 'No recipient is good.', fates);

const contentOf = (body: MailBody, marker: string): MailContent => ({
  senderAddress: body.from.email,
  senderName: body.from.name ?? null,
  title: body.subject,
  body: body.html,
  advertising: body.kind === 'advertisement',
  parameters: body.values,
  marker,
  templateId: null,
  templateName: null,
  files: [],
  customHeaders: body.headers,
  unsubscribeMessage: null,
  templateType: 'DEFAULT',
});
