import { ApiKeys, Audit, Providers, Recipients, Routes, SendingDomains, StatisticsOf } from './resources/operations.js';
import { Attachments } from './resources/attachments.js';
import { Contacts, Groups } from './resources/audience.js';
import { Events } from './resources/events.js';
import { Messages } from './resources/messages.js';
import { Suppressions } from './resources/suppressions.js';
import { TemplateCategories, Templates } from './resources/templates.js';
import { WebhookEndpoints } from './resources/webhook-endpoints.js';
import { Api } from './transport/api.js';
import { jsonBody } from './transport/body.js';
import type { Call } from './transport/call.js';
import type { CallOptions, GatewayOptions } from './transport/options.js';
import { Transport } from './transport/transport.js';
import { queryString, type Query } from './transport/url.js';

export interface RequestOptions extends CallOptions {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: object;
}

/**
 * The gateway's API.
 *
 * ```ts
 * const gateway = new EmailGateway({ url: 'https://mail.example.com', apiKey });
 * const message = await gateway.messages.send({ from: 'no-reply@example.com', to: 'kim@example.com', subject: 'Hi', text: '…' });
 * ```
 */
export class EmailGateway {
  readonly messages: Messages;
  readonly recipients: Recipients;
  readonly events: Events;
  readonly attachments: Attachments;
  readonly templates: Templates;
  readonly templateCategories: TemplateCategories;
  readonly contacts: Contacts;
  readonly groups: Groups;
  readonly suppressions: Suppressions;
  readonly statistics: StatisticsOf;
  readonly providers: Providers;
  readonly routes: Routes;
  readonly sendingDomains: SendingDomains;
  readonly apiKeys: ApiKeys;
  readonly audit: Audit;
  readonly webhookEndpoints: WebhookEndpoints;
  readonly #transport: Transport;

  /** @throws TypeError for a url or key that cannot be one; the text never contains the key */
  constructor(options: GatewayOptions) {
    this.#transport = new Transport(options);
    const api = new Api(this.#transport);
    this.messages = new Messages(api);
    this.recipients = new Recipients(api);
    this.events = new Events(api);
    this.attachments = new Attachments(api);
    this.templates = new Templates(api);
    this.templateCategories = new TemplateCategories(api);
    this.contacts = new Contacts(api);
    this.groups = new Groups(api);
    this.suppressions = new Suppressions(api);
    this.statistics = new StatisticsOf(api);
    this.providers = new Providers(api);
    this.routes = new Routes(api);
    this.sendingDomains = new SendingDomains(api);
    this.apiKeys = new ApiKeys(api);
    this.audit = new Audit(api);
    this.webhookEndpoints = new WebhookEndpoints(api);
  }

  /** Any call that has no method here, with the same keys, limits and errors. */
  request<T = unknown>(method: Call['method'], path: `/v1/${string}`, options: RequestOptions = {}): Promise<T> {
    const { query = {}, body, ...rest } = options;
    const call = { method, path: path + queryString(query), body: body && jsonBody(body) };
    return this.#transport.request(call, rest);
  }
}
