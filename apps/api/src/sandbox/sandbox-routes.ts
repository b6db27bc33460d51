import { isDeepStrictEqual } from 'node:util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ChangeRoutesService, type GivenRoute } from '@gateway/delivery';
import { ownerOf } from '../access/access.js';
import { EXAMPLE_IDS, EXAMPLE_UUIDS } from '../openapi/example-ids.js';
import { examplePut, exampleRoute } from '../routes/routes.openapi.js';

/**
 * The example of `PUT /v1/routes` works at any version, and the route whose shadow the documentation reads is made when
 * it is first asked for. Until then a sandbox has no routes.
 */
export function prepareRoutes(app: NestFastifyApplication): void {
  const changes = app.get(ChangeRoutesService, { strict: false });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('preHandler', async (request) => {
    const { method, routeOptions, body, params } = request;
    if (method === 'PUT' && routeOptions.url === '/v1/routes' && isDeepStrictEqual(body, examplePut)) {
      request.body = { ...examplePut, version: (await changes.read()).version };
    }
    const isShadow = method === 'GET' && routeOptions.url === '/v1/routes/:id/shadow';
    if (!isShadow || (params as { readonly id: string }).id !== EXAMPLE_IDS.route) return;
    const { version, routes } = await changes.read();
    if (routes.some(({ id }) => id === EXAMPLE_UUIDS.route)) return;
    const example: GivenRoute = { ...exampleRoute, id: EXAMPLE_UUIDS.route };
    const kept = routes.filter(({ name }) => name !== example.name);
    const { keyId, clientId } = ownerOf(request);
    await changes.replace({ version, routes: [...kept, example], keyId, clientId });
  });
}
