import type {
  Capabilities,
  EmailProvider,
  OutboundBatch,
  ProviderEvents,
  RenderedRequest,
  SendOutcome,
} from '@gateway/core';
import { REDACTED, type HttpClient } from '@gateway/platform';
import { postOnce, redactor, withLimits, type ProviderDeps } from '@gateway/providers';
import { acmeCapabilities, acmeDialect } from './acme.capabilities.js';
import type { AcmeSettings } from './acme.config.js';
import { ACME, judgeSend, SEND_OPERATION } from './acme.errors.js';
import { acmeEvents } from './acme.events.js';
import { mailObject } from './acme.mapper.js';

const PATH = '/v1/mails';

export const createAcmeProvider = (settings: AcmeSettings, deps: ProviderDeps): EmailProvider =>
  new AcmeProvider(
    settings,
    deps.http({ baseUrl: settings.baseUrl, timeoutMs: deps.timeoutMs }),
    deps,
    withLimits(acmeCapabilities, deps.limits),
  );

class AcmeProvider implements EmailProvider {
  readonly name: string;
  readonly kind = ACME;
  readonly version = 'v1';
  readonly dialect = acmeDialect;
  readonly events: ProviderEvents;

  constructor(
    private readonly settings: AcmeSettings,
    private readonly http: HttpClient,
    private readonly deps: ProviderDeps,
    readonly capabilities: Capabilities,
  ) {
    this.name = deps.account ?? ACME;
    this.events = acmeEvents(settings.pushSecret, deps.clock);
  }

  render(batch: OutboundBatch): RenderedRequest {
    return {
      operation: SEND_OPERATION,
      method: 'POST',
      url: `${this.settings.baseUrl}${PATH}`,
      headers: { ...this.headersOf(batch), authorization: REDACTED },
      body: mailObject(batch),
    };
  }

  async send(batch: OutboundBatch, signal: AbortSignal): Promise<SendOutcome> {
    const headers = this.headersOf(batch);
    const request = { method: 'POST', path: PATH, headers, body: JSON.stringify(mailObject(batch)), signal } as const;
    const sent = await postOnce(this.http, request, { provider: this.name, operation: SEND_OPERATION });
    if ('refused' in sent) return sent.refused;
    const { token, pushSecret } = this.settings;
    const redact = redactor([token, pushSecret]);
    const by = { account: this.name, redact, clock: this.deps.clock };
    return judgeSend({ answer: sent.answer, delivery: batch.delivery, by });
  }

  private headersOf({ marker }: OutboundBatch): Readonly<Record<string, string>> {
    return {
      authorization: `Bearer ${this.settings.token}`,
      'content-type': 'application/json',
      'idempotency-key': marker,
    };
  }
}
