import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createDocument } from './open-api.js';
import { shareResponses } from './shared-responses.js';

const DOCUMENT = 'openapi.json';
const FRESH_MS = 3_600_000;

// The bar at the top only repeats the name, the licence would lead out of the house; the sandbox's words must be seen.
const STYLE = `
.swagger-ui .topbar, .swagger-ui .info__license { display: none }
.swagger-ui .parameters textarea { min-height: 4em; height: 4em }
.swagger-ui .info { margin: 24px 0 }
.swagger-ui .info blockquote { margin: 0 0 1em; padding: 8px 16px; border-left: 5px solid #e8a317; background: #fff6dc }
.swagger-ui .info blockquote p { margin: 0 }`;

/** Swagger UI at /docs and the document at /openapi.json, both open to everybody who reaches the port. */
export function installDocs(app: NestFastifyApplication, options: { readonly sandbox: boolean }): void {
  const current = fresh(() => createDocument(app, { ...options, now: new Date() }));
  SwaggerModule.setup('docs', app, current, {
    jsonDocumentUrl: DOCUMENT,
    raw: ['json'],
    // Examples that name a time to come must not grow old with the process.
    patchDocumentOnRequest: (request) => {
      const { url } = request as FastifyRequest;
      return url.startsWith(`/${DOCUMENT}`) ? current() : shareResponses(current());
    },
    customSiteTitle: 'Email gateway',
    customCss: STYLE,
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      defaultModelsExpandDepth: 0,
      // Nothing on the page may need a network.
      validatorUrl: null,
    },
  });
  const home = (_request: FastifyRequest, reply: FastifyReply): void => void reply.redirect('/docs', 302);
  app.getHttpAdapter().get('/', home);
}

/** Makes it again when it is asked for after an hour. */
function fresh(make: () => OpenAPIObject): () => OpenAPIObject {
  let made: { readonly document: OpenAPIObject; readonly at: number } | undefined;
  return () => {
    const at = performance.now();
    if (made === undefined || at - made.at > FRESH_MS) made = { document: make(), at };
    return made.document;
  };
}
