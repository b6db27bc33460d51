import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  encodeId,
  renderFor,
  type ListAudience,
  type ListTarget,
  type MessageSpec,
  type Recipient,
} from '@gateway/core';
import { SuppressionRepository } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { quotaCost } from '../../accounts/quota/quota.js';
import { MessageAttachments } from '../../attachments/message-attachments.js';
import { markerFor } from '../../shared/outbound-batch.js';
import { SharedAccountStates } from '../../accounts/account-states.js';
import { planMessage, type DrawFacts } from '../../routes/message-route.js';
import { RoutesInForce } from '../../routes/routes-in-force.js';
import { routable } from './routable.js';
import { RecipientAnalysis } from './recipient-analysis.js';
import { routeMessage, type Route, type Routing } from './route-message.js';
import { expectSender, type SenderLimits } from './sender-limits.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';

/** Previews a message: nothing is stored, nothing is sent. */
export interface Preview {
  readonly provider: string;
  readonly routing: Routing;
  /** It would wait for its release. */
  readonly hold: boolean;
  readonly recipientCount: number;
  /** Addresses that would get nothing; the first ones. */
  readonly suppressed: readonly string[];
  readonly suppressedCount: number;
  /** Recipients that count against the account's quota. */
  readonly quotaCost: number;
  readonly batchCount: number;
  readonly batches: readonly {
    readonly positionFrom: number;
    readonly positionTo: number;
    readonly recipientCount: number;
  }[];
  /** As the first recipient reads it. */
  readonly rendered: { readonly address: string; readonly subject: string; readonly html: string };
  /** Exactly what would be posted, secrets masked; the first ones. */
  readonly requests: readonly unknown[];
}

// A preview is for people: enough of a campaign to judge it, without an answer of megabytes.
const REQUESTS_SHOWN = 3;
const RECIPIENTS_SHOWN = 100;
/** Looked at between two turns of the event loop: in some five milliseconds. */
const RECIPIENTS_A_TURN = 2000;
/** A provider gives the id when a mail first needs the file there. */
const NOT_YET_UPLOADED = { fileId: '<uploaded when sent>' };

/** The caller, and the facts by which accounts are drawn. */
export type PreviewFor = Pick<DrawFacts, 'clientId' | 'id' | 'key'> & { readonly limits?: SenderLimits };

/** Plans a message as accepting it would, and renders what the provider would get. */
@Injectable()
export class PreviewMessageService {
  constructor(
    private readonly states: SharedAccountStates,
    private readonly routes: RoutesInForce,
    private readonly suppressions: SuppressionRepository,
    private readonly attachments: MessageAttachments,
    private readonly providers: ProviderDirectory,
  ) {}

  /**
   * @param by the caller, and what accounts are drawn by: with the caller's Idempotency-Key, as accepting it would
   * @throws GatewayProblem as accepting it would.
   */
  async execute(by: PreviewFor, spec: MessageSpec, recipients: readonly Recipient[]): Promise<Preview> {
    const { clientId } = by;
    expectSender(by.limits, spec);
    const files = await this.attachments.sizes(clientId, spec.attachments);
    const analysis = new RecipientAnalysis(spec, this.providers.all, files);
    for (const [i, recipient] of recipients.entries()) {
      if (i % RECIPIENTS_A_TURN === RECIPIENTS_A_TURN - 1) await breathe();
      analysis.add(recipient);
    }
    const route = await this.route(spec, analysis, by);
    const [first] = recipients;
    const suppressed = await this.suppressions.findSuppressed(
      recipients.map(({ address }) => address.toLowerCase()),
      spec.category,
    );
    return {
      provider: route.routing.provider,
      routing: route.routing,
      hold: spec.hold,
      recipientCount: recipients.length,
      suppressed: suppressed.slice(0, RECIPIENTS_SHOWN),
      suppressedCount: suppressed.length,
      quotaCost: quotaCost(recipients.length, suppressed.length),
      batchCount: route.batches.length,
      batches: route.batches.slice(0, RECIPIENTS_SHOWN).map(({ from, to }) => ({
        positionFrom: from,
        positionTo: to,
        recipientCount: to - from + 1,
      })),
      rendered: { address: first?.address ?? '', ...renderFor(spec.parsed.content, spec.variables, first?.variables) },
      requests: this.requests(spec, recipients, route),
    };
  }

  private async route(spec: MessageSpec, analysis: RecipientAnalysis, by: PreviewFor): Promise<Route> {
    const [states, routes] = await Promise.all([this.states.run(), this.routes.current()]);
    const { clientId, id, key, limits } = by;
    const draw = { clientId, id, key, ...(spec.audience === undefined && { firstAddress: analysis.firstAddress }) };
    const plan = planMessage(routes, spec, { order: this.providers.names, draw });
    return routeMessage(spec, analysis, routable(this.providers.all, states, limits), plan);
  }

  private requests(spec: MessageSpec, recipients: readonly Recipient[], route: Route): unknown[] {
    const provider = this.providers.find(route.routing.provider);
    if (provider === undefined) return [];
    return route.batches.slice(0, REQUESTS_SHOWN).map(({ from, to }) => {
      const id = newUuid();
      const shown = recipients.slice(from, Math.min(to + 1, from + RECIPIENTS_SHOWN));
      const request = provider.render({
        batchId: encodeId('batch', id),
        marker: markerFor(id, 1, spec.from.address),
        category: spec.category,
        delivery: spec.delivery,
        from: spec.from,
        content: spec.parsed.content,
        ...(spec.template?.kind === 'provider' && { providerTemplateId: spec.template.id }),
        variables: spec.variables,
        headers: spec.headers,
        attachments: spec.attachments.map(() => NOT_YET_UPLOADED),
        recipients: shown,
        ...(spec.list !== undefined && { list: shownList(spec.list) }),
      });
      return { ...request, recipientsNotShown: to - from + 1 - shown.length };
    });
  }
}

/** Copies of groups by the groups' names; their names at the provider are resolved when the message is sent. */
const shownList = ({ groups, match }: ListAudience): ListTarget => ({
  lists: groups.map(({ name, listId }) => listId ?? name),
  match,
});
