import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { signatureFault } from '../../http/apigw-signature.js';
import { isObject, stringOf } from '../../http/fields.js';
import { acceptJsonBodies, MalformedJsonError } from '../../http/json-bodies.js';
import { lastOf, queryOf } from '../../http/query.js';
import type { VendorContext } from '../../http/vendor-route.js';
import type { Simulator } from '../../state/simulator.js';
import { commonError, gatewayError, SensError, serviceError, unauthenticated } from './errors.js';
import { keysOf } from './keys.js';
import { mailRoutes } from './mails/mails.routes.js';
import { requestRoutes } from './mails/requests.routes.js';
import { projectRoutes } from './projects.routes.js';
import { sendRoutes } from './send/routes.js';
import { settingsOf } from './state.js';
import { sensVoice } from './voice.js';

/** Registers SENS mail v2 and its project look-up at the instance's prefix. */
export function sensPlugin(app: FastifyInstance, simulator: Simulator): void {
  const context: VendorContext = {
    simulator,
    provider: 'sens',
    voice: sensVoice,
    senderOf: (request) => senderOf(simulator, request),
  };
  acceptJsonBodies(app);
  app.addHook('onRequest', async (request) => {
    const fault = signatureFault(request, keysOf(simulator), simulator.now());
    if (fault !== undefined) throw unauthenticated(fault.reason);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => answerSensError(simulator, error, request, reply));
  for (const routes of [sendRoutes, requestRoutes, mailRoutes, projectRoutes]) routes(app, context);
}

/** Answers any failure in the shape of where it occurs: API gateway, SENS, mail service (sens.md §1.4). */
export function answerSensError(
  simulator: Simulator,
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const answer = asSensError(error);
  const { code, reason, status } = answer.refusal;
  simulator.noteRefusal({ provider: 'sens', method: request.method, url: request.url, code, reason });
  return reply.code(status).send(answer.body(settingsOf(simulator)));
}

function asSensError(error: Error & { statusCode?: number }): SensError {
  if (error instanceof SensError) return error;
  if (error instanceof MalformedJsonError)
    return serviceError(400, 'InvalidParameter', 'Malformed JSON.', error.message);
  if (error.statusCode === 413) return gatewayError(413, '430', 'Request Entity Too Large');
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return commonError(
      error.statusCode,
      error.statusCode === 415 ? 'Unsupported Media Type' : 'Bad Request',
      error.message,
    );
  }
  return commonError(500, 'Internal Server Error', error.stack ?? error.message);
}

function senderOf(simulator: Simulator, request: FastifyRequest): string | undefined {
  if (isObject(request.body)) return stringOf(request.body, 'senderAddress') ?? undefined;
  const { requestId } = request.params as { requestId?: string };
  const about = requestId === undefined ? undefined : simulator.requests.byId(requestId);
  return about ? about.content.senderAddress : lastOf(queryOf(request), 'senderAddress');
}
