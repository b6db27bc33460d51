import type {
  Capabilities,
  EmailProvider,
  FindQuery,
  FoundRequest,
  OutboundBatch,
  PollResult,
  ProviderAudience,
  ProviderEvents,
  ProviderCheck,
  ProviderStatistics,
  ProviderSuppressions,
  ProviderTemplates,
  ProviderUpdates,
  ProviderAttachments,
  RecipientReport,
  RenderedRequest,
  SendOutcome,
  TrackedRequest,
} from '@gateway/core';
import { REDACTED } from '@gateway/platform';
import { withLimits } from '../account-limits.js';
import type { ProviderDeps } from '../define-provider.js';
import { inTurns } from '../shared/json-body.js';
import { postOnce } from '../shared/exchange.js';
import { createNhnCheck } from './nhn.check.js';
import { createNhnApi, type NhnApi } from './nhn.api.js';
import { capabilitiesOf, nhnDialect } from './nhn.capabilities.js';
import { isFrom, type NhnSettings } from './nhn.config.js';
import { projectKey } from '../shared/project-key.js';
import { judgeSend, NHN } from './nhn.errors.js';
import { nhnEvents } from './track/nhn.events.js';
import { createNhnFiles } from './nhn.files.js';
import { findRequest } from './track/nhn.find.js';
import { mailBody, mailObject, operationOf } from './nhn.mapper.js';
import { pollRequest } from './track/nhn.poll.js';
import { createNhnUpdates } from './track/nhn.updates.js';
import { sendTagMail, TAG_MAIL, tagMailObject } from './tags/nhn.tag-mail.js';
import { findTagMail, pollTagMail } from './tags/nhn.tag-queries.js';
import { NhnTags } from './tags/nhn.tags.js';
import { createNhnBlockReceivers } from './nhn.block-receivers.js';
import { createNhnStatistics } from './statistics/nhn.statistics.js';
import { NhnTemplates } from './templates/nhn.templates.js';

export const createNhnProvider = (settings: NhnSettings, deps: ProviderDeps): EmailProvider => {
  const http = deps.http({ baseUrl: settings.baseUrl, timeoutMs: deps.timeoutMs });
  const capabilities = withLimits(capabilitiesOf(settings.version, deps.receivesPushes), deps.limits);
  return new NhnProvider(settings, createNhnApi(settings, http, deps), capabilities);
};

class NhnProvider implements EmailProvider {
  readonly name: string;
  readonly kind = NHN;
  readonly dialect = nhnDialect;
  readonly project: string;
  readonly version: string;
  readonly templates: ProviderTemplates;
  readonly attachments: ProviderAttachments;
  readonly audience: ProviderAudience;
  readonly suppressions: ProviderSuppressions;
  readonly statistics: ProviderStatistics;
  readonly check: ProviderCheck;
  readonly events?: ProviderEvents;
  readonly updates?: ProviderUpdates;

  constructor(
    private readonly settings: NhnSettings,
    private readonly api: NhnApi,
    readonly capabilities: Capabilities,
  ) {
    this.name = api.account;
    this.project = projectKey('nhn', settings.baseUrl, settings.appKey);
    this.version = settings.version;
    this.templates = new NhnTemplates(api);
    this.attachments = createNhnFiles(api);
    this.audience = new NhnTags(api);
    this.statistics = createNhnStatistics(api, settings.version);
    this.check = createNhnCheck(api, settings.version);
    this.suppressions = createNhnBlockReceivers(api);
    if (isFrom(settings.version, 'v2.1')) this.updates = createNhnUpdates(api);
    if (capabilities.tracking.includes('push')) this.events = nhnEvents;
  }

  render(batch: OutboundBatch): RenderedRequest {
    const { baseUrl, version } = this.settings;
    const { list } = batch;
    const operation = list === undefined ? operationOf(batch.category, batch.delivery) : TAG_MAIL;
    const masked = 'X-Secret-Key' in this.api.headers && { 'X-Secret-Key': REDACTED };
    return {
      operation,
      method: 'POST',
      url: `${baseUrl}/email/${version}/appKeys/${REDACTED}/sender/${operation}`,
      headers: { ...this.api.headers, ...masked },
      body: list === undefined ? mailObject(batch, version) : tagMailObject(batch, list),
    };
  }

  async send(batch: OutboundBatch, signal: AbortSignal): Promise<SendOutcome> {
    if (batch.list !== undefined) return sendTagMail(this.api, batch, batch.list, signal);
    const operation = operationOf(batch.category, batch.delivery);
    const { api } = this;
    const body = await inTurns(mailBody(batch, this.settings.version));
    const path = api.pathOf(`sender/${operation}`);
    const call = { provider: this.name, operation };
    const sent = await postOnce(api.http, { method: 'POST', path, headers: api.headers, body, signal }, call);
    if ('refused' in sent) return sent.refused;
    return judgeSend({ answer: sent.answer, operation, by: api });
  }

  find(query: FindQuery, signal: AbortSignal): Promise<FoundRequest | undefined> {
    if (query.list !== undefined) return findTagMail(this.api, query, signal);
    return findRequest(this.api, this.settings.version, query, signal);
  }

  poll(request: TrackedRequest, signal: AbortSignal): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
    return request.ofList ? pollTagMail(this.api, request, signal) : pollRequest(this.api, request, signal);
  }
}
