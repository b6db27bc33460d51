import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isObject, stringOf } from '../../http/fields.js';
import { lastOf, queryOf } from '../../http/query.js';
import { acceptJsonBodies, MalformedJsonError } from '../../http/json-bodies.js';
import { MalformedMultipartError } from '../../http/multipart.js';
import type { VendorContext } from '../../http/vendor-route.js';
import type { Simulator } from '../../state/simulator.js';
import { badRequest, gatewayError, NcpError, serviceError } from './errors.js';
import { addressBookRoutes } from './audience/address-book.routes.js';
import { categoryRoutes } from './templates/categories.routes.js';
import { fileRoutes } from './send/files.routes.js';
import { mailRoutes } from './mails/mails.routes.js';
import { mailNumberOf } from './ids.js';
import { requestRoutes } from './mails/requests.routes.js';
import { sendBlockRoutes } from './audience/send-block.routes.js';
import { sendRoutes } from './send/routes.js';
import { checkSignature } from './signature.js';
import { templateExchangeRoutes } from './templates/template-exchange.routes.js';
import { templateRoutes } from './templates/templates.routes.js';
import { unsubscriberRoutes } from './audience/unsubscribers.routes.js';
import { ncpVoice } from './voice.js';
import { settingsOf } from './state.js';

/** Registers NCP Cloud Outbound Mailer v1 at the instance's prefix. Further route files join the lists below. */
export function ncpPlugin(app: FastifyInstance, simulator: Simulator): void {
  const context: VendorContext = {
    simulator,
    provider: 'ncp',
    voice: ncpVoice,
    senderOf: (request) => senderOf(simulator, request),
  };
  acceptJsonBodies(app);
  app.addHook('onRequest', async (request) => checkSignature(simulator, request));
  app.setErrorHandler((error: FastifyError, request, reply) => answerNcpError(simulator, error, request, reply));
  for (const routes of [sendRoutes, mailRoutes, requestRoutes, unsubscriberRoutes, sendBlockRoutes])
    routes(app, context);
  for (const routes of [fileRoutes, templateRoutes, templateExchangeRoutes, categoryRoutes, addressBookRoutes])
    routes(app, context);
}

/** Answers any failure in NCP's words: gateway shape before the service is reached, service shape after. */
export function answerNcpError(
  simulator: Simulator,
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = refusalOf(error);
  simulator.noteRefusal({
    provider: 'ncp',
    method: request.method,
    url: request.url,
    code: refusal.code,
    reason: refusal.reason,
  });
  return reply.code(refusal.status).send(refusal.body(settingsOf(simulator).errorDetails));
}

function refusalOf(error: Error & { statusCode?: number }): NcpError {
  if (error instanceof NcpError) return error;
  if (error instanceof MalformedJsonError) return badRequest(`not JSON: ${error.message}`);
  if (error instanceof MalformedMultipartError) return badRequest(error.message);
  if (error.statusCode === 415) return serviceError(415, '77002', 'UNSUPPORTED_MEDIA_TYPE');
  if (error.statusCode === 413) return gatewayError(413, '430', 'Request Entity Too Large');
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return gatewayError(400, '100', 'Bad Request Exception', error.message);
  }
  return serviceError(500, '77303', 'Internal server error', error.stack ?? error.message);
}

function senderOf(simulator: Simulator, request: FastifyRequest): string | undefined {
  if (isObject(request.body)) return stringOf(request.body, 'senderAddress') ?? undefined;
  const { requestId, mailId } = request.params as { requestId?: string; mailId?: string };
  const number = mailId === undefined ? undefined : mailNumberOf(mailId);
  const about =
    requestId === undefined
      ? number !== undefined && simulator.requests.byMailNumber(number)
      : simulator.requests.byId(requestId);
  return about ? about.content.senderAddress : lastOf(queryOf(request), 'senderAddress');
}
