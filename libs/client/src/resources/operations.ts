import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import type { CallOptions } from '../transport/options.js';
import { path } from '../transport/url.js';
import type {
  AnswerOf,
  ApiKey,
  AuditEntry,
  BodyOf,
  NewApiKey,
  ProviderAccount,
  QueryOf,
  Recipient,
  Statistics,
  Workload,
} from '../types.js';

/** Recipients of all messages. */
export class Recipients {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Everything that was sent to an address, newest first. */
  find(
    address: string,
    query: Omit<QueryOf<'findRecipients'>, 'address'> = {},
    options?: CallOptions,
  ): List<Recipient> {
    return this.#api.list('/v1/recipients', { address, ...query }, options);
  }
}

export class StatisticsOf {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  get(query: QueryOf<'readStatistics'> = {}, options?: CallOptions): Promise<Statistics> {
    return this.#api.get('/v1/statistics', query, options);
  }
}

/** Sender domains in use, with their SPF, DKIM and DMARC records. */
export class SendingDomains {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  list(options?: CallOptions): List<AnswerOf<'listSendingDomains', 200>['data'][number]> {
    return this.#api.list('/v1/sending-domains', {}, options);
  }
}

/** The configured accounts at email providers, by name. */
export class Providers {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  list(options?: CallOptions): List<ProviderAccount> {
    return this.#api.list('/v1/providers', {}, options);
  }

  /** Mail that waits, by account and lane, and why. */
  workload(options?: CallOptions): Promise<Workload> {
    return this.#api.get('/v1/workload', {}, options);
  }

  /** Its batches wait. */
  pause(
    name: string,
    body: BodyOf<'pauseProvider'> = {},
    options?: CallOptions,
  ): Promise<AnswerOf<'pauseProvider', 200>> {
    return this.#api.post(path`/v1/providers/${name}/pause`, body, options);
  }

  /** It takes nothing new; what it has taken is followed, and its waiting batches move where they may. */
  drain(
    name: string,
    body: BodyOf<'drainProvider'> = {},
    options?: CallOptions,
  ): Promise<AnswerOf<'drainProvider', 200>> {
    return this.#api.post(path`/v1/providers/${name}/drain`, body, options);
  }

  /** Ends a pause and a drain. */
  resume(name: string, options?: CallOptions): Promise<AnswerOf<'resumeProvider', 200>> {
    return this.#api.post(path`/v1/providers/${name}/resume`, undefined, options);
  }

  /** Asks the account harmless questions: whether its keys are accepted, its clock agrees, and what it has. */
  check(name: string, options?: CallOptions): Promise<AnswerOf<'checkProvider', 200>> {
    return this.#api.post(path`/v1/providers/${name}/check`, undefined, options);
  }

  /** The lists at an account. */
  groups(name: string, options?: CallOptions): List<AnswerOf<'listProviderGroups', 200>['data'][number]> {
    return this.#api.list(path`/v1/providers/${name}/groups`, {}, options);
  }

  /** Removes all lists at an account. */
  wipeGroups(name: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/providers/${name}/groups`, options);
  }

  /** How long the provider blocks an address after a hard bounce. */
  bounceBlock(name: string, options?: CallOptions): Promise<AnswerOf<'getBounceBlock', 200>> {
    return this.#api.get(path`/v1/providers/${name}/bounce-block`, {}, options);
  }

  setBounceBlock(
    name: string,
    body: BodyOf<'setBounceBlock'>,
    options?: CallOptions,
  ): Promise<AnswerOf<'setBounceBlock', 200>> {
    return this.#api.put(path`/v1/providers/${name}/bounce-block`, body, options);
  }
}

/** Which mail goes through which account. */
export class Routes {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  get(options?: CallOptions): Promise<AnswerOf<'getRoutes', 200>> {
    return this.#api.get('/v1/routes', {}, options);
  }

  /** Replaces all of them. @throws GatewayError `version_conflict` when they were changed since they were read */
  put(routes: BodyOf<'putRoutes'>, options?: CallOptions): Promise<AnswerOf<'putRoutes', 200>> {
    return this.#api.put('/v1/routes', routes, options);
  }

  /** Every version with who made it, newest first. */
  versions(options?: CallOptions): List<AnswerOf<'listRouteVersions', 200>['data'][number]> {
    return this.#api.list('/v1/routes/versions', {}, options);
  }

  /** Which of the last messages would go to another account; nothing is stored. */
  dryRun(routes: BodyOf<'dryRunRoutes'>, options?: CallOptions): Promise<AnswerOf<'dryRunRoutes', 200>> {
    return this.#api.post('/v1/routes/dry-run', routes, options);
  }

  /** Differences between the mail of a route and the requests of its shadow account. */
  shadow(id: string, options?: CallOptions): Promise<AnswerOf<'readRouteShadow', 200>> {
    return this.#api.get(path`/v1/routes/${id}/shadow`, {}, options);
  }
}

export class ApiKeys {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** The only answer that has the key itself. */
  create(key: BodyOf<'createApiKey'>, options?: CallOptions): Promise<NewApiKey> {
    return this.#api.post('/v1/api-keys', key, options);
  }

  list(filter: QueryOf<'listApiKeys'> = {}, options?: CallOptions): List<ApiKey> {
    return this.#api.list('/v1/api-keys', filter, options);
  }

  update(id: string, changes: BodyOf<'updateApiKey'>, options?: CallOptions): Promise<ApiKey> {
    return this.#api.patch(path`/v1/api-keys/${id}`, changes, options);
  }

  /** @param body for how long the replaced key still works, such as `PT24H`; `PT0S` ends it at once */
  rotate(id: string, body: BodyOf<'rotateApiKey'> = {}, options?: CallOptions): Promise<AnswerOf<'rotateApiKey', 200>> {
    return this.#api.post(path`/v1/api-keys/${id}/rotate`, body, options);
  }

  revoke(id: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/api-keys/${id}`, options);
  }
}

/** The log of acts. */
export class Audit {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Newest first. */
  list(filter: QueryOf<'listAudit'> = {}, options?: CallOptions): List<AuditEntry> {
    return this.#api.list('/v1/audit', filter, options);
  }
}
