import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { GatewayProblem } from '@gateway/core';
import { isDatabaseAway } from '@gateway/database';
import { NestLogger, createHttpEdge, type Logger } from '@gateway/platform';
import { installAccess } from './access/access.js';
import { ApiModule } from './api.module.js';
import { installDoor } from './door/install-door.js';
import { installDocs } from './docs/install-docs.js';
import type { Gateway } from './gateway.js';
import { installBodyParsers, installStreamParser } from './http/body-parsers.js';
import { installClosing } from './http/closing.js';
import { installUploadParser } from './http/upload-parser.js';
import { SchemaPipe } from './http/schema.pipe.js';
import { installQueueBoard } from './operations/queue-board.js';
import { installSecurityHeaders } from './http/security-headers.js';

/** A longer path than Node takes at all: a malformed id is unknown, however long it is. */
const LONGEST_PATH_PARAMETER = 65_536;

const SLOWEST_REQUEST_MS = 600_000;

/** The store is away: nothing was accepted, and the same request may work in a few seconds. */
const databaseAway = (error: unknown): GatewayProblem | undefined =>
  isDatabaseAway(error)
    ? new GatewayProblem('overloaded', 'The database is not available at the moment.', {
        retryAfterSeconds: 5,
        cause: error,
      })
    : undefined;

/** The Nest application over a gateway, ready to listen. */
export async function createApi(
  gateway: Gateway,
  options: { readonly sandbox: boolean },
  log: Logger,
): Promise<NestFastifyApplication> {
  const edge = createHttpEdge(log, databaseAway);
  const adapter = new FastifyAdapter({
    ...edge.fastifyOptions,
    // A request without Host is answered like any other fault, as a problem document.
    http: { requireHostHeader: false },
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    // A small body that stalls is cut off; the door sees to the long ones, and leaves time for the work between them.
    requestTimeout: Math.max(SLOWEST_REQUEST_MS, 2 * gateway.door.limits.uploadDeadlineMs),
  });
  const fastify = adapter.getInstance();
  edge.install(fastify);
  installClosing(fastify);
  installSecurityHeaders(fastify);
  installAccess(fastify, gateway.keys);
  installDoor(fastify, gateway.door);
  installBodyParsers(fastify);
  installStreamParser(fastify);
  installUploadParser(fastify);
  await installQueueBoard(fastify, { board: gateway.board, keys: gateway.keys, edge });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.over(gateway), adapter, {
    logger: new NestLogger(log),
    bodyParser: false,
  });
  app.useGlobalFilters(edge.filter);
  app.useGlobalPipes(new SchemaPipe());
  installDocs(app, options);
  return app;
}
