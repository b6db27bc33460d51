import type {
  Capabilities,
  EmailProvider,
  FindQuery,
  FoundRequest,
  OutboundBatch,
  PollResult,
  ProviderAudience,
  ProviderBounceBlock,
  ProviderCheck,
  ProviderStatistics,
  ProviderSuppressions,
  ProviderTemplates,
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
import { NcpAddressBook } from './lists/ncp.address-book.js';
import { createNcpCheck } from './ncp.check.js';
import { createNcpApi, type NcpApi } from './ncp.api.js';
import { ncpCapabilities, ncpDialect } from './ncp.capabilities.js';
import type { NcpSettings } from './ncp.config.js';
import { judgeSend, NCP, SEND_OPERATION } from './ncp.errors.js';
import { createNcpBounceBlock } from './ncp.bounce-block.js';
import { createNcpFiles } from './ncp.files.js';
import { findRequest } from './track/ncp.find.js';
import { mailBody, mailObject } from './ncp.mapper.js';
import { pollRequest } from './track/ncp.poll.js';
import { createNcpStatistics } from './ncp.statistics.js';
import { createNcpTemplates } from './templates/ncp.templates.js';
import { createNcpUnsubscribers } from './lists/ncp.unsubscribers.js';

const MAILS = '/mails';

export const createNcpProvider = (settings: NcpSettings, deps: ProviderDeps): EmailProvider => {
  const http = deps.http({ baseUrl: settings.baseUrl, timeoutMs: deps.timeoutMs });
  return new NcpProvider(settings, createNcpApi(settings, http, deps), withLimits(ncpCapabilities, deps.limits));
};

class NcpProvider implements EmailProvider {
  readonly name: string;
  readonly kind = NCP;
  readonly version = 'v1';
  readonly dialect = ncpDialect;
  readonly templates: ProviderTemplates;
  readonly attachments: ProviderAttachments;
  readonly audience: ProviderAudience;
  readonly suppressions: ProviderSuppressions;
  readonly statistics: ProviderStatistics;
  readonly check: ProviderCheck;
  readonly bounceBlock: ProviderBounceBlock;

  constructor(
    private readonly settings: NcpSettings,
    private readonly api: NcpApi,
    readonly capabilities: Capabilities,
  ) {
    this.name = api.account;
    this.templates = createNcpTemplates(api);
    this.attachments = createNcpFiles(api);
    this.audience = new NcpAddressBook(api);
    this.statistics = createNcpStatistics(api, settings);
    this.check = createNcpCheck(api);
    this.suppressions = createNcpUnsubscribers(api);
    this.bounceBlock = createNcpBounceBlock(api);
  }

  render(batch: OutboundBatch): RenderedRequest {
    const { method, headers } = this.api.signed('POST', MAILS);
    return {
      operation: SEND_OPERATION,
      method,
      url: `${this.settings.baseUrl}${MAILS}`,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'x-ncp-iam-access-key': REDACTED,
        'x-ncp-apigw-signature-v2': REDACTED,
      },
      body: mailObject(batch),
    };
  }

  async send(batch: OutboundBatch, signal: AbortSignal): Promise<SendOutcome> {
    const body = await inTurns(mailBody(batch));
    // Signed last: the timestamp is good for five minutes (ncp.md §1.2).
    const request = this.api.signed('POST', MAILS);
    const headers = { ...request.headers, 'content-type': 'application/json' };
    const call = { provider: this.name, operation: SEND_OPERATION };
    const sent = await postOnce(this.api.http, { ...request, headers, body, signal }, call);
    if ('refused' in sent) return sent.refused;
    return suspectFiles(batch, judgeSend(sent.answer, this.api));
  }

  find(query: FindQuery, signal: AbortSignal): Promise<FoundRequest | undefined> {
    return findRequest(this.api, query, signal);
  }

  poll(request: TrackedRequest, signal: AbortSignal): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
    return pollRequest({ api: this.api, success: this.settings.successMeans, signal }, request);
  }
}

/** Codes of an invalid request and of something that is not there; neither says what (ncp.md §1.4). */
const ABOUT_FILES: ReadonlySet<string | undefined> = new Set(['77102', '77103']);

const suspectFiles = ({ attachments }: OutboundBatch, outcome: SendOutcome): SendOutcome =>
  outcome.outcome === 'refused' && attachments.length > 0 && ABOUT_FILES.has(outcome.provider.code)
    ? { ...outcome, files: 'perhaps_gone' }
    : outcome;
