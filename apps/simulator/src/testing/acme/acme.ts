import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isObject } from '../../http/fields.js';
import { acceptJsonBodies } from '../../http/json-bodies.js';
import type { Simulator } from '../../state/simulator.js';
import type { Vendor } from '../../vendors/vendor.js';
import { AcmeError, acmeVoice } from './errors.js';
import { acmeKeys, keysOf } from './keys.js';
import { mailOf } from './mails.js';
import { acmeControl } from './control.js';
import { sendRoute } from './send.js';
import { acmeState } from './state.js';

function acmePlugin(app: FastifyInstance, simulator: Simulator): void {
  acceptJsonBodies(app);
  app.addHook('onRequest', async ({ headers }) => {
    if (headers.authorization !== `Bearer ${keysOf(simulator).token}`) {
      throw new AcmeError(401, 'unauthorized', 'The token is wrong.');
    }
  });
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(simulator, error, request, reply));
  sendRoute(app, { simulator, provider: 'acme', voice: acmeVoice, senderOf });
}

function answerError(simulator: Simulator, error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = error instanceof AcmeError ? error : new AcmeError(400, 'bad_request', error.message);
  const { code, message: reason } = refusal;
  simulator.noteRefusal({ provider: 'acme', method: request.method, url: request.url, code, reason });
  if (code === 'all_postponed') reply.header('retry-after', '1');
  return reply.code(refusal.status).send(refusal.body());
}

function senderOf({ body }: FastifyRequest): string | undefined {
  const from = isObject(body) ? body['from'] : undefined;
  return isObject(from) && typeof from['email'] === 'string' ? from['email'] : undefined;
}

/** An invented vendor: one call with an idempotency key, and signed pushes instead of reads. */
export const acme: Vendor = {
  ...acmeState,
  title: 'Acme',
  basePath: '',
  keys: acmeKeys,
  prefixes: ['/v1'],
  plugin: acmePlugin,
  owns: (path) => path.startsWith('/v1/'),
  answerUnknown: (simulator, request, reply) =>
    answerError(simulator, new AcmeError(404, 'bad_request', 'Unknown path.'), request, reply),
  mailOf,
  templatesOf: () => [],
  control: acmeControl,
};
