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
import { createV1Check } from '../naver/v1/check.js';
import { judgeSend } from '../naver/v1/errors.js';
import { v1Project } from '../naver/v1/project.js';
import { createV1Services, type V1Services } from '../naver/v1/services.js';
import { ncpCapabilities } from './ncp.capabilities.js';
import type { NcpSettings } from './ncp.config.js';
import { mailRequest } from './ncp.mapper.js';
import { createNcpFigures } from './track/ncp.figures.js';
import { findRequest } from './track/ncp.find.js';
import { createNcpReader } from './track/ncp.poll.js';

const NCP = 'ncp';
const MAILS = '/mails';

export const createNcpProvider = (settings: NcpSettings, deps: ProviderDeps): EmailProvider => {
  const { account = NCP, clock, timeoutMs } = deps;
  const api = createV1Api(settings, deps.http({ baseUrl: settings.baseUrl, timeoutMs }), { account, clock });
  return new NcpProvider(settings, api, withLimits(ncpCapabilities, deps.limits));
};

class NcpProvider implements EmailProvider, V1Services {
  readonly name: string;
  readonly kind = NCP;
  readonly version = 'v1';
  readonly dialect = naverDialect;
  readonly project: string;
  readonly templates: ProviderTemplates;
  readonly attachments: ProviderAttachments;
  readonly audience: ProviderAudience;
  readonly suppressions: ProviderSuppressions;
  readonly statistics: ProviderStatistics;
  readonly bounceBlock: ProviderBounceBlock;
  readonly check: ProviderCheck;

  constructor(
    private readonly settings: NcpSettings,
    private readonly api: V1Api,
    readonly capabilities: Capabilities,
  ) {
    this.name = api.account;
    this.project = v1Project(settings);
    const services = createV1Services(api);
    this.templates = services.templates;
    this.attachments = services.attachments;
    this.audience = services.audience;
    this.suppressions = services.suppressions;
    this.statistics = createStatistics(createNcpFigures(api), settings.successMeans);
    this.bounceBlock = services.bounceBlock;
    this.check = createV1Check(api);
  }

  render(batch: OutboundBatch): RenderedRequest {
    return shownPost(this.api, this.settings.baseUrl, MAILS, mailRequest.shown(batch));
  }

  async send(batch: OutboundBatch, signal: AbortSignal): Promise<SendOutcome> {
    const sent = await postMail(this.api, MAILS, mailRequest.chunks(batch), signal);
    return 'refused' in sent ? sent.refused : suspectFiles(batch, judgeSend(sent.answer, this.api));
  }

  find(query: FindQuery, signal: AbortSignal): Promise<FoundRequest | undefined> {
    return findRequest(this.api, query, signal);
  }

  poll(request: TrackedRequest, signal: AbortSignal): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
    return pollRequest(createNcpReader(this.api, this.settings.successMeans, signal), request);
  }
}

/** Codes of an invalid request and of something that is not there; neither says what (ncp.md §1.4). */
const ABOUT_FILES: ReadonlySet<string | undefined> = new Set(['77102', '77103']);

const suspectFiles = ({ attachments }: OutboundBatch, outcome: SendOutcome): SendOutcome =>
  outcome.outcome === 'refused' && attachments.length > 0 && ABOUT_FILES.has(outcome.provider.code)
    ? { ...outcome, files: 'perhaps_gone' }
    : outcome;
