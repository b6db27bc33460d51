import type {
  AttachmentView,
  BatchView,
  EventView,
  MessageView,
  PageView,
  ProblemView,
  RecipientView,
} from './answers.js';
import { eventually } from './eventually.js';
import type { MessageBuilder } from './a-message.js';
import type { GatewayAddress } from './test-gateway.js';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else the text. */
  readonly body: T;
}

export interface CallOptions {
  /** Text, bytes and forms go out as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Query = Readonly<Record<string, string | number>>;

const FINAL: readonly string[] = ['completed', 'partially_failed', 'failed', 'cancelled'];

/** A caller of the gateway's API. */
export class GatewayClient {
  readonly url: string;
  private readonly key: string | undefined;

  constructor(address: Pick<GatewayAddress, 'apiUrl'>, key: string | undefined) {
    this.url = address.apiUrl;
    this.key = key;
  }

  /** The same gateway, another caller. */
  as(key: string | undefined): GatewayClient {
    return new GatewayClient({ apiUrl: this.url }, key);
  }

  async call<T = ProblemView>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const { body, headers } = options;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(this.key !== undefined && { authorization: `Bearer ${this.key}` }),
        ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
  }

  post<T = ProblemView>(path: string, body?: unknown, headers?: CallOptions['headers']): Promise<Answer<T>> {
    return this.call('POST', path, { body, ...(headers && { headers }) });
  }

  /** Uploads a file that must be taken. */
  async upload(name: string, content: Uint8Array<ArrayBuffer> | string, type = ''): Promise<AttachmentView> {
    const form = aForm(name, content, type);
    return expectStatus(await this.call<AttachmentView>('POST', '/v1/attachments', { body: form }), 201);
  }

  /** A GET that must be answered 200. */
  async get<T>(path: string, query: Query = {}): Promise<T> {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const separator = parameters.size > 0 ? '?' : '';
    return expectStatus(await this.call<T>('GET', `${path}${separator}${parameters.toString()}`), 200);
  }

  /** Sends a message that must be accepted. */
  async send(message: MessageBuilder, headers: CallOptions['headers'] = {}): Promise<MessageView> {
    return expectStatus(await this.post<MessageView>('/v1/messages', message.build(), headers), 202);
  }

  /** Sends, and follows the message to its end. */
  async deliver(message: MessageBuilder): Promise<MessageView> {
    const { id } = await this.send(message);
    return this.waitUntilFinal(id);
  }

  message(id: string): Promise<MessageView> {
    return this.get(`/v1/messages/${id}`);
  }

  async waitUntilFinal(id: string): Promise<MessageView> {
    const message = await this.get<MessageView>(`/v1/messages/${id}`, { waitFor: 'final', timeout: 60 });
    if (!FINAL.includes(message.status)) throw new Error(`not final: ${JSON.stringify(message.counts)}`);
    return message;
  }

  /** Asks until the message is as wanted. */
  async waitUntil(id: string, wanted: (message: MessageView) => boolean): Promise<MessageView> {
    try {
      return await eventually(async () => {
        const message = await this.message(id);
        if (!wanted(message)) throw new Error(`not yet: ${message.status} ${JSON.stringify(message.counts)}`);
        return message;
      });
    } catch (error) {
      // After the run, the log is the only source, so the error carries the batches.
      throw new Error(`${String(error)}\n${JSON.stringify(await this.batches(id), undefined, 1)}`, { cause: error });
    }
  }

  recipients(id: string): Promise<readonly RecipientView[]> {
    return this.all(`/v1/messages/${id}/recipients`);
  }

  batches(id: string): Promise<readonly BatchView[]> {
    return this.all(`/v1/messages/${id}/batches`);
  }

  events(id: string): Promise<readonly EventView[]> {
    return this.all(`/v1/messages/${id}/events`);
  }

  /** Every entry of a list, page by page. */
  async all<T>(path: string, query: Query = { limit: 1000 }): Promise<readonly T[]> {
    const entries: T[] = [];
    let cursor: string | null = null;
    do {
      const page: PageView<T> = await this.get(path, { ...query, ...(cursor !== null && { cursor }) });
      entries.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return entries;
  }
}

const isRaw = (body: unknown): body is string | FormData | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array;

/** A form with a file in it, as a browser sends it. */
export function aForm(name: string, content: Uint8Array<ArrayBuffer> | string, type = ''): FormData {
  const form = new FormData();
  form.append('file', new File([content], name, { type }));
  return form;
}

function expectStatus<T>({ status, body }: Answer<T>, wanted: number): T {
  if (status === wanted) return body;
  throw new Error(`answered ${status}, not ${wanted}: ${JSON.stringify(body).slice(0, 2000)}`);
}
