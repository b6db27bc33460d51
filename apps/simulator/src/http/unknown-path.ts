import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { gatewayError, serviceError } from '../ncp/errors.js';
import { answerNcpError } from '../ncp/ncp.plugin.js';
import { NhnError } from '../nhn/envelope.js';
import { answerNhnError } from '../nhn/nhn.plugin.js';
import type { Simulator } from '../state/simulator.js';

/**
 * Makes the answer to paths and methods without a route: NCP's gateway says 404/300 for a path and its service
 * 405/77001 for a method; NHN says -9998 for both. Call it before any route is registered.
 */
export function unknownPath(app: FastifyInstance, simulator: Simulator) {
  const known = new Set<string>();
  app.addHook('onRoute', ({ url }) => void known.add(url));
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [path = ''] = request.url.split('?');
    if (path.startsWith('/api/v1')) {
      const reached = [...known].some((url) => patternOf(url).test(path));
      const error = reached
        ? serviceError(405, '77001', 'METHOD_NOT_ALLOWED')
        : gatewayError(404, '300', 'Not Found Exception');
      return answerNcpError(simulator, error, request, reply);
    }
    if (path.startsWith('/email/'))
      return answerNhnError(simulator, new NhnError(-9998, 'API not found.'), request, reply);
    return reply.code(404).send({ error: `no ${request.method} ${path}` });
  };
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.]/g, '\\.').replace(/:[A-Za-z]+/g, '[^/]+')}$`);
