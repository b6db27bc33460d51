import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import type { CallOptions } from '../transport/options.js';
import { path } from '../transport/url.js';
import type { AnswerOf, BodyOf, QueryOf, Suppression } from '../types.js';

export class Suppressions {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  add(body: BodyOf<'addSuppressions'>, options?: CallOptions): Promise<AnswerOf<'addSuppressions', 201>> {
    return this.#api.post('/v1/suppressions', body, options);
  }

  list(filter: QueryOf<'listSuppressions'> = {}, options?: CallOptions): List<Suppression> {
    return this.#api.list('/v1/suppressions', filter, options);
  }

  /** In every scope. */
  remove(address: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/suppressions/${address}`, options);
  }

  /** Compares with the providers' lists, in both directions. */
  sync(body: BodyOf<'syncSuppressions'> = {}, options?: CallOptions): Promise<AnswerOf<'syncSuppressions', 200>> {
    return this.#api.post('/v1/suppressions/sync', body, options);
  }
}
