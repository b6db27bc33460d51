import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import type { CallOptions } from '../transport/options.js';
import { path, queryString } from '../transport/url.js';
import type { AnswerOf, BodyOf, QueryOf, Template, TemplateCategory, TemplateSummary } from '../types.js';

export class Templates {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  create(template: BodyOf<'createTemplate'>, options?: CallOptions): Promise<Template> {
    return this.#api.post('/v1/templates', template, options);
  }

  /** Newest first, without bodies. */
  list(filter: QueryOf<'listTemplates'> = {}, options?: CallOptions): List<TemplateSummary> {
    return this.#api.list('/v1/templates', filter, options);
  }

  /** The newest version unless another is named. */
  get(id: string, query: QueryOf<'getTemplate'> = {}, options?: CallOptions): Promise<Template> {
    return this.#api.get(path`/v1/templates/${id}`, query, options);
  }

  /** Absent fields stay; new texts or a new sender make a new version. */
  update(id: string, changes: BodyOf<'updateTemplate'>, options?: CallOptions): Promise<Template> {
    return this.#api.patch(path`/v1/templates/${id}`, changes, options);
  }

  /** Can be restored. */
  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/templates/${id}`, options);
  }

  restore(id: string, options?: CallOptions): Promise<Template> {
    return this.#api.post(path`/v1/templates/${id}/restore`, undefined, options);
  }

  preview(
    id: string,
    body: BodyOf<'previewTemplate'> = {},
    options?: CallOptions,
  ): Promise<AnswerOf<'previewTemplate', 200>> {
    return this.#api.post(path`/v1/templates/${id}/preview`, body, options);
  }

  /** Creates or updates a provider's own template. */
  push(id: string, body: BodyOf<'pushTemplate'>, options?: CallOptions): Promise<AnswerOf<'pushTemplate', 200>> {
    return this.#api.post(path`/v1/templates/${id}/push`, body, options);
  }

  /** All categories and templates, or with `from` an account's own backup. */
  export(query: QueryOf<'exportTemplates'> = {}, options?: CallOptions): Promise<AnswerOf<'exportTemplates', 200>> {
    return this.#api.post(`/v1/templates/export${queryString(query)}`, undefined, options);
  }

  /** Takes an export. */
  import(body: BodyOf<'importTemplates'>, options?: CallOptions): Promise<AnswerOf<'importTemplates', 200>> {
    return this.#api.post('/v1/templates/import', body, options);
  }

  /** Takes over what is at an account. */
  importFrom(account: string, options?: CallOptions): Promise<AnswerOf<'importTemplates', 200>> {
    return this.#api.post(`/v1/templates/import${queryString({ from: account })}`, undefined, options);
  }
}

export class TemplateCategories {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  create(category: BodyOf<'createTemplateCategory'>, options?: CallOptions): Promise<TemplateCategory> {
    return this.#api.post('/v1/template-categories', category, options);
  }

  list(filter: QueryOf<'listTemplateCategories'> = {}, options?: CallOptions): List<TemplateCategory> {
    return this.#api.list('/v1/template-categories', filter, options);
  }

  get(id: string, options?: CallOptions): Promise<TemplateCategory> {
    return this.#api.get(path`/v1/template-categories/${id}`, {}, options);
  }

  update(id: string, changes: BodyOf<'updateTemplateCategory'>, options?: CallOptions): Promise<TemplateCategory> {
    return this.#api.patch(path`/v1/template-categories/${id}`, changes, options);
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/template-categories/${id}`, options);
  }
}
