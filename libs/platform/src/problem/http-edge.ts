import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import type { GatewayProblem } from '@gateway/core';
import type { Logger } from '../logging/logger.js';
import { answerClientError } from './client-error.js';
import { KnownRoutes } from './known-routes.js';
import { ProblemFilter } from './problem.filter.js';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.js';
import { answerUnusualRequests } from './unusual-requests.js';

/** The HTTP edge of one server: what its adapter is made with, and what is put on it before Nest adds routes. */
export interface HttpEdge {
  /** For `new FastifyAdapter(edge.fastifyOptions)`. */
  readonly fastifyOptions: Pick<
    FastifyServerOptions,
    'genReqId' | 'requestIdHeader' | 'clientErrorHandler' | 'frameworkErrors' | 'return503OnClosing'
  >;
  /** Request id on every answer, request log, and the list of known routes. Call before `app.init()`. */
  install(fastify: FastifyInstance): void;
  /** For `app.useGlobalFilters(edge.filter)`. */
  readonly filter: ProblemFilter;
}

/**
 * ```ts
 * const edge = createHttpEdge(logger);
 * const adapter = new FastifyAdapter({ ...edge.fastifyOptions, bodyLimit });
 * edge.install(adapter.getInstance());
 * app.useGlobalFilters(edge.filter);
 * ```
 */
export const createHttpEdge = (
  logger: Logger,
  translate?: (error: unknown) => GatewayProblem | undefined,
  /** The caller of a request, for its log line. */
  callerOf: CallerOf = () => undefined,
): HttpEdge => {
  const routes = new KnownRoutes();
  const filter = new ProblemFilter(logger, routes, translate);
  return {
    filter,
    fastifyOptions: {
      genReqId: requestIdOf,
      requestIdHeader: false,
      clientErrorHandler: answerClientError,
      frameworkErrors: (error, request, reply) => filter.answer(error, request, reply),
      // While the server closes, open connections are served; /health/ready has already informed the balancer.
      return503OnClosing: false,
    },
    install: (fastify) => {
      answerUnusualRequests(fastify.server);
      fastify.addHook('onRoute', (route) => routes.add(route));
      fastify.addHook('onRequest', echoRequestId);
      fastify.addHook('onResponse', logRequest(logger, callerOf));
    },
  };
};

export type CallerOf = (request: FastifyRequest) => { readonly keyId: string; readonly client: string } | undefined;

const echoRequestId = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
  // On the raw answer too, for handlers that write it themselves.
  reply.raw.setHeader(REQUEST_ID_HEADER, request.id);
  void reply.header(REQUEST_ID_HEADER, request.id);
  done();
};

const logRequest =
  (logger: Logger, callerOf: CallerOf) =>
  (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const fields = {
      requestId: request.id,
      method: request.method,
      // The route's pattern, not the path: a path may hold an address.
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      ...callerOf(request),
    };
    logger[levelOf(fields)](fields, 'request');
    done();
  };

const quiet = /^\/(health|metrics)/;

// Probes come every few seconds and say nothing when they succeed.
const levelOf = ({ status, route }: { readonly status: number; readonly route: string }): 'info' | 'warn' | 'debug' => {
  if (status >= 500) return 'warn';
  return quiet.test(route) ? 'debug' : 'info';
};
