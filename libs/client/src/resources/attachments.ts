import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import { fileBody } from '../transport/body.js';
import type { CallOptions } from '../transport/options.js';
import { path } from '../transport/url.js';
import type { Attachment, QueryOf } from '../types.js';

export type FileContent = Blob | ArrayBuffer | Uint8Array | string;

export interface UploadOptions extends CallOptions {
  /** Found by the gateway from name and content unless given. */
  readonly contentType?: string;
}

export class Attachments {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Uploads one file of at most 10 MiB. */
  async upload(name: string, content: FileContent, options: UploadOptions = {}): Promise<Attachment> {
    const type = options.contentType ?? (content instanceof Blob ? content.type : '');
    const file = new Blob([content instanceof Uint8Array ? new Uint8Array(content) : content], { type });
    const body = await fileBody(name, file);
    return this.#api.transport.request({ method: 'POST', path: '/v1/attachments', body }, options);
  }

  get(id: string, options?: CallOptions): Promise<Attachment> {
    return this.#api.get(path`/v1/attachments/${id}`, {}, options);
  }

  list(filter: QueryOf<'listAttachments'> = {}, options?: CallOptions): List<Attachment> {
    return this.#api.list('/v1/attachments', filter, options);
  }

  /** The bytes. */
  content(id: string, options?: CallOptions): Promise<Uint8Array> {
    const call = {
      method: 'GET',
      path: path`/v1/attachments/${id}/content`,
      expected: 'bytes',
      accept: '*/*',
    } as const;
    return this.#api.transport.request(call, options);
  }

  /** Accepted messages still carry the file. */
  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/attachments/${id}`, options);
  }
}
