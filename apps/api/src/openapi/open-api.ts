import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SCOPE_EXTENSION, type Scope } from '../http/scopes.js';
import { describeOperation } from './describe-operation.js';
import { headerComponents } from './headers.js';
import { SchemaComponents } from './json-schema.js';
import { documentationOf } from './operation.js';
import { introduction, tags } from './introduction.js';
import { describeWebhooks } from './webhooks.js';

export interface DocumentOptions {
  readonly sandbox: boolean;
  /** Examples that name a time name one after this. */
  readonly now: Date;
}

/** The OpenAPI document: paths and tags as Nest knows them, everything else from the documentation of each call. */
export function createDocument(app: NestFastifyApplication, { sandbox, now }: DocumentOptions): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Email gateway')
    .setVersion('1')
    .setDescription(introduction(sandbox))
    .addServer('/', 'This gateway')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key of the gateway' }, 'key')
    .addSecurityRequirements('key');
  for (const [name, description] of Object.entries(tags)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build());
  const components = new SchemaComponents();
  for (const item of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(item) as [string, OpenAPIObject['paths'][string]['get']][]) {
      const doc = documentationOf(operation?.operationId);
      const scope = (operation as unknown as Record<string, unknown>)[SCOPE_EXTENSION];
      Object.assign(operation ?? {}, describeOperation(doc, { method, now, components, scope: scope as Scope }));
    }
  }
  Object.assign(document, { webhooks: describeWebhooks(components) });
  Object.assign(document.info, { license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' } });
  Object.assign(document.components ?? {}, { headers: headerComponents, schemas: components.schemas });
  return document;
}
