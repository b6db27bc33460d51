import type {
  Capabilities,
  EmailProvider,
  FindQuery,
  FoundRequest,
  OutboundBatch,
  PollResult,
  ProviderStatistics,
  ProviderSuppressions,
  ProviderTemplates,
  ProviderAttachments,
  RecipientReport,
  RenderedRequest,
  SendOutcome,
  TrackedRequest,
} from '@gateway/core';
import type { ProviderDeps } from '../define-provider.js';
import { postOnce } from '../shared/exchange.js';
import { createNhnApi, type NhnApi } from './nhn.api.js';
import { capabilitiesOf, nhnDialect } from './nhn.capabilities.js';
import type { NhnSettings } from './nhn.config.js';
import { judgeSend, NHN } from './nhn.errors.js';
import { createNhnFiles } from './nhn.files.js';
import { findRequest } from './nhn.find.js';
import { mailBody, mailObject, operationOf } from './nhn.mapper.js';
import { pollRequest } from './nhn.poll.js';
import { createNhnBlockReceivers } from './nhn.block-receivers.js';
import { createNhnStatistics } from './nhn.statistics.js';
import { NhnTemplates } from './nhn.templates.js';

const MASK = '***';

export const createNhnProvider = (settings: NhnSettings, deps: ProviderDeps): EmailProvider => {
  const http = deps.http({ baseUrl: settings.baseUrl, timeoutMs: deps.timeoutMs });
  return new NhnProvider(settings, createNhnApi(settings, http, deps.clock));
};

class NhnProvider implements EmailProvider {
  readonly name = NHN;
  readonly kind = NHN;
  readonly dialect = nhnDialect;
  readonly version: string;
  readonly capabilities: Capabilities;
  readonly templates: ProviderTemplates;
  readonly attachments: ProviderAttachments;
  readonly suppressions: ProviderSuppressions;
  readonly statistics: ProviderStatistics;

  constructor(
    private readonly settings: NhnSettings,
    private readonly api: NhnApi,
  ) {
    this.version = settings.version;
    this.capabilities = capabilitiesOf(settings.version);
    this.templates = new NhnTemplates(api);
    this.attachments = createNhnFiles(api);
    this.statistics = createNhnStatistics(api);
    this.suppressions = createNhnBlockReceivers(api);
  }

  render(batch: OutboundBatch): RenderedRequest {
    const { baseUrl, version } = this.settings;
    const operation = operationOf(batch.category, batch.delivery);
    const masked = 'X-Secret-Key' in this.api.headers && { 'X-Secret-Key': MASK };
    return {
      operation,
      method: 'POST',
      url: `${baseUrl}/email/${version}/appKeys/${MASK}/sender/${operation}`,
      headers: { ...this.api.headers, ...masked },
      body: mailObject(batch, version),
    };
  }

  async send(batch: OutboundBatch, signal: AbortSignal): Promise<SendOutcome> {
    const operation = operationOf(batch.category, batch.delivery);
    const { api } = this;
    const body = mailBody(batch, this.settings.version);
    const path = api.pathOf(`sender/${operation}`);
    const call = { provider: NHN, operation };
    const sent = await postOnce(api.http, { method: 'POST', path, headers: api.headers, body, signal }, call);
    if ('refused' in sent) return sent.refused;
    return judgeSend({ answer: sent.answer, operation, redact: api.redact, now: api.clock.now() });
  }

  find(query: FindQuery, signal: AbortSignal): Promise<FoundRequest | undefined> {
    return findRequest(this.api, this.settings.version, query, signal);
  }

  poll(request: TrackedRequest, signal: AbortSignal): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
    return pollRequest(this.api, request, signal);
  }
}
