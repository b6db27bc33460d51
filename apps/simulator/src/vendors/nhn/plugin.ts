import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isObject, stringOf } from '../../http/fields.js';
import { acceptJsonBodies, MalformedJsonError } from '../../http/json-bodies.js';
import { lastOf, queryOf } from '../../http/query.js';
import type { VendorContext } from '../../http/vendor-route.js';
import type { Simulator } from '../../state/simulator.js';
import { blockReceiverRoutes } from './block-receivers.routes.js';
import { categoryRoutes } from './templates/categories.routes.js';
import { httpStatusOf, NhnError } from './envelope.js';
import { fileRoutes } from './send/files.routes.js';
import { mailRoutes } from './mails/mails.routes.js';
import { sendRoutes } from './send/routes.js';
import { statisticsRoutes } from './mails/statistics.routes.js';
import { statsRoutes } from './mails/stats.routes.js';
import { updateMailRoutes } from './mails/update-mails.routes.js';
import { tagMailSendRoutes } from './tags/tag-mail.send.js';
import { tagMailRoutes } from './tags/tag-mails.routes.js';
import { tagRoutes } from './tags/tags.routes.js';
import { templateRoutes } from './templates/templates.routes.js';
import { uidRoutes } from './tags/uids.routes.js';
import { checkKeys } from './version.js';
import { nhnVoice } from './voice.js';
import { settingsOf } from './state.js';

/** Registers NHN Cloud Email at the instance's prefix. Further route files join the lists below. */
export function nhnPlugin(app: FastifyInstance, simulator: Simulator): void {
  const context: VendorContext = {
    simulator,
    provider: 'nhn',
    voice: nhnVoice,
    senderOf: (request) => senderOf(simulator, request),
  };
  acceptJsonBodies(app);
  app.addHook('onRequest', async (request) => checkKeys(simulator, request));
  app.setErrorHandler((error: FastifyError, request, reply) => answerNhnError(simulator, error, request, reply));
  for (const routes of [sendRoutes, mailRoutes, blockReceiverRoutes, statisticsRoutes]) routes(app, context);
  for (const routes of [fileRoutes, categoryRoutes, templateRoutes]) routes(app, context);
  for (const routes of [updateMailRoutes, statsRoutes]) routes(app, context);
  for (const routes of [tagRoutes, uidRoutes, tagMailSendRoutes, tagMailRoutes]) routes(app, context);
}

/** Answers any failure with an envelope; HTTP 200 unless the settings say otherwise (nhn.md §2.3). */
export function answerNhnError(
  simulator: Simulator,
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = refusalOf(error);
  const { resultCode, message } = refusal;
  const reason = resultCode === -9999 ? (error.stack ?? message) : message;
  simulator.noteRefusal({
    provider: 'nhn',
    method: request.method,
    url: request.url,
    code: String(resultCode),
    reason,
  });
  const status = refusal.status ?? httpStatusOf(resultCode, settingsOf(simulator).httpStatus);
  return reply.code(status).send(refusal.envelope());
}

function refusalOf(error: Error & { statusCode?: number }): NhnError {
  if (error instanceof NhnError) return error;
  if (error instanceof MalformedJsonError) return new NhnError(-9997, `Message is not readable. ${error.message}`);
  if (error.statusCode === 415) return new NhnError(-9996, 'Only application/json is supported.');
  if (error.statusCode !== undefined && error.statusCode < 500) return new NhnError(-9995, 'Invalid request.');
  return new NhnError(-9999, 'Internal error.');
}

function senderOf(simulator: Simulator, request: FastifyRequest): string | undefined {
  if (isObject(request.body)) return stringOf(request.body, 'senderAddress') ?? undefined;
  const query = queryOf(request);
  const requestId = (request.params as { requestId?: string }).requestId ?? lastOf(query, 'requestId');
  const about = requestId === undefined ? undefined : simulator.requests.byId(requestId);
  return about?.content.senderAddress ?? lastOf(query, 'senderAddress');
}
