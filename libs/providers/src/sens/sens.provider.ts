import type {
  Capabilities,
  EmailProvider,
  FindQuery,
  FoundRequest,
  OutboundBatch,
  PollResult,
  ProviderAttachments,
  ProviderAudience,
  ProviderBounceBlock,
  ProviderCheck,
  ProviderStatistics,
  ProviderSuppressions,
  ProviderTemplates,
  RecipientReport,
  Refused,
  RenderedRequest,
  SendOutcome,
  TrackedRequest,
} from '@gateway/core';
import { withLimits } from '../account-limits.js';
import type { ProviderDeps } from '../define-provider.js';
import { naverDialect } from '../naver/dialect.js';
import { postMail, shownPost } from '../naver/mail-post.js';
import { createStatistics } from '../naver/statistics.js';
import { pollRequest } from '../naver/track/poll.js';
import { createV1Api, type V1Api } from '../naver/v1/api.js';
import { v1Project } from '../naver/v1/project.js';
import { createV1Services } from '../naver/v1/services.js';
import { createSensApi, type SensApi } from './sens.api.js';
import { createSensCheck } from './sens.check.js';
import { capabilitiesOf } from './sens.capabilities.js';
import type { SensSettings } from './sens.config.js';
import { judgeSend, SENS } from './sens.errors.js';
import { mailRequest } from './sens.mapper.js';
import { serviceHint } from './sens.projects.js';
import { createSensFigures } from './track/sens.figures.js';
import { findRequest } from './track/sens.find.js';
import { createSensReader } from './track/sens.poll.js';

export const createSensProvider = (settings: SensSettings, deps: ProviderDeps): EmailProvider => {
  const { account = SENS, clock, timeoutMs, limits } = deps;
  const { baseUrl, v1 } = settings;
  const api = createSensApi(settings, deps.http({ baseUrl, timeoutMs }), deps);
  const v1Api = v1 && createV1Api(v1, deps.http({ baseUrl: v1.baseUrl, timeoutMs }), { account, clock });
  return new SensProvider(settings, { api, v1: v1Api }, withLimits(capabilitiesOf(settings), limits));
};

const BY_V1 = { attachments: 'v1', templates: 'v1', audience: 'v1', suppressions: 'v1', bounceBlock: 'v1' } as const;

/** Mail goes through v2; services that v2 lacks go through v1, where the account has it. */
class SensProvider implements EmailProvider {
  readonly name: string;
  readonly kind = SENS;
  readonly version = 'v2';
  readonly dialect = naverDialect;
  readonly project?: string;
  readonly partVersions?: NonNullable<EmailProvider['partVersions']>;
  readonly check: ProviderCheck;
  readonly templates?: ProviderTemplates;
  readonly attachments?: ProviderAttachments;
  readonly audience?: ProviderAudience;
  readonly suppressions?: ProviderSuppressions;
  readonly statistics: ProviderStatistics;
  readonly bounceBlock?: ProviderBounceBlock;
  private readonly api: SensApi;

  constructor(
    private readonly settings: SensSettings,
    { api, v1 }: { readonly api: SensApi; readonly v1: V1Api | undefined },
    readonly capabilities: Capabilities,
  ) {
    this.api = api;
    this.name = api.account;
    this.check = createSensCheck(api, settings.serviceId, v1);
    this.statistics = createStatistics(createSensFigures(api), settings.successMeans);
    if (v1 === undefined) return;
    const services = createV1Services(v1);
    this.partVersions = BY_V1;
    if (settings.v1 !== undefined) this.project = v1Project(settings.v1);
    this.templates = services.templates;
    this.audience = services.audience;
    this.suppressions = services.suppressions;
    this.bounceBlock = services.bounceBlock;
    if (settings.v1?.files === 'send') this.attachments = services.attachments;
  }

  render(batch: OutboundBatch): RenderedRequest {
    return shownPost(this.api, this.settings.baseUrl, this.api.requestsPath(), mailRequest.shown(batch));
  }

  async send(batch: OutboundBatch, signal: AbortSignal): Promise<SendOutcome> {
    const sent = await postMail(this.api, this.api.requestsPath(), mailRequest.chunks(batch), signal);
    if ('refused' in sent) return sent.refused;
    const outcome = judgeSend(sent.answer, this.api);
    return outcome.outcome === 'refused' ? this.explained(outcome, signal) : outcome;
  }

  /** SENS answers a wrong service id with one word, so the project list is asked. */
  private async explained(refused: Refused, signal: AbortSignal): Promise<Refused> {
    if (refused.provider.httpStatus !== 403 && refused.provider.httpStatus !== 404) return refused;
    const hint = await serviceHint(this.api, this.settings.serviceId, signal);
    const message = [refused.provider.message, hint].filter((part) => part !== undefined).join('; ');
    return message === '' ? refused : { ...refused, provider: { ...refused.provider, message } };
  }

  find(query: FindQuery, signal: AbortSignal): Promise<FoundRequest | undefined> {
    return findRequest(this.api, query, signal);
  }

  poll(request: TrackedRequest, signal: AbortSignal): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
    return pollRequest(createSensReader(this.api, this.settings.successMeans, signal), request);
  }
}
