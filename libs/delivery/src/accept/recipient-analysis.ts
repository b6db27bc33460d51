import {
  BatchPlanner,
  ValueSizes,
  type MessageProfile,
  type MessageSpec,
  type ParsedContent,
  type Recipient,
  type RecipientType,
  type RoutableProvider,
} from '@gateway/core';

// What JSON puts around a recipient in a provider's request, about.
const RECIPIENT_OVERHEAD_BYTES = 64;

/**
 * Looks at each recipient once while it passes by: what routing wants to know of them all, and how each account would
 * cut them. Its memory grows with the number of batches, not with the number of recipients.
 */
export class RecipientAnalysis {
  readonly planners: ReadonlyMap<string, BatchPlanner>;
  private readonly sizes: ValueSizes;
  private readonly overridden = new Set<string>();
  private readonly typeCounts: Record<RecipientType, number> = { to: 0, cc: 0, bcc: 0 };
  private longestAddress = 0;
  private longestName = 0;
  private total = 0;

  constructor(
    private readonly spec: MessageSpec,
    private readonly content: ParsedContent,
    providers: readonly RoutableProvider[],
  ) {
    this.sizes = new ValueSizes(content, spec.variables);
    this.planners = new Map(providers.map((provider) => [provider.name, plannerFor(spec, provider)]));
  }

  get count(): number {
    return this.total;
  }

  add(recipient: Recipient): void {
    this.total += 1;
    this.typeCounts[recipient.type] += 1;
    this.longestAddress = Math.max(this.longestAddress, recipient.address.length);
    const nameBytes = recipient.name === undefined ? 0 : Buffer.byteLength(recipient.name);
    this.longestName = Math.max(this.longestName, nameBytes);
    const bytes = RECIPIENT_OVERHEAD_BYTES + recipient.address.length + nameBytes + this.addVariables(recipient);
    for (const planner of this.planners.values()) planner.add(recipient.type, bytes);
  }

  private addVariables({ variables }: Recipient): number {
    if (variables === undefined) return 0;
    this.sizes.add(variables);
    let bytes = 0;
    for (const name in variables) {
      if (!Object.hasOwn(variables, name)) continue;
      this.overridden.add(name);
      // UTF-8 takes at most three bytes for each UTF-16 unit; an upper bound is enough to bound memory.
      bytes += (name.length + (variables[name]?.length ?? 0)) * 3;
    }
    return bytes;
  }

  /** Passes recipients on, looking at each. */
  async *tap(recipients: AsyncIterable<Recipient> | Iterable<Recipient>): AsyncGenerator<Recipient> {
    for await (const recipient of recipients) {
      this.add(recipient);
      yield recipient;
    }
  }

  get profile(): MessageProfile {
    const { spec } = this;
    return {
      category: spec.category,
      delivery: spec.delivery,
      content: this.content,
      variables: spec.variables,
      overridden: this.overridden,
      senderNameBytes: Buffer.byteLength(spec.from.name ?? ''),
      senderAddressLength: spec.from.address.length,
      hasHeaders: Object.keys(spec.headers).length > 0,
      bodyBytes: this.sizes.bodyBytes,
      longestAddress: this.longestAddress,
      longestName: this.longestName,
      recipientCounts: this.typeCounts,
    };
  }
}

const plannerFor = (spec: MessageSpec, { capabilities: { limits } }: RoutableProvider): BatchPlanner =>
  new BatchPlanner({
    delivery: spec.delivery,
    maxRecipients: spec.delivery === 'shared' ? limits.recipientsPerSharedMail : limits.recipientsPerRequest,
    maxBytes: limits.requestBytes,
    allowSplit: spec.allowSplit,
  });
