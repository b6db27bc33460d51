import type {
  Capabilities,
  EmailProvider,
  FindQuery,
  FoundRequest,
  OutboundBatch,
  PollResult,
  ProviderCheck,
  RecipientReport,
  Refused,
  RenderedRequest,
  SendOutcome,
  TrackedRequest,
} from '@gateway/core';
import { REDACTED } from '@gateway/platform';
import { withLimits } from '../account-limits.js';
import type { ProviderDeps } from '../define-provider.js';
import { postOnce } from '../shared/exchange.js';
import { inTurns } from '../shared/json-body.js';
import { createSensApi, type SensApi } from './sens.api.js';
import { createSensCheck } from './sens.check.js';
import { sensCapabilities, sensDialect } from './sens.capabilities.js';
import type { SensSettings } from './sens.config.js';
import { judgeSend, SEND_OPERATION, SENS } from './sens.errors.js';
import { requestBody, requestObject } from './sens.mapper.js';
import { serviceHint } from './sens.projects.js';
import { findRequest } from './track/sens.find.js';
import { pollRequest } from './track/sens.poll.js';

export const createSensProvider = (settings: SensSettings, deps: ProviderDeps): EmailProvider => {
  const http = deps.http({ baseUrl: settings.baseUrl, timeoutMs: deps.timeoutMs });
  const capabilities = withLimits(sensCapabilities, deps.limits);
  return new SensProvider(settings, createSensApi(settings, http, deps), capabilities);
};

class SensProvider implements EmailProvider {
  readonly name: string;
  readonly kind = SENS;
  readonly version = 'v2';
  readonly dialect = sensDialect;
  readonly check: ProviderCheck;

  constructor(
    private readonly settings: SensSettings,
    private readonly api: SensApi,
    readonly capabilities: Capabilities,
  ) {
    this.name = api.account;
    this.check = createSensCheck(api, settings.serviceId);
  }

  render(batch: OutboundBatch): RenderedRequest {
    const path = this.api.requestsPath();
    const { method, headers } = this.api.signed('POST', path);
    return {
      operation: SEND_OPERATION,
      method,
      url: `${this.settings.baseUrl}${path}`,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'x-ncp-iam-access-key': REDACTED,
        'x-ncp-apigw-signature-v2': REDACTED,
      },
      body: requestObject(batch),
    };
  }

  async send(batch: OutboundBatch, signal: AbortSignal): Promise<SendOutcome> {
    const body = await inTurns(requestBody(batch));
    // Signed last: the timestamp is good for five minutes (sens.md §1.1).
    const request = this.api.signed('POST', this.api.requestsPath());
    const headers = { ...request.headers, 'content-type': 'application/json' };
    const call = { provider: this.name, operation: SEND_OPERATION };
    const sent = await postOnce(this.api.http, { ...request, headers, body, signal }, call);
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
    return pollRequest({ api: this.api, success: this.settings.successMeans, signal }, request);
  }
}
