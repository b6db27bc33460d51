import { Injectable } from '@nestjs/common';
import type { Capabilities, MessageSpec, Recipient, ResolvedAudience } from '@gateway/core';
import { AudienceRepository, type AudienceSample } from '@gateway/database';
import type { Preview } from '../messages/accept/preview-message.service.js';
import { quotaCost } from '../accounts/quota/quota.js';
import { batchSize, expansionRules, rangesOf } from './expansion-rules.js';
import { ProviderDirectory } from '../shared/provider-directory.js';

const SHOWN = 100;

/** Previews a message to an audience as if it were due now: counted in the database, shown for its first recipient. */
@Injectable()
export class PreviewAudienceService {
  constructor(
    private readonly audiences: AudienceRepository,
    private readonly providers: ProviderDirectory,
  ) {}

  /** @param preview of the same message to these recipients. @throws GatewayProblem as accepting it would. */
  async execute(
    clientId: string,
    spec: MessageSpec & { readonly audience: ResolvedAudience },
    preview: (recipients: readonly Recipient[]) => Promise<Preview>,
  ): Promise<Preview> {
    const { provider } = await preview([]);
    const capabilities = this.providers.find(provider)?.capabilities;
    if (capabilities === undefined) throw new Error(`no account "${provider}" is configured`);
    const { variables, template, category } = spec;
    const message = { ...spec.parsed, variables, ofProvider: template?.kind === 'provider' };
    const rules = expansionRules(message, capabilities);
    const sample = await this.audiences.sample(clientId, spec.audience, rules, { category, limit: SHOWN });
    return { ...(await preview(sample.first.map(toRecipient))), ...countsOf(sample, capabilities.limits, spec) };
  }
}

function countsOf(sample: AudienceSample, limits: Capabilities['limits'], { variables }: MessageSpec) {
  const { able, unable, suppressed, largest } = sample;
  const batches = rangesOf(able, batchSize(limits, largest, variables));
  return {
    recipientCount: able + unable,
    rejectedCount: unable,
    suppressedCount: suppressed,
    quotaCost: quotaCost(able, suppressed),
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
