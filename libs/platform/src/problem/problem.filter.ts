import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayProblem } from '@gateway/core';
import type { Logger } from '../logging/logger.js';
import type { KnownRoutes } from './known-routes.js';
import { PROBLEM_MEDIA_TYPE, problemHeaders, toProblemDocument } from './problem-document.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { requestPath } from './request-path.js';
import { toProblem } from './to-problem.js';

/** Answers every error as `application/problem+json`. Faults of ours are logged with the request id, never shown. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: KnownRoutes,
    /** Knows errors that this library does not, e.g. of a database that is away. */
    private readonly translate: (error: unknown) => GatewayProblem | undefined = () => undefined,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also used for errors in Fastify before a request reaches Nest. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = this.refine(this.translate(error) ?? toProblem(error), request);
    const document = toProblemDocument(problem, request.id);
    if (document.status >= 500) this.report(problem, error, request);
    if (reply.sent || reply.raw.headersSent) {
      // Half an answer is out (a stream broke): closing the connection is the only honest sign left.
      reply.raw.destroy();
      return;
    }
    // Fastify closes the connection when it does not read a body (too large, of an unknown type); a client that is
    // still writing would see a reset instead of the answer. Node reads and drops the rest while the connection stays.
    if (reply.hasHeader('connection')) {
      void reply.header('connection', reply.raw.shouldKeepAlive ? 'keep-alive' : 'close');
    }
    void reply
      .code(document.status)
      .headers(problemHeaders(problem))
      .header(REQUEST_ID_HEADER, request.id)
      .header('content-type', PROBLEM_MEDIA_TYPE)
      .serializer((body: unknown) => JSON.stringify(body))
      .send(document);
  }

  private refine(problem: GatewayProblem, request: FastifyRequest): GatewayProblem {
    if (problem.code !== 'not_found' || !request.is404) return problem;
    const allowed = this.routes.methodsFor(requestPath(request.raw.url));
    if (allowed.length === 0 || allowed.includes(request.method)) return problem;
    return new GatewayProblem('method_not_allowed', `This path takes ${allowed.join(', ')}.`, {
      headers: { allow: allowed.join(', ') },
    });
  }

  private report(problem: GatewayProblem, error: unknown, request: FastifyRequest): void {
    const fields = { requestId: request.id, method: request.method, route: request.routeOptions?.url };
    if (hasHungUp(request, error)) return this.logger.debug(fields, 'caller went away');
    if (problem.code === 'internal_error') this.logger.error({ ...fields, err: error }, 'request failed');
    else this.logger.warn({ ...fields, code: problem.code }, problem.detail);
  }
}

/** Did the caller leave in the middle of its own request, or of the answer? No fault of ours. */
function hasHungUp({ raw }: FastifyRequest, error: unknown): boolean {
  const cutOff = error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
  return (raw.destroyed && !raw.complete) || (cutOff && raw.socket.destroyed);
}
