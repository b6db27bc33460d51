import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLogger, QUIET_START, createHttpEdge, type HttpEdge, type Logger } from '@gateway/platform';
import { QueueBoard } from '@gateway/queue';
import { callerOf, clientOf, installAccess } from './access/access.js';
import { installMaskedAnswers } from './access/addresses/masked-answers.js';
import { expectStillAllowed } from './access/still-allowed.js';
import { Callers } from './access/callers.js';
import { KeyBrake } from './access/key-brake.js';
import { KeyPace } from './access/pace/key-pace.js';
import { ApiModule } from './api.module.js';
import { installConsole } from './console/install-console.js';
import { Door } from './door/door.js';
import { installDoor } from './door/install-door.js';
import { installBodyParsers, installStreamParser } from './http/bodies/body-parsers.js';
import { installUploadParser } from './http/bodies/upload-parser.js';
import { installEncodings } from './http/bodies/encodings.js';
import { installClosing } from './http/closing.js';
import { installConnections } from './http/connections.js';
import { databaseTrouble } from './http/database-trouble.js';
import { readQuery } from './http/query/read-query.js';
import { SchemaPipe } from './http/schema.pipe.js';
import { installSecurityHeaders } from './http/security-headers.js';
import { installUnknownPaths } from './http/unknown-paths.js';
import { InboundAccounts } from './inbound/inbound-accounts.js';
import { inboundClientOf, installInbound } from './inbound/install-inbound.js';
import { PushPace } from './inbound/push-pace.js';
import { installDocs } from './openapi/install-docs.js';
import { installQueueBoard } from './operations/queue-board.js';
import type { ApiSettings } from './settings.js';

/** A longer path than Node takes at all: a malformed id is unknown, however long it is. */
const LONGEST_PATH_PARAMETER = 65_536;

const SLOWEST_REQUEST_MS = 600_000;

/** The api, ready to listen. */
export async function createApi(settings: ApiSettings, log: Logger): Promise<NestFastifyApplication> {
  const edge = createHttpEdge(log, databaseTrouble, callerOf);
  const { trustedProxies } = settings.config.http;
  const adapter = new FastifyAdapter({
    ...edge.fastifyOptions,
    ...(trustedProxies.length > 0 && { trustProxy: [...trustedProxies] }),
    // A request without Host is answered like any other fault, as a problem document.
    http: { requireHostHeader: false },
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER, querystringParser: readQuery },
    // A small body that stalls is cut off; the door sees to the long ones, and leaves time for the work between them.
    requestTimeout: Math.max(SLOWEST_REQUEST_MS, 2 * settings.config.door.uploadDeadlineMs),
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(settings, log), adapter, {
    ...QUIET_START,
    bodyParser: false,
  });
  app.useLogger(new NestLogger(log));
  await installEdge(app, edge);
  app.useGlobalFilters(edge.filter);
  app.useGlobalPipes(new SchemaPipe());
  installDocs(app, settings);
  return app;
}

/** Hooks that every request passes before a controller, in this order. Nest adds its routes on listening. */
async function installEdge(app: NestFastifyApplication, edge: HttpEdge): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  const [callers, brake] = [app.get(Callers), app.get(KeyBrake)];
  edge.install(fastify);
  installClosing(fastify);
  installConnections(fastify);
  installSecurityHeaders(fastify);
  installAccess(fastify, callers, app.get(KeyPace));
  installMaskedAnswers(fastify);
  installInbound(fastify, app.get(InboundAccounts), { brake, pace: new PushPace() });
  installUnknownPaths(fastify);
  installEncodings(fastify);
  installDoor(
    fastify,
    app.get(Door),
    (request) => clientOf(request) ?? inboundClientOf(request),
    (request) => expectStillAllowed(callers, request),
  );
  installBodyParsers(fastify);
  installStreamParser(fastify);
  installUploadParser(fastify);
  await installConsole(fastify);
  await installQueueBoard(fastify, { board: app.get(QueueBoard), callers, edge });
}
