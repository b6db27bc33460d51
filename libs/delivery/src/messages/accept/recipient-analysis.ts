import {
  BatchPlanner,
  hasOpenHead,
  RecipientWatch,
  ValueSizes,
  type AttachmentSizes,
  type MessageProfile,
  type MessageSpec,
  type Recipient,
  type RoutableProvider,
} from '@gateway/core';

// Approximate size of the JSON around a recipient in a provider's request.
const RECIPIENT_OVERHEAD_BYTES = 64;

/**
 * Looks at each recipient once while it passes by: what routing wants to know of them all, and how each account would
 * cut them. Its memory grows with the number of batches, not with the number of recipients.
 */
export class RecipientAnalysis {
  readonly planners: ReadonlyMap<string, BatchPlanner>;
  private readonly sizes: ValueSizes;
  private readonly overridden = new Set<string>();
  private readonly watches: ReadonlyMap<string, RecipientWatch>;
  private total = 0;
  private first: string | undefined;
  /** Bytes of the default values that are given with each recipient. */
  private repeatedBytes = 0;

  constructor(
    private readonly spec: MessageSpec,
    providers: readonly RoutableProvider[],
    private readonly files: AttachmentSizes,
  ) {
    const { content } = spec.parsed;
    this.sizes = new ValueSizes(content, spec.variables);
    // With a provider's own template every value is given with every recipient, used or not.
    if (spec.template?.kind === 'provider' && spec.delivery === 'individual') this.repeatDefaults();
    if (hasOpenHead(content)) this.repeatedBytes += sizeOf(spec.content.subject, undefined);
    this.planners = new Map(providers.map((provider) => [provider.name, plannerFor(spec, provider)]));
    this.watches = new Map(providers.map(({ name, capabilities }) => [name, new RecipientWatch(capabilities)]));
  }

  get count(): number {
    return this.total;
  }

  /** None: it goes to an audience or a list. */
  get firstAddress(): string | undefined {
    return this.first;
  }

  add(recipient: Recipient): void {
    this.total += 1;
    this.first ??= recipient.address;
    for (const watch of this.watches.values()) watch.add(recipient);
    const nameBytes = recipient.name === undefined ? 0 : Buffer.byteLength(recipient.name);
    const before = this.repeatedBytes;
    const own = this.addVariables(recipient);
    const bytes = RECIPIENT_OVERHEAD_BYTES + recipient.address.length + nameBytes + own + this.repeatedBytes;
    const growth = this.repeatedBytes - before;
    for (const planner of this.planners.values()) planner.add(recipient.type, bytes, growth);
  }

  private repeatDefaults(): void {
    for (const [name, value] of Object.entries(this.spec.variables)) {
      this.overridden.add(name);
      this.repeatedBytes += sizeOf(name, value);
    }
  }

  private addVariables(recipient: Recipient): number {
    const { variables } = recipient;
    if (variables === undefined) return 0;
    this.sizes.add(variables, recipient);
    let bytes = 0;
    for (const name of Object.keys(variables)) {
      bytes += sizeOf(name, variables[name]);
      if (this.overridden.has(name)) continue;
      this.overridden.add(name);
      // From now on the default is repeated for every recipient that has no value of its own.
      if (Object.hasOwn(this.spec.variables, name)) this.repeatedBytes += sizeOf(name, this.spec.variables[name]);
    }
    return bytes;
  }

  /** Passes pages of recipients on, looking at each recipient. */
  async *tap(pages: AsyncIterable<readonly Recipient[]>): AsyncGenerator<readonly Recipient[]> {
    for await (const page of pages) {
      for (const recipient of page) this.add(recipient);
      yield page;
    }
  }

  /** Faults of recipients for one account. */
  watch(provider: string): RecipientWatch | undefined {
    return this.watches.get(provider);
  }

  get profile(): MessageProfile {
    const { spec } = this;
    return {
      category: spec.category,
      delivery: spec.delivery,
      content: spec.parsed.content,
      providerTemplate: spec.template?.kind === 'provider',
      variables: spec.variables,
      overridden: this.overridden,
      senderNameBytes: Buffer.byteLength(spec.from.name ?? ''),
      senderAddress: spec.from.address,
      headers: spec.headers,
      ...(spec.template?.kind === 'provider' && { providerTemplateId: spec.template.id }),
      bodyField: spec.content.html === undefined ? 'text' : 'html',
      attachments: this.files,
      ...(spec.list !== undefined && { list: spec.list }),
      bodyBytes: this.sizes.bodyBytes,
      culprit: (limit) => this.sizes.culprit(limit),
    };
  }
}

// UTF-8 takes at most three bytes for each UTF-16 unit; an upper bound is enough to bound memory.
const sizeOf = (name: string, value: string | undefined): number => (name.length + (value?.length ?? 0)) * 3;

const plannerFor = (spec: MessageSpec, { capabilities: { limits } }: RoutableProvider): BatchPlanner =>
  new BatchPlanner({
    delivery: spec.delivery,
    maxRecipients: spec.delivery === 'shared' ? limits.recipientsPerSharedMail : limits.recipientsPerRequest,
    maxBytes: limits.requestBytes,
    allowSplit: spec.allowSplit,
  });
