import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemSchema, toJsonSchema } from './answers.js';

const DESCRIPTION = `One portable API over NAVER Cloud Outbound Mailer and NHN Cloud Email.

Press **Authorize** and paste the key that the gateway printed at its start, then try the calls.
Every error is an RFC 9457 problem document with a stable \`code\`.`;

const SANDBOX = `

> **Sandbox.** A simulator stands in for both providers: no mail leaves this machine. What becomes of a recipient is
> written in its address: \`bounce+unknown_user@example.com\`, \`slow+10s@example.com\`, \`open@example.com\`.`;

/** Swagger UI at /docs and the document at /openapi.json, both open to everybody who reaches the port. */
export function installDocs(app: NestFastifyApplication, options: { readonly sandbox: boolean }): void {
  SwaggerModule.setup('docs', app, () => createDocument(app, options), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Email gateway',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, tryItOutEnabled: true },
  });
}

export function createDocument(app: NestFastifyApplication, { sandbox }: { readonly sandbox: boolean }): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Email gateway')
    .setVersion('1')
    .setDescription(DESCRIPTION + (sandbox ? SANDBOX : ''))
    .setLicense('Proprietary', 'about:blank')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'key')
    .addSecurityRequirements('key')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method, _version) => method,
  });
  const schemas = { ...document.components?.schemas, Problem: toJsonSchema(problemSchema) };
  return { ...document, components: { ...document.components, schemas } };
}
