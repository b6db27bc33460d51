import { GatewayProblem, isListExpression } from '@gateway/core';
import type { TemplateRepository } from '@gateway/database';
import type {
  FirstAnswer,
  IdempotencyService,
  IdempotentRequest,
  ResolveAudienceService,
  ResolveListsService,
} from '@gateway/delivery';
import { LargeMessage } from '../http/large-message.js';
import type { MessageContexts } from './message-context.js';
import { MessageTemplates } from './message-templates.js';
import { readLargeMessage, type ReadLargeMessage } from './read-large-message.js';
import { readMessage, type ReadMessage } from './read-message.js';
import { readMessageStream, type StreamedMessage } from './read-message-stream.js';

/** Reads bodies of messages, with the templates that they name. */
export class MessageReader {
  constructor(
    private readonly contexts: MessageContexts,
    private readonly templates: TemplateRepository,
    private readonly idempotency: IdempotencyService,
    private readonly audiences: { readonly ofGroups: ResolveAudienceService; readonly ofLists: ResolveListsService },
  ) {}

  /** @throws GatewayProblem `validation_failed` with everything that is wrong with it. */
  async read(clientId: string, body: unknown): Promise<ReadMessage> {
    const template = await this.templatesOf(clientId).for(body);
    return this.withGroups(clientId, readMessage(body, this.contexts.now(), template));
  }

  private async readAny(clientId: string, body: unknown): Promise<ReadMessage | ReadLargeMessage> {
    if (!(body instanceof LargeMessage)) return this.read(clientId, body);
    const template = await this.templatesOf(clientId).for(body.members);
    return readLargeMessage(body, this.contexts.now(), template);
  }

  /** Finds the groups that the message names. @throws GatewayProblem for those that the client has not. */
  private async withGroups(clientId: string, message: ReadMessage): Promise<ReadMessage> {
    const { audience } = message;
    if (audience === undefined) return message;
    if (isListExpression(audience)) {
      return { ...message, spec: { ...message.spec, list: await this.audiences.ofLists.execute(clientId, audience) } };
    }
    return {
      ...message,
      spec: { ...message.spec, audience: await this.audiences.ofGroups.execute(clientId, audience) },
    };
  }

  /** What was good when it came first is answered as then, even if its template has gone since. */
  async readOrReplay(
    clientId: string,
    body: unknown,
    idempotent: IdempotentRequest | undefined,
  ): Promise<{ readonly message: ReadMessage | ReadLargeMessage } | { readonly earlier: FirstAnswer }> {
    try {
      return { message: await this.readAny(clientId, body) };
    } catch (error) {
      if (idempotent === undefined || !(error instanceof GatewayProblem)) throw error;
      const earlier = await this.idempotency.earlier(clientId, idempotent);
      if (earlier === undefined) throw error;
      return { earlier };
    }
  }

  /** Each for itself: a message, or what is wrong with it. */
  async readMany(clientId: string, bodies: readonly unknown[]): Promise<readonly (ReadMessage | GatewayProblem)[]> {
    const templates = this.templatesOf(clientId);
    const context = this.contexts.now();
    return Promise.all(
      bodies.map(async (body) => {
        const template = await templates.for(body);
        try {
          return await this.withGroups(clientId, readMessage(body, context, template));
        } catch (error) {
          if (!(error instanceof GatewayProblem)) throw error;
          return error;
        }
      }),
    );
  }

  readStream(clientId: string, body: AsyncIterable<Buffer>): Promise<StreamedMessage> {
    return readMessageStream(body, this.contexts.now(), this.templatesOf(clientId));
  }

  private templatesOf(clientId: string): MessageTemplates {
    return new MessageTemplates(this.templates, clientId);
  }
}
