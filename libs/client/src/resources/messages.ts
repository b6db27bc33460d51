import { GatewayProblem, GatewayTimeout } from '../errors.js';
import type { GatewayEvent } from '../event.types.js';
import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import { linesBody, type Source } from '../transport/lines.js';
import type { CallOptions } from '../transport/options.js';
import { path } from '../transport/url.js';
import { backOff, sleep } from '../transport/wait.js';
import type {
  AnswerOf,
  Batch,
  BatchResult,
  BodyOf,
  Diagnosis,
  Message,
  MessageDetail,
  MessageHead,
  MessageSummary,
  NewMessage,
  NewRecipient,
  Preview,
  QueryOf,
  Recipient,
} from '../types.js';

/** Seconds that one long poll lasts. Proxies often close a connection after a silent minute. */
const POLL_S = 30;
const FINAL: readonly string[] = ['completed', 'partially_failed', 'failed', 'cancelled'];

type Redrive = BodyOf<'redriveMessage'>;

export class Messages {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Sends a message. It is durable when the promise resolves. With `dryRun` only the plan is returned. */
  send(message: NewMessage & { readonly dryRun: true }, options?: CallOptions): Promise<Preview>;
  send(message: NewMessage, options?: CallOptions): Promise<Message>;
  send(message: NewMessage, options?: CallOptions): Promise<Message | Preview> {
    return this.#api.post('/v1/messages', message, options);
  }

  /**
   * Up to 5,000,000 recipients in constant memory, accepted as a whole or not at all. The source is read only as fast as
   * the gateway accepts. Arrays, and functions that return a source, are sent again after a lost answer; a generator
   * cannot be.
   */
  sendStream(message: MessageHead, recipients: Source<NewRecipient>, options?: CallOptions): Promise<Message> {
    const lines =
      typeof recipients === 'function' || isList(recipients)
        ? () => withHead(message, recipients)
        : withHead(message, recipients);
    const body = linesBody<MessageHead | NewRecipient>(lines, JSON.stringify, 'application/x-ndjson');
    return this.#api.transport.request(
      { method: 'POST', path: '/v1/messages', body },
      { deadlineMs: Infinity, ...options },
    );
  }

  /** 1 to 1,000 different messages, each accepted or refused on its own. Results are in the order of the messages. */
  async sendBatch(messages: readonly NewMessage[], options?: CallOptions): Promise<readonly BatchResult[]> {
    const { results } = await this.#api.post<{ results: BatchResult[] }>('/v1/messages/batch', { messages }, options);
    return results;
  }

  /** The plan, the rendered mail of the first recipient and the provider's requests; sends nothing. */
  preview(message: NewMessage, options?: CallOptions): Promise<Preview> {
    return this.#api.post('/v1/messages/preview', message, options);
  }

  get(id: string, options?: CallOptions): Promise<MessageDetail> {
    return this.#api.get(path`/v1/messages/${id}`, {}, options);
  }

  /** Newest first. */
  list(filter: QueryOf<'listMessages'> = {}, options?: CallOptions): List<MessageSummary> {
    return this.#api.list('/v1/messages', filter, options);
  }

  recipients(id: string, filter: QueryOf<'listMessageRecipients'> = {}, options?: CallOptions): List<Recipient> {
    return this.#api.list(path`/v1/messages/${id}/recipients`, filter, options);
  }

  /** Why it is where it is, and what can be done. */
  diagnosis(id: string, options?: CallOptions): Promise<Diagnosis> {
    return this.#api.get(path`/v1/messages/${id}/diagnosis`, {}, options);
  }

  /** The requests to providers, with every attempt. */
  batches(id: string, filter: QueryOf<'listMessageBatches'> = {}, options?: CallOptions): List<Batch> {
    return this.#api.list(path`/v1/messages/${id}/batches`, filter, options);
  }

  /** The timeline, oldest first. */
  events(id: string, filter: QueryOf<'listMessageEvents'> = {}, options?: CallOptions): List<GatewayEvent> {
    return this.#api.list(path`/v1/messages/${id}/events`, filter, options);
  }

  /** Lets a held message go: now, or at its `sendAt`. */
  release(id: string, options?: CallOptions): Promise<AnswerOf<'releaseMessage', 200>> {
    return this.#api.post(path`/v1/messages/${id}/release`, undefined, options);
  }

  /** Cancels what no provider has accepted. */
  cancel(id: string, options?: CallOptions): Promise<AnswerOf<'cancelMessage', 200>> {
    return this.#api.post(path`/v1/messages/${id}/cancel`, undefined, options);
  }

  /** Sends a new message to the recipients that failed. With `dryRun` only their number is returned. */
  redrive(
    id: string,
    body: Redrive & { readonly dryRun: true },
    options?: CallOptions,
  ): Promise<AnswerOf<'redriveMessage', 200>>;
  redrive(id: string, body?: Redrive, options?: CallOptions): Promise<Message>;
  redrive(id: string, body: Redrive = {}, options?: CallOptions): Promise<Message | AnswerOf<'redriveMessage', 200>> {
    return this.#api.post(path`/v1/messages/${id}/redrive`, body, options);
  }

  /**
   * Waits until every recipient is settled. `deadlineMs` is 10 minutes unless given.
   * @throws GatewayTimeout when the message is not settled by then
   */
  async waitFor(id: string, options: CallOptions = {}): Promise<MessageDetail> {
    const { deadlineMs = 600_000, signal } = options;
    const end = performance.now() + deadlineMs;
    for (let failures = 0; performance.now() < end;) {
      const message = await this.#settled(id, { ...options, deadlineMs: end - performance.now() });
      if (message !== undefined && FINAL.includes(message.status)) return message;
      failures = message === undefined ? failures + 1 : 0;
      if (failures > 0) await sleep(Math.min(backOff(failures), end - performance.now()), signal);
    }
    throw new GatewayTimeout(`message ${id} is not settled after ${deadlineMs} ms`, { sent: 'maybe' });
  }

  /** One long poll. @returns undefined after a timeout, its own or a proxy's */
  async #settled(id: string, options: CallOptions & { deadlineMs: number }): Promise<MessageDetail | undefined> {
    const { deadlineMs, timeoutMs = 30_000 } = options;
    const timeout = Math.max(1, Math.min(POLL_S, Math.floor(deadlineMs / 1000)));
    const query = { waitFor: 'final', timeout };
    try {
      return await this.#api.get(path`/v1/messages/${id}`, query, {
        ...options,
        timeoutMs: timeout * 1000 + timeoutMs,
      });
    } catch (error) {
      if (error instanceof GatewayTimeout || (error instanceof GatewayProblem && error.status === 504))
        return undefined;
      throw error;
    }
  }
}

async function* withHead(
  head: MessageHead,
  recipients: Source<NewRecipient>,
): AsyncGenerator<MessageHead | NewRecipient, void, undefined> {
  yield head;
  yield* typeof recipients === 'function' ? recipients() : recipients;
}

/** Can be read more than once. */
const isList = (source: object): boolean => Array.isArray(source) || source instanceof Set;
