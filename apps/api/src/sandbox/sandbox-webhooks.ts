import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Database } from '@gateway/database';
import { WebhookKeys } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';
import { EXAMPLE_IDS, EXAMPLE_UUIDS } from '../openapi/example-ids.js';
import { exampleEndpoint } from '../webhooks/endpoint-schemas.openapi.js';
import { exampleBody } from '../webhooks/event-types/event-catalog.js';

/** Types of events that a sandbox hardly has. */
const UNHEARD_OF = ['webhook_endpoint.failing'];
const ROUTE = /^\/v1\/webhook-endpoints\/:id(\/|$)/;

/**
 * The endpoint of the documentation and a request to it, for client `default` of a sandbox. Each call with its id finds
 * them as they were at first. Hardly anything is sent to its URL.
 */
class SandboxWebhooks {
  constructor(
    private readonly database: Database,
    private readonly keyId: string,
    private readonly clientId: string,
  ) {}

  /** @param paused until it is used, so that nothing is sent to it meanwhile */
  async prepare(paused: boolean): Promise<void> {
    const { url, description, maxInFlight, signing } = exampleEndpoint;
    const { webhookEndpoint: id, webhookDelivery, message } = EXAMPLE_UUIDS;
    const state = paused ? { pausedAt: new Date(), pauseReason: 'caller' } : { pausedAt: null, pauseReason: null };
    const first = { secrets: [{ version: 1, keyId: this.keyId, validUntil: null }], ...state };
    const settings = { url, description: description ?? null, maxInFlight, signing, inFlight: maxInFlight };
    const delivered = { status: 'delivered', nextAttemptAt: null, finishedAt: new Date() };
    // In one transaction: another call may delete the endpoint at any moment, and waits until the request is there, too.
    await this.database.repeatable(async (tx) => {
      const prisma = await this.database.prismaOn(tx);
      await prisma.webhookEndpoint.upsert({
        where: { id },
        create: { ...first, ...settings, id, clientId: this.clientId, events: UNHEARD_OF, position: 1 },
        update: first,
      });
      await prisma.webhookDelivery.upsert({
        where: { id: webhookDelivery },
        create: {
          ...delivered,
          id: webhookDelivery,
          endpointId: id,
          webhookId: EXAMPLE_IDS.event,
          type: 'message.completed',
          eventIds: [EXAMPLE_IDS.event],
          messageIds: [message],
          body: JSON.stringify(exampleBody('message.completed')),
        },
        update: delivered,
      });
    });
  }

  isMeant(request: FastifyRequest): boolean {
    if (!ROUTE.test(request.routeOptions.url ?? '')) return false;
    const { id } = request.params as { readonly id?: string };
    return id === EXAMPLE_IDS.webhookEndpoint && ownerOf(request).clientId === this.clientId;
  }
}

export async function prepareWebhooks(
  app: NestFastifyApplication,
  database: Database,
  clientId: string,
): Promise<void> {
  const keys = app.get(WebhookKeys, { strict: false });
  if (!keys.configured) return;
  const webhooks = new SandboxWebhooks(database, keys.currentId, clientId);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preHandler', async (request) => {
      if (webhooks.isMeant(request)) await webhooks.prepare(false);
    });
  await webhooks.prepare(true);
}
