import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isObject, stringOf, type FieldSpec } from '../../../http/fields.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import { planAssigner } from '../../../outcomes/assign-plan.js';
import { acceptRequest } from '../../../state/accept-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { checkFilesOfMail, readFileIds } from './attachments.js';
import { readRequestDate } from '../dates.js';
import { NhnError, success, type Envelope } from '../envelope.js';
import { checkFields, readContent, type LookUp } from './content.js';
import { ADDED_FIELDS, isGeneral, SEND_FIELDS, type SendKind } from './fields.js';
import { readReceivers, receiversOf, type ReceiverResult } from './receivers.js';
import { templateById } from '../templates/templates.routes.js';
import { appKeyOf, versionOf } from '../version.js';
import { settingsOf, storeOf } from '../state.js';

const KINDS: readonly SendKind[] = ['mail', 'eachMail', 'ad-mail', 'ad-eachMail', 'auth-mail'];

/** POST sender/mail, eachMail, ad-mail, ad-eachMail and auth-mail (nhn.md §4.1 to §4.5). */
export function sendRoutes(app: FastifyInstance, context: VendorContext): void {
  for (const kind of KINDS) {
    const spec = { method: 'POST', url: `/sender/${kind}`, operation: 'send' } as const;
    vendorRoute(app, context, spec, (request) => send(context.simulator, request, kind));
  }
}

function send(simulator: Simulator, request: FastifyRequest, kind: SendKind): Envelope {
  if (!isObject(request.body)) throw new NhnError(-9997, 'Message is not readable.');
  const { body } = request;
  const settings = settingsOf(simulator);
  checkFields(body, fieldsOf(kind, versionOf(request)), settings, '');
  const content = readContent(body, kind, lookUpFor(simulator, request));
  const now = simulator.now();
  const reservedAt = readRequestDate(stringOf(body, 'requestDate'), now, settings);
  const planOf = planAssigner(simulator, { optOuts: [simulator.blockListOf('nhn')], cancels: false }, content);
  const rules = { kind, settings, content, plans: simulator.plans, planOf };
  const { table, results } = readReceivers(receiversOf(body, kind), rules);
  if (table.count === 0) throw allFailed(results, settings.keepResultsWhenAllFailed);
  const accepted = acceptRequest(simulator, request, {
    provider: 'nhn',
    scope: appKeyOf(request),
    operation: `sender/${kind}`,
    content,
    recipients: table,
    mailSize: isGeneral(kind) && settings.generalMailSeq === 'per-request' ? table.count : 1,
    acceptedAt: now,
    reservedAt,
  });
  if (kind === 'auth-mail' && settings.authMailReply === 'statusCode') {
    return success({ data: { requestId: accepted.requestId, statusCode: 'Y' } }, 'success');
  }
  const data = { requestId: accepted.requestId, results };
  return table.count < results.length ? success({ data }, 'partial success', 1000) : success({ data }, 'success');
}

/** Finds templates and files of the caller's app key. */
export function lookUpFor(simulator: Simulator, request: FastifyRequest): LookUp {
  const settings = settingsOf(simulator);
  const appKey = appKeyOf(request);
  return {
    template: (templateId) => templateById(storeOf(simulator).templates.of(appKey), templateId),
    senderFromTemplate: settings.templateSender === 'any-version' || versionOf(request) >= 1.6,
    files: (ids, template) =>
      checkFilesOfMail([...readFileIds(simulator, appKey, ids, 'MAIL'), ...(template?.files ?? [])], settings),
  };
}

const allFailed = (results: readonly ReceiverResult[], keepResults: boolean): NhnError =>
  new NhnError(-2032, 'All receivers failed.', keepResults ? { data: { requestId: null, results } } : null);

function fieldsOf(kind: SendKind, version: number): FieldSpec {
  const added = ADDED_FIELDS.filter(({ since, kinds }) => version >= since && kinds.includes(kind));
  return Object.assign({}, SEND_FIELDS[kind], ...added.map(({ fields }) => fields)) as FieldSpec;
}
