import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import { fixedBody, jsonBody } from '../transport/body.js';
import { linesBody, type Source } from '../transport/lines.js';
import type { CallOptions } from '../transport/options.js';
import { path } from '../transport/url.js';
import type { AnswerOf, BodyOf, Contact, Group, ImportResult, NewContact, QueryOf } from '../types.js';

const IMPORT = '/v1/contacts/import';

export class Contacts {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  create(contact: NewContact, options?: CallOptions): Promise<Contact> {
    return this.#api.post('/v1/contacts', contact, options);
  }

  /** Newest first. */
  list(filter: QueryOf<'listContacts'> = {}, options?: CallOptions): List<Contact> {
    return this.#api.list('/v1/contacts', filter, options);
  }

  get(id: string, options?: CallOptions): Promise<Contact> {
    return this.#api.get(path`/v1/contacts/${id}`, {}, options);
  }

  /** `addresses`, `groups` and `attributes` are replaced as a whole. */
  update(id: string, changes: BodyOf<'updateContact'>, options?: CallOptions): Promise<Contact> {
    return this.#api.patch(path`/v1/contacts/${id}`, changes, options);
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/contacts/${id}`, options);
  }

  /** Any number, as a stream. Wrong entries are left out and reported with their line. */
  import(contacts: Source<NewContact>, options?: CallOptions): Promise<ImportResult> {
    const body = linesBody(contacts, (contact) => JSON.stringify(contact), 'application/x-ndjson');
    return this.#api.transport.request({ method: 'POST', path: IMPORT, body }, { deadlineMs: Infinity, ...options });
  }

  /** CSV with the columns `externalId,name,address,groups`. */
  importCsv(csv: string | Blob, options?: CallOptions): Promise<ImportResult> {
    const body = fixedBody(csv, 'text/csv');
    return this.#api.transport.request({ method: 'POST', path: IMPORT, body }, options);
  }
}

export class Groups {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  create(group: BodyOf<'createGroup'>, options?: CallOptions): Promise<Group> {
    return this.#api.post('/v1/groups', group, options);
  }

  list(filter: QueryOf<'listGroups'> = {}, options?: CallOptions): List<Group> {
    return this.#api.list('/v1/groups', filter, options);
  }

  get(id: string, options?: CallOptions): Promise<Group> {
    return this.#api.get(path`/v1/groups/${id}`, {}, options);
  }

  update(id: string, changes: BodyOf<'updateGroup'>, options?: CallOptions): Promise<Group> {
    return this.#api.patch(path`/v1/groups/${id}`, changes, options);
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/groups/${id}`, options);
  }

  addMembers(id: string, members: BodyOf<'addMembers'>, options?: CallOptions): Promise<AnswerOf<'addMembers', 200>> {
    return this.#api.post(path`/v1/groups/${id}/members`, members, options);
  }

  removeMembers(
    id: string,
    members: BodyOf<'removeMembers'>,
    options?: CallOptions,
  ): Promise<AnswerOf<'removeMembers', 200>> {
    const call = { method: 'DELETE', path: path`/v1/groups/${id}/members`, body: jsonBody(members) } as const;
    return this.#api.transport.request(call, options);
  }

  /** Removes all members. */
  empty(id: string, options?: CallOptions): Promise<AnswerOf<'emptyGroup', 200>> {
    return this.#api.post(path`/v1/groups/${id}/empty`, undefined, options);
  }

  /** Brings a provider's list up to date with the group. */
  push(id: string, body: BodyOf<'pushGroup'>, options?: CallOptions): Promise<AnswerOf<'pushGroup', 200>> {
    return this.#api.post(path`/v1/groups/${id}/push`, body, options);
  }
}
