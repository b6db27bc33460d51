import {
  ADVERTISING_MARK,
  encodeId,
  parseContent,
  renderFor,
  type EmailProvider,
  type ListAudience,
  type ListTarget,
  type MessageSpec,
  type ParsedContent,
  type Recipient,
} from '@gateway/core';
import type { ProviderAccountRepository, SuppressionRepository } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { MessageAttachments } from '../attachments/message-attachments.js';
import { markerFor } from '../outbound-batch.js';
import { accountStates, routable } from './account-states.js';
import { RecipientAnalysis } from './recipient-analysis.js';
import { routeMessage, type Route, type Routing } from './route-message.js';

/** What would happen to a message: nothing is stored, nothing is sent. */
export interface Preview {
  readonly provider: string;
  readonly routing: Routing;
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
/** A provider gives the id when a mail first needs the file there. */
const NOT_YET_UPLOADED = { fileId: '<uploaded when sent>' };

/** Plans a message as accepting it would, and renders what the provider would get. */
export class PreviewMessageService {
  constructor(
    readonly accounts: ProviderAccountRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly attachments: MessageAttachments,
    readonly providers: readonly EmailProvider[],
  ) {}

  /** @throws GatewayProblem as accepting it would. */
  async execute(clientId: string, spec: MessageSpec, recipients: readonly Recipient[]): Promise<Preview> {
    const content = parseContent(spec.content, spec.category);
    const files = await this.attachments.sizes(clientId, spec.attachments);
    const analysis = new RecipientAnalysis(spec, content, this.providers, files);
    for (const recipient of recipients) analysis.add(recipient);
    const route = await this.route(spec, analysis);
    const [first] = recipients;
    const suppressed = await this.suppressions.findSuppressed(
      recipients.map(({ address }) => address.toLowerCase()),
      spec.category,
    );
    return {
      provider: route.routing.provider,
      routing: route.routing,
      recipientCount: recipients.length,
      suppressed: suppressed.slice(0, RECIPIENTS_SHOWN),
      suppressedCount: suppressed.length,
      quotaCost: recipients.length - suppressed.length,
      batchCount: route.batches.length,
      batches: route.batches.slice(0, RECIPIENTS_SHOWN).map(({ from, to }) => ({
        positionFrom: from,
        positionTo: to,
        recipientCount: to - from + 1,
      })),
      rendered: { address: first?.address ?? '', ...rendered(content, spec, first) },
      requests: this.requests(spec, recipients, route),
    };
  }

  private async route(spec: MessageSpec, analysis: RecipientAnalysis): Promise<Route> {
    const states = await accountStates(this);
    return routeMessage(spec, analysis, routable(this.providers, states));
  }

  private requests(spec: MessageSpec, recipients: readonly Recipient[], route: Route): unknown[] {
    const provider = this.providers.find(({ name }) => name === route.routing.provider);
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
        content: parseContent(spec.content, spec.category),
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

/** Copies of groups by their names: what the provider calls them is found when the message goes out. */
const shownList = ({ groups, match }: ListAudience): ListTarget => ({
  lists: groups.map(({ name, listId }) => listId ?? name),
  match,
});

/** As the recipient reads it, with the mark of an advertisement, whoever puts it there. */
function rendered(
  content: ParsedContent,
  spec: MessageSpec,
  recipient: Recipient | undefined,
): { readonly subject: string; readonly html: string } {
  const { subject, html } = renderFor(content, spec.variables, recipient?.variables);
  const marked = !content.advertisement || subject.startsWith(ADVERTISING_MARK);
  return { subject: marked ? subject : `${ADVERTISING_MARK} ${subject}`, html };
}
