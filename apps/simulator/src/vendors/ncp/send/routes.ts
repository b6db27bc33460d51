import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isObject, type JsonObject } from '../../../http/fields.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import { planAssigner } from '../../../outcomes/assign-plan.js';
import { acceptRequest } from '../../../state/accept-request.js';
import type { Simulator } from '../../../state/simulator.js';
import type { TemplateNode } from '../templates/template-tree.js';
import { readAttachments } from './attachments.js';
import { badRequest, notFound } from '../errors.js';
import { checkQuota } from '../quota.js';
import { checkFields, readContent } from './content.js';
import { SEND_FIELDS } from './fields.js';
import { readGroupFilter } from './groups.js';
import { readRecipients } from './recipients.js';
import { readReservation } from './reservation.js';
import { scopeOf } from '../scope.js';
import { templateBySid } from '../templates/template-rules.js';
import { settingsOf, storeOf } from '../state.js';

/** createMailRequest: `POST /mails` → 201 `{requestId, count}` (ncp.md §3.1). */
export function sendRoutes(app: FastifyInstance, context: VendorContext): void {
  vendorRoute(app, context, { method: 'POST', url: '/mails', operation: 'send' }, (request, reply) => {
    if (!isObject(request.body)) throw badRequest('the body is not an object');
    const accepted = accept(context, request, request.body);
    reply.code(201);
    return { requestId: accepted.requestId, count: accepted.mailCount };
  });
}

function accept({ simulator }: VendorContext, request: FastifyRequest, body: JsonObject) {
  const settings = settingsOf(simulator);
  checkFields(body, SEND_FIELDS, settings, '');
  const content = readContent(body, settings, {
    template: readTemplateSid(simulator, request, body['templateSid']),
    files: readAttachments(simulator, request, body['attachFileIds']),
  });
  const now = simulator.now();
  const reservedAt = readReservation(body, now);
  const individual = body['individual'] !== false;
  const recipients = readRecipients(
    body['recipients'],
    readGroupFilter(simulator, request, body['recipientGroupFilter']),
    {
      settings,
      individual,
      planOf: planAssigner(simulator, { optOuts: [simulator.blockListOf('ncp')], cancels: true }, content),
      refusedPlan: simulator.plans.intern('refused', 'invalid_address'),
    },
  );
  checkQuota(simulator, recipients.count, now);
  return acceptRequest(simulator, request, {
    provider: 'ncp',
    scope: scopeOf(request),
    operation: 'createMailRequest',
    content,
    recipients,
    mailSize: individual ? 1 : settings.sharedMailSize,
    acceptedAt: now,
    reservedAt,
  });
}

function readTemplateSid(simulator: Simulator, request: FastifyRequest, value: unknown): TemplateNode | undefined {
  if (value === undefined || value === null) return undefined;
  const template = templateBySid(storeOf(simulator).templates.of(scopeOf(request)), Number(value));
  if (template.isUse) return template;
  const reason = `template ${template.sid} is not in use`;
  throw settingsOf(simulator).unusedTemplateCode === '77102' ? badRequest(reason) : notFound(reason);
}
