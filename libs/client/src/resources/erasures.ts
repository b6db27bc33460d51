import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import type { CallOptions } from '../transport/options.js';
import { path } from '../transport/url.js';
import type { AnswerOf, BodyOf, Erasure, QueryOf } from '../types.js';

export class Erasures {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Erases everything about some addresses; with `dryRun` it only counts. */
  request(
    body: BodyOf<'requestErasure'>,
    options?: CallOptions,
  ): Promise<AnswerOf<'requestErasure', 200> | AnswerOf<'requestErasure', 202>> {
    return this.#api.post('/v1/erasures', body, options);
  }

  list(filter: QueryOf<'listErasures'> = {}, options?: CallOptions): List<Erasure> {
    return this.#api.list('/v1/erasures', filter, options);
  }

  /** The receipt, once it is completed. */
  get(id: string, options?: CallOptions): Promise<Erasure> {
    return this.#api.get(path`/v1/erasures/${id}`, {}, options);
  }
}
