import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isObject, stringOf, type JsonObject } from '../../../http/fields.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import { planAssigner } from '../../../outcomes/assign-plan.js';
import { acceptRequest } from '../../../state/accept-request.js';
import type { MailContent } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { parseIso, writeIso } from '../dates.js';
import { invalid, quotaError } from '../errors.js';
import { optOutsOf } from '../project.js';
import { serviceOf } from '../service.js';
import { settingsOf } from '../state.js';
import { checkFields } from './checks.js';
import { readContent } from './content.js';
import { LIMITS, SEND_FIELDS } from './fields.js';
import { readGroupFilter } from './groups.js';
import { membersTable, readRecipients } from './recipients.js';
import { checkSizes } from './sizes.js';

/** Create mail request: 202 with `requestId` (sens.md §2). */
export function sendRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const spec = { method: 'POST', url: '/mail/v2/services/:serviceId/requests', operation: 'send' } as const;
  vendorRoute(app, context, spec, (request, reply) => {
    const scope = serviceOf(simulator, request);
    if (!isObject(request.body)) throw invalid('body', 'is not an object');
    const { requestId, mailCount, course } = accept(simulator, request, request.body, scope);
    reply.code(202);
    const settings = settingsOf(simulator);
    if (settings.created === 'id-only') return { requestId };
    return { requestId, requestCount: mailCount, createDateTime: writeIso(course.acceptedAt, settings) };
  });
}

function accept(simulator: Simulator, request: FastifyRequest, body: JsonObject, scope: string) {
  const settings = settingsOf(simulator);
  checkFields(body, SEND_FIELDS, settings, '');
  const content = readContent(simulator, body);
  const individual = body['individual'] !== false;
  if (!individual && content.advertising) throw invalid('advertising', 'needs individual=true');
  const now = simulator.now();
  const reservedAt = readReservation(body, now);
  const recipients = readAudience(simulator, body, content, individual);
  checkSizes(content, recipients, settings);
  checkQuota(simulator, recipients.count, now);
  return acceptRequest(simulator, request, {
    provider: 'sens',
    scope,
    operation: 'createMailRequest',
    content,
    recipients,
    mailSize: individual ? 1 : settings.sharedMailSize,
    acceptedAt: now,
    reservedAt,
    held: body['confirmAndSend'] === true,
  });
}

/** Recipients or a filter, not both (§10); a filter only for individual mail (§2.1). */
function readAudience(simulator: Simulator, body: JsonObject, content: MailContent, individual: boolean) {
  const planOf = planAssigner(simulator, { optOuts: optOutsOf(simulator), cancels: true }, content);
  const members = readGroupFilter(simulator, body['recipientGroupFilter']);
  const hasRecipients = Array.isArray(body['recipients']);
  if (members === undefined)
    return readRecipients(body['recipients'], { settings: settingsOf(simulator), individual, planOf });
  if (hasRecipients) throw invalid('recipientGroupFilter', 'cannot be used together with recipients');
  if (!individual) throw invalid('recipientGroupFilter', 'needs individual=true');
  return membersTable(members, planOf);
}

/** Clocks differ a little; a reservation this far in the past still counts as now. */
const TOLERANCE_MS = 60_000;

function readReservation(body: JsonObject, now: number): number | null {
  const text = stringOf(body, 'reservationDateTime');
  if (text === null) return null;
  const at = parseIso(text, 'reservationDateTime');
  if (at < now - TOLERANCE_MS) throw invalid('reservationDateTime', 'is in the past');
  if (at > now + LIMITS.reservationAheadMs) throw invalid('reservationDateTime', 'is more than 30 days ahead');
  return at;
}

function checkQuota(simulator: Simulator, adding: number, now: number): void {
  const { monthlyQuota, quotaStyle } = settingsOf(simulator);
  if (monthlyQuota === null) return;
  const month = new Date(now).toISOString().slice(0, 7);
  const used = simulator.requests
    .all()
    .filter((r) => r.provider === 'sens' && new Date(r.course.acceptedAt).toISOString().startsWith(month))
    .reduce((sum, r) => sum + r.recipients.count, 0);
  if (used + adding > monthlyQuota) throw quotaError(quotaStyle);
}
