import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { headerLimits } from '@gateway/core';
import { AccessRepository, Database, DEFAULT_CLIENT } from '@gateway/database';
import { AcceptMessageService } from '@gateway/delivery';
import { newUuid, type Logger } from '@gateway/platform';
import { hashKey } from '../access/known-keys.js';
import { acceptedAnswer } from '../messages/follow/message.presenter.js';
import { readMessage } from '../messages/read/read-message.js';
import { prepareAudience } from './sandbox-audience.js';
import { EXAMPLE_IDS, EXAMPLE_UUIDS } from '../openapi/example-ids.js';
import { personalised, scheduled } from '../messages/request-examples.openapi.js';
import { prepareAttachments } from './sandbox-attachments.js';
import { renewBefore } from './sandbox-renewal.js';
import { prepareRoutes } from './sandbox-routes.js';
import { prepareSuppressions } from './sandbox-suppressions.js';
import { prepareTemplates } from './sandbox-templates.js';
import { prepareWebhooks } from './sandbox-webhooks.js';

const SCHEDULED_AHEAD_MS = 30 * 24 * 3_600_000;
/** No key has this hash. */
const HASH_OF_NOTHING = Buffer.alloc(32);

/**
 * In a sandbox every call of the documentation works when it is pressed with its example: the ids in it exist, for
 * client `default`. A message that was really sent through the simulator, one that waits to be cancelled, one to be
 * released, and a key without an owner, which any caller may revoke.
 */
class SandboxExamples {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly access: AccessRepository;
      readonly acceptMessage: AcceptMessageService;
      readonly clientId: string;
    },
  ) {}

  /** Makes what is not there yet. */
  async prepare(): Promise<void> {
    await this.insertKey();
    if ((await this.statusOf(EXAMPLE_UUIDS.message)) === undefined) {
      await this.accept(EXAMPLE_UUIDS.message, personalised);
    }
    await this.renewScheduled();
    await this.renewHeld();
  }

  /** A message that was cancelled or released already makes room for a new one. */
  renewBeforeUse(app: NestFastifyApplication): void {
    const call = { clientId: this.deps.clientId, method: 'POST', parameter: 'id' };
    const cancel = { ...call, route: '/v1/messages/:id/cancel', example: EXAMPLE_IDS.scheduled };
    const release = { ...call, route: '/v1/messages/:id/release', example: EXAMPLE_IDS.held };
    renewBefore(app, cancel, () => this.renewScheduled());
    renewBefore(app, release, () => this.renewHeld());
  }

  private renewScheduled(): Promise<void> {
    return this.renew(EXAMPLE_UUIDS.scheduled, 'scheduled');
  }

  private renewHeld(): Promise<void> {
    return this.renew(EXAMPLE_UUIDS.held, 'held');
  }

  private async renew(id: string, status: 'held' | 'scheduled'): Promise<void> {
    if ((await this.statusOf(id)) === status) return;
    await this.remove(id);
    const message = scheduled(new Date(Date.now() + SCHEDULED_AHEAD_MS));
    await this.accept(id, { ...message, hold: status === 'held' });
  }

  private async accept(id: string, body: unknown): Promise<void> {
    const context = { now: new Date(), providers: [], headers: headerLimits([]) };
    const { spec, recipients } = await readMessage(body, { context });
    const { clientId } = this.deps;
    const command = { id, clientId, requestId: newUuid(), spec, recipients, idempotency: undefined };
    await this.deps.acceptMessage.execute(command, acceptedAnswer);
  }

  private async statusOf(id: string): Promise<string | undefined> {
    const { database, clientId } = this.deps;
    const message = await database.prisma.message.findFirst({ where: { id, clientId }, select: { status: true } });
    return message?.status;
  }

  private remove(id: string): Promise<void> {
    const { database } = this.deps;
    return database.transaction(async (tx) => {
      const prisma = await database.prismaOn(tx);
      await prisma.event.deleteMany({ where: { messageId: id } });
      await prisma.recipient.deleteMany({ where: { messageId: id } });
      // Rows that depend on batches are deleted with the message.
      await prisma.message.deleteMany({ where: { id } });
    });
  }

  /** One that was revoked may be changed and rotated again. */
  renewBeforeKeyChanges(app: NestFastifyApplication): void {
    const { clientId, database } = this.deps;
    const [id, example] = [EXAMPLE_UUIDS.apiKey, EXAMPLE_IDS.apiKey];
    const renew = async (): Promise<void> => {
      await database.prisma.apiKey.updateMany({ where: { id }, data: { revokedAt: null, revokedBy: null } });
    };
    const calls = [
      { method: 'PATCH', route: '/v1/api-keys/:id' },
      { method: 'POST', route: '/v1/api-keys/:id/rotate' },
    ];
    for (const call of calls) renewBefore(app, { ...call, clientId, parameter: 'id', example }, renew);
  }

  private async insertKey(): Promise<void> {
    const { access, clientId, database } = this.deps;
    const before = await database.prisma.apiKey.findUnique({
      where: { id: EXAMPLE_UUIDS.apiKey },
      select: { id: true },
    });
    if (before !== null) return;
    await access.insert(database.pool, {
      id: EXAMPLE_UUIDS.apiKey,
      clientId,
      client: DEFAULT_CLIENT,
      name: 'example of the documentation: a key without an owner',
      hash: HASH_OF_NOTHING,
      scopes: ['messages:read'],
    });
  }
}

/**
 * Makes the examples of client `default`. Without them the gateway is none the worse, so this never rejects.
 * @param key of client `default`.
 */
export async function prepareExamples(app: NestFastifyApplication, key: string, log: Logger): Promise<void> {
  const [access, database] = [app.get(AccessRepository), app.get(Database)];
  const [owner] = await access.findOwners([hashKey(key)]);
  if (owner?.clientName !== DEFAULT_CLIENT) return;
  const { clientId } = owner;
  const examples = new SandboxExamples({ database, access, acceptMessage: app.get(AcceptMessageService), clientId });
  try {
    examples.renewBeforeUse(app);
    examples.renewBeforeKeyChanges(app);
    prepareRoutes(app);
    await examples.prepare();
    await prepareAttachments(app, database, clientId);
    await prepareSuppressions(app, database, clientId);
    await prepareTemplates(app, database, clientId);
    await prepareAudience(app, database, clientId);
    await prepareWebhooks(app, database, clientId);
  } catch (error) {
    log.warn({ err: error }, 'the examples of the documentation are not all there');
  }
}
