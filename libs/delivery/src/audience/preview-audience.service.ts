import {
  parseContent,
  type Capabilities,
  type EmailProvider,
  type MessageSpec,
  type Recipient,
  type ResolvedAudience,
} from '@gateway/core';
import type { AudienceRepository, AudienceSample } from '@gateway/database';
import type { Preview } from '../accept/preview-message.service.js';
import { batchSize, expansionRules, rangesOf } from './expansion-rules.js';

const SHOWN = 100;

/** What would happen to a message to an audience, if it were due now: counted in the database, shown by its first. */
export class PreviewAudienceService {
  constructor(
    private readonly audiences: AudienceRepository,
    private readonly providers: readonly EmailProvider[],
  ) {}

  /** @param preview of the same message to these recipients. @throws GatewayProblem as accepting it would. */
  async execute(
    clientId: string,
    spec: MessageSpec & { readonly audience: ResolvedAudience },
    preview: (recipients: readonly Recipient[]) => Promise<Preview>,
  ): Promise<Preview> {
    const { provider } = await preview([]);
    const limits = this.providers.find(({ name }) => name === provider)?.capabilities.limits;
    if (limits === undefined) throw new Error(`no account "${provider}" is configured`);
    const content = parseContent(spec.content, spec.category);
    const { variables, template, category } = spec;
    const rules = expansionRules({ content, variables, ofProvider: template?.kind === 'provider' }, limits);
    const sample = await this.audiences.sample(clientId, spec.audience, rules, { category, limit: SHOWN });
    return { ...(await preview(sample.first.map(toRecipient))), ...countsOf(sample, limits, spec) };
  }
}

function countsOf(sample: AudienceSample, limits: Capabilities['limits'], { variables }: MessageSpec) {
  const { able, unable, suppressed, largest } = sample;
  const batches = rangesOf(able, batchSize(limits, largest, variables));
  return {
    recipientCount: able + unable,
    rejectedCount: unable,
    suppressedCount: suppressed,
    quotaCost: able - suppressed,
    batchCount: batches.length,
    batches: batches
      .slice(0, SHOWN)
      .map(({ from, to }) => ({ positionFrom: from, positionTo: to, recipientCount: to - from + 1 })),
  };
}

const toRecipient = (row: AudienceSample['first'][number], position: number): Recipient => ({
  position,
  address: row.address,
  type: 'to',
  ...(row.name !== null && { name: row.name }),
  ...(row.variables !== null && { variables: row.variables }),
});
