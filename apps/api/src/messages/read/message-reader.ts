import { Injectable } from '@nestjs/common';
import { GatewayProblem, isListExpression } from '@gateway/core';
import {
  IdempotencyService,
  ResolveAudienceService,
  ResolveListsService,
  TemplateLookups,
  TemplateOwners,
  type FirstAnswer,
  type IdempotentRequest,
} from '@gateway/delivery';
import { Turns } from '@gateway/platform';
import { faultsIn } from '../../http/json/json-faults.js';
import { LargeMessage } from '../../http/bodies/large-message.js';
import { MessageContexts } from './message-context.js';
import { MessageTemplates } from './message-templates.js';
import { paged, readLargeMessage, type ReadLargeMessage } from './read-large-message.js';
import { readMessage, type Reading, type ReadMessage } from './read-message.js';
import { readMessageStream, type StreamedMessage } from './read-message-stream.js';

/** Reads bodies of messages, with the templates that they name. */
@Injectable()
export class MessageReader {
  constructor(
    private readonly contexts: MessageContexts,
    private readonly templates: TemplateLookups,
    private readonly owners: TemplateOwners,
    private readonly idempotency: IdempotencyService,
    private readonly audiences: ResolveAudienceService,
    private readonly lists: ResolveListsService,
  ) {}

  /** @throws GatewayProblem `validation_failed` with everything that is wrong with it. */
  async read(clientId: string, body: unknown): Promise<ReadMessage> {
    const template = await this.templatesOf(clientId).for(body);
    return this.withGroups(clientId, await readMessage(body, { context: this.contexts.now(), template }));
  }

  private async readAny(clientId: string, body: unknown): Promise<ReadMessage | ReadLargeMessage> {
    if (!(body instanceof LargeMessage)) return paged(await this.read(clientId, body));
    const template = await this.templatesOf(clientId).for(body.members);
    return readLargeMessage(body, this.contexts.now(), template);
  }

  /** Finds the groups that the message names. @throws GatewayProblem for those that the client has not. */
  private async withGroups(clientId: string, message: ReadMessage): Promise<ReadMessage> {
    const { audience } = message;
    if (audience === undefined) return message;
    if (isListExpression(audience)) {
      return { ...message, spec: { ...message.spec, list: await this.lists.execute(clientId, audience) } };
    }
    return {
      ...message,
      spec: { ...message.spec, audience: await this.audiences.execute(clientId, audience) },
    };
  }

  /** A repeated request gets its first answer, even if its template has been deleted since. */
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
    const turns = new Turns();
    const reading: Promise<ReadMessage | GatewayProblem>[] = [];
    const found = await Promise.all(bodies.map((body) => templates.for(body)));
    for (const [i, body] of bodies.entries()) {
      await turns.rest();
      reading.push(this.readOne(clientId, body, { context, template: found[i], turns }));
    }
    return Promise.all(reading);
  }

  private async readOne(clientId: string, body: unknown, reading: Reading): Promise<ReadMessage | GatewayProblem> {
    try {
      faultsIn(body)?.throwIfAny();
      return await this.withGroups(clientId, await readMessage(body, reading));
    } catch (error) {
      if (!(error instanceof GatewayProblem)) throw error;
      return error;
    }
  }

  readStream(clientId: string, body: AsyncIterable<Buffer>): Promise<StreamedMessage> {
    return readMessageStream(body, this.contexts.now(), this.templatesOf(clientId));
  }

  private templatesOf(clientId: string): MessageTemplates {
    return new MessageTemplates(this.templates, this.owners, clientId);
  }
}
