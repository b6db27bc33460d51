import { List } from '../list.js';
import type { Page } from '../types.js';
import { jsonBody } from './body.js';
import type { CallOptions } from './options.js';
import { type Transport } from './transport.js';
import { queryString, type Query } from './url.js';

/** The calls that resources are made of. */
export class Api {
  readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  get<T>(path: string, query: object = {}, options?: CallOptions): Promise<T> {
    return this.transport.request({ method: 'GET', path: path + queryString(query as Query) }, options);
  }

  list<T>(path: string, query: object = {}, options?: CallOptions): List<T> {
    return new List((cursor) => this.get<Page<T>>(path, cursor === undefined ? query : { ...query, cursor }, options));
  }

  post<T>(path: string, body?: object, options?: CallOptions): Promise<T> {
    return this.transport.request({ method: 'POST', path, body: body && jsonBody(body) }, options);
  }

  put<T>(path: string, body: object, options?: CallOptions): Promise<T> {
    return this.transport.request({ method: 'PUT', path, body: jsonBody(body) }, options);
  }

  patch<T>(path: string, body: object, options?: CallOptions): Promise<T> {
    return this.transport.request({ method: 'PATCH', path, body: jsonBody(body) }, options);
  }

  delete(path: string, options?: CallOptions): Promise<void> {
    return this.transport.request({ method: 'DELETE', path, expected: 'nothing' }, options);
  }
}
