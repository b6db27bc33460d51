import { Inject, Injectable } from '@nestjs/common';
import type { AttachmentSizes, CompiledRoutes, MessageSpec, Recipient } from '@gateway/core';
import { isClosed, type MessageRows, type NewMessage } from '@gateway/database';
import { CLOCK, newUuid, type Clock } from '@gateway/platform';
import { BatchProducer } from '@gateway/queue';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import type { AcceptCommand } from './accept-command.js';
import { SendingDomains } from '../../sending-domains/sending-domains.service.js';
import { waitingFor, type Waiting } from '../../accounts/waiting.js';
import type { AccountStates } from '../../accounts/account-states.js';
import { planMessage } from '../../routes/message-route.js';
import { routable } from './routable.js';
import { prepareMessage } from './prepare-message.js';
import { RecipientAnalysis } from './recipient-analysis.js';
import { routeMessage, type Route } from './route-message.js';
import { expectSender } from './sender-limits.js';

export interface RoutableCommand extends AcceptCommand {
  readonly states: AccountStates;
  readonly routes: CompiledRoutes;
}

/** Makes the rows of a message from a validated request. Refuses what no account can send. */
@Injectable()
export class MessagePreparer {
  constructor(
    private readonly providers: ProviderDirectory,
    private readonly producer: BatchProducer,
    private readonly domains: SendingDomains,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Of a message whose recipients are in memory.
   * @throws GatewayProblem when no account can send it.
   */
  withRecipients(
    command: RoutableCommand & { readonly recipients: readonly Recipient[] },
    files: AttachmentSizes,
  ): MessageRows {
    const analysis = this.analysisOf(command, files);
    for (const recipient of command.recipients) analysis.add(recipient);
    return this.prepare(command, command.id ?? newUuid(), analysis, command.recipients);
  }

  /** @throws GatewayProblem when the caller's key may not send it. */
  analysisOf({ spec, limits }: Pick<AcceptCommand, 'spec' | 'limits'>, files: AttachmentSizes): RecipientAnalysis {
    expectSender(limits, spec);
    return new RecipientAnalysis(spec, this.providers.all, files);
  }

  /** @param id of the message. @throws GatewayProblem when no account can send it. */
  route(command: RoutableCommand, id: string, analysis: RecipientAnalysis): Route {
    const { spec, states, limits, routes, clientId, idempotency } = command;
    const draw = { id, clientId, key: idempotency?.key, firstAddress: analysis.firstAddress };
    const plan = planMessage(routes, spec, { order: this.providers.names, draw });
    const route = routeMessage(spec, analysis, routable(this.providers.all, states, limits), plan);
    const warning = this.domains.warningFor(spec.from.address, route.routing.provider);
    return warning === undefined ? route : { ...route, warnings: [...route.warnings, warning] };
  }

  /** Why a message would not go now. */
  waiting({ states }: RoutableCommand, { provider, createdAt }: NewMessage): Waiting | undefined {
    const [state, account] = [states.get(provider), this.providers.find(provider)];
    return state && account && waitingFor(state, account.capabilities.limits, createdAt);
  }

  /** @param recipients those that are written with it; the others have been copied. */
  prepare(
    command: RoutableCommand,
    id: string,
    analysis: RecipientAnalysis,
    recipients: readonly Recipient[],
  ): MessageRows {
    const { clientId, keyId, needsRelease = false, requestId, spec, redriveOf } = command;
    const [route, createdAt] = [this.route(command, id, analysis), this.clock.now()];
    const state = command.states.get(route.routing.provider);
    // Without a job: the batch is found in the database when its account opens, or while the queue is away.
    const hasNoQuota = state !== undefined && state.usedUpAt !== null && spec.onQuota === 'defer';
    const waits = (state !== undefined && isClosed(state)) || hasNoQuota || this.producer.isAway;
    const recipientCount = analysis.count;
    const parts = {
      id,
      clientId,
      keyId,
      needsRelease,
      requestId,
      spec,
      redriveOf,
      recipientCount,
      route,
      createdAt,
      waits,
    };
    return prepareMessage(parts, recipients);
  }
}
